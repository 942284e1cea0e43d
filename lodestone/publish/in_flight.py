"""Leads in flight: whom a changed or withdrawn sequence catches on the way, and what each of them gets from now on.

The answer is the drip's own: for each lead, `leads.drip` is asked what is next under the old definition and under
the new one. Leads are folded from their events, by one scan of the table, and only where a sequence changed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from leads.decisions import Send, Skip, Stop
from leads.enrolment import Enrolment
from leads.funnel import Funnel, Step
from leads.lead import Lead
from leads.sequence import next_of_sequence, remaining

Path = tuple[Step, ...]


@dataclass(frozen=True)
class Group:
    """Leads of one magnet who had the same mails before them, and now have other ones.

    `unconfirmed` leads of a withdrawn magnet had none yet: they waited to confirm, and no longer can.
    """

    magnet: str
    before: Path
    after: Path
    unconfirmed: bool = False

    def __hash__(self) -> int:
        """By names: a step's condition is a list, and has no hash."""
        slugs = (tuple(step.slug for step in path) for path in (self.before, self.after))
        return hash((self.magnet, *slugs))


@dataclass(frozen=True)
class Change:
    """A magnet whose sequence differs; `after` is None where the magnet is withdrawn."""

    before: Funnel
    after: Funnel | None


def changed_sequences(before: Mapping[str, Funnel], after: Mapping[str, Funnel]) -> dict[str, Change]:
    """The magnets, by slug, whose steps, times or conditions differ. A new magnet has no leads yet."""
    return {
        slug: Change(old, after.get(slug))
        for slug, old in before.items()
        if slug not in after or _untested(after[slug].steps) != _untested(old.steps)
    }


def affected(leads: Iterable[Lead], changes: Mapping[str, Change], now: datetime) -> Counter[Group]:
    """How many leads there are of each group; leads for whom nothing changes are in none."""
    return Counter(
        group
        for lead in leads
        for slug, enrolment in lead.enrolments.items()
        if slug in changes and (group := _group(lead, enrolment, changes[slug], now))
    )


def largest_first(groups: Counter[Group]) -> dict[Group, int]:
    """The groups by magnet, those of most leads first."""
    return dict(sorted(groups.items(), key=lambda each: (each[0].magnet, -each[1])))


def _group(lead: Lead, enrolment: Enrolment, change: Change, now: datetime) -> Group | None:
    if enrolment.status == "unconfirmed":
        withdrawn = change.after is None and not lead.suppression
        return Group(enrolment.magnet, (), (), unconfirmed=True) if withdrawn else None
    before = ahead(lead, enrolment, change.before, now)
    after = ahead(lead, enrolment, change.after, now) if change.after else ()
    return Group(enrolment.magnet, before, after) if before != after else None


def ahead(lead: Lead, enrolment: Enrolment, funnel: Funnel, now: datetime) -> Path:
    """The mails of the sequence that a confirmed lead may still get, in order.

    A condition is asked when its mail is due: of one that is due now the answer is known, of a later one it is open.
    """
    if enrolment.status != "confirmed" or lead.suppression:
        return ()
    decision = next_of_sequence(lead, enrolment, funnel, now)
    if isinstance(decision, Stop):
        return ()
    due = decision.send.step if isinstance(decision, Send) else decision.step
    settled = {each.send.step for each in enrolment.attempts} | {each.step for each in enrolment.skipped}
    if isinstance(decision, Skip):
        due, settled = "", settled | {due}
    steps = remaining(enrolment, funnel)
    return _untested(each for each in steps if each.slug == due or each.slug not in settled)


def _untested(steps: Iterable[Step]) -> Path:
    """The steps without the versions under test: which words a mail has changes nothing of who gets it, and when."""
    return tuple(replace(each, variants=(), metric="") for each in steps)
