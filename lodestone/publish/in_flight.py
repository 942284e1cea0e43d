"""Leads in flight: the leads whose sequence changes or is withdrawn before its end, and their further mails.

The drip itself decides: for each lead it is asked for the next step under the old definition and under the new one.
Leads are read only if a sequence changed.
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
    """Leads of one magnet with the same mails ahead before the change, and the same other ones after it.

    `unconfirmed` leads of a withdrawn magnet can no longer confirm.
    """

    magnet: str
    before: Path
    after: Path
    unconfirmed: bool = False

    def __hash__(self) -> int:
        """Hash the steps by name, because a step's condition is a list."""
        slugs = (tuple(step.slug for step in path) for path in (self.before, self.after))
        return hash((self.magnet, *slugs))


@dataclass(frozen=True)
class Change:
    """A magnet whose sequence differs; `after` is None if the magnet is withdrawn."""

    before: Funnel
    after: Funnel | None


def changed_sequences(before: Mapping[str, Funnel], after: Mapping[str, Funnel]) -> dict[str, Change]:
    """Return the magnets, by slug, whose steps, times or conditions differ. New ones have no leads yet."""
    return {
        slug: Change(old, after.get(slug))
        for slug, old in before.items()
        if slug not in after or _without_tests(after[slug].steps) != _without_tests(old.steps)
    }


def affected(leads: Iterable[Lead], changes: Mapping[str, Change], now: datetime) -> Counter[Group]:
    """Count the leads of each group. A lead for whom nothing changes is in none."""
    return Counter(
        group
        for lead in leads
        for slug, enrolment in lead.enrolments.items()
        if slug in changes and (group := _group(lead, enrolment, changes[slug], now))
    )


def largest_first(groups: Counter[Group]) -> dict[Group, int]:
    """Sort the groups by magnet, then by the number of leads, the largest first."""
    return dict(sorted(groups.items(), key=lambda each: (each[0].magnet, -each[1])))


def _group(lead: Lead, enrolment: Enrolment, change: Change, now: datetime) -> Group | None:
    if enrolment.status == "unconfirmed":
        withdrawn = change.after is None and not lead.suppression
        return Group(enrolment.magnet, (), (), unconfirmed=True) if withdrawn else None
    before = ahead(lead, enrolment, change.before, now)
    after = ahead(lead, enrolment, change.after, now) if change.after else ()
    return Group(enrolment.magnet, before, after) if before != after else None


def ahead(lead: Lead, enrolment: Enrolment, funnel: Funnel, now: datetime) -> Path:
    """Return the steps of the sequence that a confirmed lead may still get, in order.

    A condition is evaluated when its mail is due, so only the step that is due now is left out for its condition.
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
    return _without_tests(each for each in steps if each.slug == due or each.slug not in settled)


def _without_tests(steps: Iterable[Step]) -> Path:
    """Return the steps without their split tests, which change neither who gets a mail nor when."""
    return tuple(replace(each, variants=(), metric="") for each in steps)
