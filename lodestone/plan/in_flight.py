"""Leads in flight, as a plan counts them: who waits for which mail, from when on, under both editions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from leads.events import Event
from leads.folding import fold
from leads.funnel import Funnel
from leads.lead import Lead
from leads.rules import DEFAULT
from lodestone.forecast.forecast import Expected, next_mail
from lodestone.publish.in_flight import Change, Group, affected

Funnels = Mapping[str, Funnel]
#: Magnet and step.
Name = tuple[str, str]


@dataclass
class InFlight:
    """How many leads get a step next, the first of them when, and for how many that is another time than before.

    `groups` are those whose further way differs, as `publish` tells of them.
    """

    waiting: Counter[Name] = field(default_factory=Counter)
    first: dict[Name, datetime] = field(default_factory=dict)
    shifted: Counter[Name] = field(default_factory=Counter)
    groups: Counter[Group] = field(default_factory=Counter)

    def note(self, mail: Expected | None, before: Expected | None) -> None:
        """One lead's next mail, and what it was in the edition before."""
        if mail is None or mail.at is None:
            return
        name = mail.magnet, mail.step
        self.waiting[name] += 1
        self.first[name] = min(mail.at, self.first.get(name, mail.at))
        if before and before.step == mail.step and before.at != mail.at:
            self.shifted[name] += 1

    def add(self, other: "InFlight") -> None:
        """Count the leads of another part of the table in."""
        self.waiting += other.waiting
        self.shifted += other.shifted
        self.groups += other.groups
        for name, at in other.first.items():
            self.first[name] = min(at, self.first.get(name, at))


def count_in_flight(
    histories: Iterable[tuple[str, list[Event]]],
    before: Funnels,
    after: Funnels,
    changes: Mapping[str, Change],
    now: datetime,
) -> InFlight:
    """Ask the drip for each lead what comes next: by the definitions before, and by those after."""
    found = InFlight()
    for lead_id, history in histories:
        lead = fold(lead_id, history, DEFAULT)
        found.groups += affected([lead], changes, now)
        for magnet in _on_the_way(lead, after):
            new = next_mail(lead_id, history, after, magnet, now)
            same = all(before.get(slug) == after.get(slug) for slug in lead.enrolments)
            found.note(new, new if same else next_mail(lead_id, history, before, magnet, now))
    return found


def _on_the_way(lead: Lead, funnels: Funnels) -> list[str]:
    return [
        slug
        for slug, each in lead.enrolments.items()
        if slug in funnels and each.status == "confirmed" and not each.finished_at
    ]
