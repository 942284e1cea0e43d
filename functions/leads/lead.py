"""A lead is the fold of its events: `fold(events) -> Lead`, the same for any order and any repetition of them.

Nothing here is stored as truth. The profile item in the table is a copy of this fold, thrown away and made
again whenever a rule changes, and "why is this lead hot?" is answered by the events themselves.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from leads import enrolment as enrolments
from leads.enrolment import Enrolment
from leads.events import Event
from leads.instants import iso
from leads.rules import DEFAULT, Rules

#: The order of facts that carry the same instant: cause before effect.
_RANK = ("imported", "submitted", "confirmed", "claimed", "mailed", "failed")


@dataclass(frozen=True, slots=True)
class Suppression:
    """Never mail again, and why: `unsubscribed`, `bounced` or `complained`. Only the first has a way back."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lead:
    """The person, as all of their events tell. Times are aware and UTC."""

    id: str
    email: str = ""
    phone: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)  # the latest to each question
    proven: bool = False  # a button in a mail to this address was pressed
    time_zone: str = ""
    created_at: datetime | None = None
    last_event_at: datetime | None = None
    enrolments: Mapping[str, Enrolment] = field(default_factory=dict)
    suppression: Suppression | None = None
    soft_bounces: int = 0  # in a row
    first_touch: Mapping[str, str] = field(default_factory=dict)
    last_touch: Mapping[str, str] = field(default_factory=dict)
    score: int = 0
    stage: str = "visitor"
    version: int = 0  # how many events: a later fold has more


def fold(lead_id: str, events: Iterable[Event], rules: Rules = DEFAULT) -> Lead:
    """The lead that these events make. An event of an unknown type counts, and changes nothing else."""
    ordered = sorted({event.key: event for event in events}.values(), key=_order)
    lead = Lead(lead_id)
    for event in ordered:
        lead = _seen(_APPLY.get(event.type, _nothing)(lead, event, rules), event, rules)
    return replace(lead, stage=stage(lead, rules))


def stage(lead: Lead, rules: Rules) -> str:
    """The lifecycle stage: where the lead stands between a first visit and a purchase."""
    if not lead.version:
        return "visitor"
    if not any(each.confirmed_at for each in lead.enrolments.values()):
        return "lead"
    if lead.score >= rules.hot:
        return "hot"
    return "warm" if lead.score >= rules.warm else "cold"


def _order(event: Event) -> tuple:
    rank = _RANK.index(event.type) if event.type in _RANK else len(_RANK)
    return event.at, rank, event.key


def _seen(lead: Lead, event: Event, rules: Rules) -> Lead:
    by_machine = event.data.get("by") == "machine"
    return replace(
        lead,
        created_at=lead.created_at or event.at,
        last_event_at=event.at,
        version=lead.version + 1,
        score=lead.score + (0 if by_machine else rules.points.get(event.type, 0)),
    )


def _nothing(lead: Lead, event: Event, rules: Rules) -> Lead:
    return lead


def _submitted(lead: Lead, event: Event, rules: Rules) -> Lead:
    data, touch = event.data, event.data.get("touch") or {}
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    if not _asked_too_often(lead, event.at, rules):
        proof_needed = lead.suppression is not None
        lead = _enrolled(lead, enrolments.ask(current, event, rules, proof_needed))
    # Whoever knows an address can send a form with it. Once the person has proven that it is theirs, what a
    # form says of them counts only when they confirm it: nobody else puts words into their mails.
    lead = lead if lead.proven else _told(lead, data)
    return replace(
        lead,
        email=data.get("email") or lead.email,
        first_touch=lead.first_touch or touch,
        last_touch=touch or lead.last_touch,
    )


def _told(lead: Lead, data: Mapping[str, Any]) -> Lead:
    """What a form says of the lead."""
    return replace(
        lead,
        phone=data.get("phone") or lead.phone,
        answers={**lead.answers, **(data.get("answers") or {})},
        time_zone=data.get("time_zone") or lead.time_zone,
    )


