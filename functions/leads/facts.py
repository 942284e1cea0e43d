"""What conditions may know of a lead: what they told, where they came from, what they did."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.conditions import HERE, JOINED
from leads.enrolment import Enrolment
from leads.lead import Activity, Lead

#: Outcomes of an attempt after which the mail counts as sent.
SENT = frozenset({"mailed", "delayed", "delivered", "complained", "not_spam"})


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """The facts of one lead, from where one of their magnets stands (`leads.conditions.Facts`)."""

    lead: Lead
    magnet: str

    def value(self, fact: str) -> str:
        """`form.<field>`, `first.<key>` and `last.<key>` (`leads.attribution`), or a fact of `_OF_LEAD`."""
        source, _, key = fact.partition(".")
        if source == "lead":
            return _OF_LEAD.get(key, _unknown)(self.lead)
        held: Mapping[str, Mapping[str, Any]] = {
            "form": self.lead.answers,
            "first": self.lead.first_touch,
            "last": self.lead.last_touch,
        }
        known = held.get(source, {}).get(key)
        return "" if known is None else str(known)

    def activities(self, type: str, scope: str) -> Iterable[Activity]:
        """What the lead did, and, as `mailed`, what they were sent. One without a magnet is of none: not `HERE`."""
        done = _mails(self.lead.enrolments.values()) if type == "mailed" else self.lead.activities
        since = self._joined_at() if scope == JOINED else None
        for each in done:
            elsewhere = scope == HERE and each.magnet != self.magnet
            if each.type == type and not elsewhere and (since is None or each.at >= since):
                yield each

    def _joined_at(self) -> datetime | None:
        """When the lead sent the form that opened the sequence, else the one they sent last."""
        enrolment = self.lead.enrolments.get(self.magnet)
        if enrolment is None or not enrolment.asks:
            return None
        return enrolment.asks[enrolment.confirmed_ask - 1].at


def facts_of(lead: Lead, magnet: str) -> LeadFacts:
    """What conditions of this magnet may know of the lead."""
    return LeadFacts(lead, magnet)


def _mails(enrolments: Iterable[Enrolment]) -> Iterable[Activity]:
    return (
        Activity("mailed", attempt.at, enrolment.magnet, {"step": attempt.send.step})
        for enrolment in enrolments
        for attempt in enrolment.attempts
        if attempt.outcome in SENT
    )


def _unknown(lead: Lead) -> str:
    return ""


_OF_LEAD: Mapping[str, Callable[[Lead], str]] = {
    "email": lambda lead: lead.email,
    "email.domain": lambda lead: lead.email.rpartition("@")[2],
    "phone": lambda lead: lead.phone,
    "stage": lambda lead: lead.stage,
    "score": lambda lead: str(lead.score),
    "time_zone": lambda lead: lead.time_zone,
}
