"""Leads in flight, as a plan counts them: how many wait for which mail, and from when on."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from leads.funnel import Funnel
from leads.lead import Lead
from lodestone.forecast.forecast import Expected, next_mail
from lodestone.publish.in_flight import Change, Group, affected
from lodestone.records.stored_lead import StoredLead

Funnels = Mapping[str, Funnel]
#: Magnet and step.
Name = tuple[str, str]


@dataclass
class InFlight:
    """By step: how many leads get its mail next, when the first of them gets it, and for how many that time changes.

    `groups` are the leads whose further mails differ, as `publish` reports them.
    """

    waiting: Counter[Name] = field(default_factory=Counter)
    first: dict[Name, datetime] = field(default_factory=dict)
    shifted: Counter[Name] = field(default_factory=Counter)
    groups: Counter[Group] = field(default_factory=Counter)

    def note(self, mail: Expected | None, before: Expected | None) -> None:
        """Count a lead's next mail; `before` is their next mail by the definitions before."""
        if mail is None or mail.at is None:
            return
        name = mail.magnet, mail.step
        self.waiting[name] += 1
        self.first[name] = min(mail.at, self.first.get(name, mail.at))
        if before and before.step == mail.step and before.at != mail.at:
            self.shifted[name] += 1


def count_in_flight(
    leads: Iterable[StoredLead],
    before: Funnels,
    after: Funnels,
    changes: Mapping[str, Change],
    now: datetime,
) -> InFlight:
    """Ask the drip for each lead's next mail, by the definitions before and by those after."""
    found = InFlight()
    for stored in leads:
        lead = stored.lead
        found.groups += affected([lead], changes, now)
        for magnet in _on_the_way(lead, after):
            new = next_mail(stored, after, magnet, now)
            same = all(before.get(slug) == after.get(slug) for slug in lead.enrolments)
            found.note(new, new if same else next_mail(stored, before, magnet, now))
    return found


def _on_the_way(lead: Lead, funnels: Funnels) -> list[str]:
    return [
        slug
        for slug, each in lead.enrolments.items()
        if slug in funnels and each.status == "confirmed" and not each.finished_at
    ]