def _asked_too_often(lead: Lead, at: datetime, rules: Rules) -> bool:
    """Over all magnets, so that many forms bomb a mailbox no better than one."""
    asks = (ask for each in lead.enrolments.values() for ask in each.asks)
    return sum(1 for ask in asks if at - ask.at < timedelta(days=1)) >= rules.asks_a_day_in_all


def _confirmed(lead: Lead, event: Event, rules: Rules) -> Lead:
    current = lead.enrolments.get(event.magnet)
    if current is None or not enrolments.may_confirm(current, event.data["ask"]):
        return lead
    lifted = lead.suppression and lead.suppression.reason == "unsubscribed"
    lead = replace(lead, suppression=None) if lifted else lead
    told = current.asks[event.data["ask"] - 1].told
    return _enrolled(replace(_told(lead, told), proven=True), enrolments.confirm(current, event))


def _unsubscribed(lead: Lead, event: Event, rules: Rules) -> Lead:
    ended = {slug: enrolments.end(each, event.at) for slug, each in lead.enrolments.items()}
    suppression = lead.suppression or Suppression("unsubscribed", event.at)
    return replace(lead, enrolments=ended, suppression=suppression)


def _bounced(lead: Lead, event: Event, rules: Rules) -> Lead:
    lead = _of_send(lead, event, rules)
    if event.data.get("kind") != "hard":
        lead = replace(lead, soft_bounces=lead.soft_bounces + 1)
        if lead.soft_bounces < rules.soft_bounces_in_a_row:
            return lead
    return replace(lead, suppression=_final(lead, "bounced", event.at))


def _complained(lead: Lead, event: Event, rules: Rules) -> Lead:
    return replace(_of_send(lead, event, rules), suppression=_final(lead, "complained", event.at))


def _delivered(lead: Lead, event: Event, rules: Rules) -> Lead:
    return replace(_of_send(lead, event, rules), soft_bounces=0)


def _final(lead: Lead, reason: str, at: datetime) -> Suppression:
    known = lead.suppression
    return known if known and known.reason != "unsubscribed" else Suppression(reason, at)


def _of_send(lead: Lead, event: Event, rules: Rules) -> Lead:
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    return _enrolled(lead, enrolments.record(current, event))


def _finished(lead: Lead, event: Event, rules: Rules) -> Lead:
    current = lead.enrolments.get(event.magnet)
    return lead if current is None else _enrolled(lead, replace(current, finished_at=event.at))


def _enrolled(lead: Lead, enrolment: Enrolment) -> Lead:
    return replace(lead, enrolments={**lead.enrolments, enrolment.magnet: enrolment})


_APPLY: Mapping[str, Callable[[Lead, Event, Rules], Lead]] = {
    "submitted": _submitted,
    "confirmed": _confirmed,
    "unsubscribed": _unsubscribed,
    "claimed": _of_send,
    "mailed": _of_send,
    "failed": _of_send,
    "delivered": _delivered,
    "bounced": _bounced,
    "complained": _complained,
    "finished": _finished,
}


def to_json(lead: Lead) -> dict[str, Any]:
    """The lead as plain JSON, for people."""
    return {
        "id": lead.id,
        **_person(lead),
        "enrolments": {slug: enrolments.to_json(each) for slug, each in lead.enrolments.items()},
        "version": lead.version,
    }


def to_profile(lead: Lead) -> dict[str, Any]:
    """The lead as the profile item holds it: enough for lists and counts; the rest is in the events."""
    person = {name: value for name, value in _person(lead).items() if value}
    return person | {
        "enrolments": {slug: enrolments.to_profile(each) for slug, each in lead.enrolments.items()}
    }


def _person(lead: Lead) -> dict[str, Any]:
    suppression = lead.suppression
    return {
        "email": lead.email,
        "phone": lead.phone,
        "answers": dict(lead.answers),
        "time_zone": lead.time_zone,
        "created_at": iso(lead.created_at),
        "last_event_at": iso(lead.last_event_at),
        "stage": lead.stage,
        "score": lead.score,
        "suppression": suppression and {"reason": suppression.reason, "at": iso(suppression.at)},
        "first_touch": dict(lead.first_touch),
        "last_touch": dict(lead.last_touch),
    }
