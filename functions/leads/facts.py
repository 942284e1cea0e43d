"""What conditions may know of a lead: what they told, where they came from, what they did."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.conditions import HERE, JOINED
from leads.enrolment import Enrolment
from leads.event_table import EVENT_TYPES
from leads.events import Event
from leads.feature import Enrolled
from leads.features import FEATURES
from leads.funnel import Funnel
from leads.lead import Activity, Lead

#: Outcomes of an attempt after which the mail counts as sent.
SENT = frozenset({"mailed", "delayed", "delivered", "complained", "not_spam"})


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """The facts of one lead, as conditions of one of their magnets know them (`leads.conditions.Facts`)."""

    lead: Lead
    funnel: Funnel

    def value(self, fact: str) -> str | None:
        """A fact as text, "" if the lead has none; None if this version does not know such a fact.

        `form.<field>` (an answer to this magnet's form), `first.<key>` and `last.<key>` (`leads.attribution`),
        `lead.<name>` (`_OF_LEAD`), or `<feature>.<name>`.
        """
        source, _, key = fact.partition(".")
        if source == "lead":
            return _OF_LEAD[key](self.lead) if key in _OF_LEAD else None
        if source in FEATURES:
            return self._of_feature(source, key)
        held: Mapping[str, Mapping[str, Any]] = {
            "form": self._enrolment.answers,
            "first": self.lead.first_touch,
            "last": self.lead.last_touch,
        }
        if source not in held:
            return None
        known = held[source].get(key)
        return "" if known is None else str(known)

    def _of_feature(self, feature: str, name: str) -> str:
        if feature not in self.funnel.features:
            return ""
        return FEATURES[feature].facts(Enrolled(self.lead, self._enrolment, self.funnel)).get(name, "")

    @property
    def _enrolment(self) -> Enrolment:
        return self.lead.enrolments.get(self.funnel.slug) or Enrolment(self.funnel.slug)

    def activities(self, type: str, scope: str) -> Iterable[Activity] | None:
        """What the lead did, and, as `mailed`, their mails; None if this version does not know the type.

        `HERE` excludes activities without a magnet.
        """
        return self._activities(type, scope) if type == "mailed" or type in EVENT_TYPES else None

    def _activities(self, type: str, scope: str) -> Iterable[Activity]:
        done = _mails(self.lead.enrolments.values()) if type == "mailed" else self.lead.activities
        since = self._joined_at() if scope == JOINED else None
        for each in done:
            elsewhere = scope == HERE and each.magnet != self.funnel.slug
            if each.type == type and not elsewhere and (since is None or each.at >= since):
                yield each

    def _joined_at(self) -> datetime | None:
        """When the lead sent the form that opened the sequence, else the one they sent last."""
        enrolment = self._enrolment
        return enrolment.asks[enrolment.confirmed_ask - 1].at if enrolment.asks else None


def facts_of(lead: Lead, funnel: Funnel) -> LeadFacts:
    """The facts of the lead for this magnet's conditions."""
    return LeadFacts(lead, funnel)


def dates_of(lead: Lead, enrolment: Enrolment, funnel: Funnel) -> Mapping[str, str]:
    """The dates of this lead that mails of the magnet may count from: their answers, and what its features set."""
    dates = dict(enrolment.answers)
    enrolled = Enrolled(lead, enrolment, funnel)
    for key in funnel.features:
        if key in FEATURES:
            dates |= FEATURES[key].dates(enrolled)
    return dates


def rows_of_features(enrolled: Enrolled) -> list[tuple[str, str]]:
    """What the features of a magnet tell people of an enrolment: name and value of each row."""
    features = (FEATURES[key] for key in enrolled.funnel.features if key in FEATURES)
    return [row for each in features for row in each.told(enrolled)]


def events_that_follow(enrolled: Enrolled) -> tuple[Event, ...]:
    """The events that the features of a magnet find missing (`Feature.follows`)."""
    features = (FEATURES[key] for key in enrolled.funnel.features if key in FEATURES)
    return tuple(event for each in features for event in each.follows(enrolled))


def rows_of_lead(lead: Lead, funnels: Mapping[str, Funnel | None]) -> list[tuple[str, str]]:
    """The same of all their enrolments. `funnels` are the definitions of their magnets."""
    known = ((each, funnels.get(slug)) for slug, each in lead.enrolments.items())
    return [row for each, funnel in known if funnel for row in rows_of_features(Enrolled(lead, each, funnel))]


def _mails(enrolments: Iterable[Enrolment]) -> Iterable[Activity]:
    return (
        Activity("mailed", attempt.at, enrolment.magnet, {"step": attempt.send.step})
        for enrolment in enrolments
        for attempt in enrolment.attempts
        if attempt.outcome in SENT
    )


_OF_LEAD: Mapping[str, Callable[[Lead], str]] = {
    "email": lambda lead: lead.email,
    "email.domain": lambda lead: lead.email.rpartition("@")[2],
    "phone": lambda lead: lead.phone,
    "stage": lambda lead: lead.stage,
    "score": lambda lead: str(lead.score),
    "time_zone": lambda lead: lead.time_zone,
}
