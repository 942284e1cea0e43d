"""A sequence as an invented lead gets it: one lane for all, one more for each branch."""

from dataclasses import dataclass, replace
from datetime import datetime

from leads.conditions import describe
from leads.funnel import Condition, Funnel
from leads.timing import CONFIRMED, lacking
from lodestone.forecast.forecast import Expected, Suppose, after_delivery, forecast, invented_lead

#: A condition that no version knows: it never holds.
_NEVER: Condition = ["never"]


@dataclass(frozen=True)
class Lane:
    """The mails on one path through a sequence. `branch` is "" for the path that takes no branch.

    The lane of a branch begins with its first mail, because the mails before it are the same for everybody.
    """

    branch: str
    condition: str
    mails: tuple[Expected, ...]


@dataclass(frozen=True)
class Outline:
    """A sequence in time, from `confirmed` on."""

    funnel: Funnel
    confirmed: datetime
    lanes: tuple[Lane, ...]

    def find(self, step: str) -> Expected | None:
        """Return a step's mail, on the first lane on which it goes out; None if no lane has it."""
        found = [mail for lane in self.lanes for mail in lane.mails if mail.step == step]
        return next((mail for mail in found if mail.at), found[-1] if found else None)


def outline(funnel: Funnel, confirmed: datetime) -> Outline:
    """Lay a sequence out for a lead of whom nothing is known but the instant at which they confirm."""
    names = [name for name in funnel.branches if any(step.branch == name for step in funnel.steps)]
    lanes = (Lane("", "", _mails(funnel, "", confirmed)), *(_lane(funnel, each, confirmed) for each in names))
    return Outline(funnel, confirmed, lanes)


def _lane(funnel: Funnel, branch: str, confirmed: datetime) -> Lane:
    mails = _mails(funnel, branch, confirmed)
    own = {step.slug for step in funnel.steps if step.branch == branch}
    start = next((n for n, mail in enumerate(mails) if mail.step in own), len(mails))
    told = tuple(mail for mail in mails[start:] if mail.at or mail.step in own)
    return Lane(branch, describe(funnel.branches[branch]), told)


def _mails(funnel: Funnel, branch: str, confirmed: datetime) -> tuple[Expected, ...]:
    """Forecast the mails on one path, without those of other branches."""
    others = {name: _NEVER for name in funnel.branches if name != branch}
    steps = tuple(step for step in funnel.steps if step.branch in ("", branch))
    narrowed = replace(funnel, branches=others, steps=steps)
    suppose = Suppose(confirms=True, answers=False)
    found = forecast(invented_lead(narrowed, confirmed), {narrowed.slug: narrowed}, confirmed, suppose)
    return tuple(_told(mail, narrowed) for mail in after_delivery(found.of(narrowed.slug)))


def _told(mail: Expected, funnel: Funnel) -> Expected:
    """Explain a mail that has no instant because it depends on a date of the lead's own."""
    anchor = next((step.anchor for step in funnel.steps if step.slug == mail.step), "")
    theirs = anchor and anchor not in (*funnel.dates, CONFIRMED) and mail.why_not == lacking(anchor)
    return replace(mail, why_not=f"by their `{anchor}`") if theirs and mail.at is None else mail
