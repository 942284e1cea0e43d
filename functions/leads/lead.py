"""The person, as all of their events tell: what `leads.folding.fold` makes of a partition's events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from leads.enrolment import Enrolment
from leads.rules import Rules


@dataclass(frozen=True, slots=True)
class Suppression:
    """Never mail again, and why: a reason of `WAY_BACK`, or `bounced` (hard) or `complained`."""

    reason: str
    at: datetime


#: Whoever was suppressed for one of these comes back by asking again and confirming it. A bounce or a complaint is
#: lifted by the owner (`readmitted`) alone, or by the mailbox provider that takes a complaint back (`not_spam`).
WAY_BACK = frozenset({"unsubscribed", "unreachable", "erased"})


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that the lead did, as far as we can tell a person from a machine; `detail` is the event's data."""

    type: str
    at: datetime
    magnet: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lead:
    """The person, as all of their events tell. Times are aware and UTC."""

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
    machine_activities: tuple[
        Activity, ...
    ] = ()  # what scanners did in their name: it says nothing of the person
    last_sign: datetime | None = None  # of life: when a person last did anything
    weekly: bool = False  # they asked for one mail a week at most
    erased_at: datetime | None = None
    first_touch: Mapping[str, str] = field(default_factory=dict)
    last_touch: Mapping[str, str] = field(default_factory=dict)
    score: int = 0
    stage: str = "visitor"
    version: int = 0  # how many events, from an erasure on counted from its instant: a later fold has more

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
