"""The lead: a person's state, as `leads.folding.fold` makes it from their events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from leads.enrolment import Enrolment
from leads.rules import Rules


@dataclass(frozen=True, slots=True)
class Suppression:
    """The lead is not mailed, and why: a reason of `WAY_BACK`, or `bounced` (hard) or `complained`."""

    reason: str
    at: datetime


#: Reasons of a suppression that the lead lifts by sending a form again and confirming it. Only the owner
#: lifts a bounce or a complaint (`readmitted`), or a mailbox provider that takes its complaint back
#: (`not_spam`).
WAY_BACK = frozenset({"unsubscribed", "unreachable", "erased"})


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that the lead did, or a machine in their name. `detail` is the event's data."""

    type: str
    at: datetime
    magnet: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lead:
    """The lead's state by all of their events. Instants are aware and UTC."""

    id: str
    email: str = ""
    phone: str = ""
    proven: bool = False  # a button in a mail to this address was pressed
    time_zone: str = ""
    created_at: datetime | None = None
    last_event_at: datetime | None = None
    enrolments: Mapping[str, Enrolment] = field(default_factory=dict)
    suppression: Suppression | None = None
    soft_bounces: int = 0  # in a row
    activities: tuple[Activity, ...] = ()
    machine_activities: tuple[Activity, ...] = ()  # done by mail scanners, not by the lead
    last_sign: datetime | None = None  # when a person last did anything (sign of life)
    weekly: bool = False  # they asked for one mail a week at most
    erased_at: datetime | None = None
    first_touch: Mapping[str, str] = field(default_factory=dict)
    last_touch: Mapping[str, str] = field(default_factory=dict)
    score: int = 0
    stage: str = "visitor"
    version: int = 0  # number of events, plus the Unix time of an erasure: a later fold has more

    def with_enrolment(self, enrolment: Enrolment) -> "Lead":
        """The lead with another state of one enrolment."""
        return replace(self, enrolments={**self.enrolments, enrolment.magnet: enrolment})


def stage(lead: Lead, rules: Rules) -> str:
    """The lifecycle stage: where the lead stands between a first visit and a purchase."""
    if not lead.version:
        return "visitor"
    if not any(each.confirmed_at for each in lead.enrolments.values()):
        return "lead"
    if lead.score >= rules.hot:
        return "hot"
    return "warm" if lead.score >= rules.warm else "cold"
