"""A lead is the fold of its events: `fold(events) -> Lead`, the same for any order and any repetition of them.

Nothing here is stored as truth. The profile item in the table is a copy of this fold, thrown away and made
again whenever a rule changes, and "why is this lead hot?" is answered by the events themselves.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from leads import enrolment as enrolments
from leads.enrolment import Enrolment
from leads.events import GOALS, Event, send_of
from leads.lead import WAY_BACK, Activity, Lead, Suppression, stage
from leads.rules import DEFAULT, Rules
from leads.scanners import machine_clicks

#: The order of facts that carry the same instant: cause before effect.
_RANK = ("imported", "submitted", "confirmed", "claimed", "mailed", "failed")

#: What a lead does that conditions may ask about. Other kinds of magnet bring more.
ACTIVITIES = frozenset({"downloaded", "clicked", "called", *GOALS.values()})
#: What shows that somebody is there.
SIGNS = ACTIVITIES | {"confirmed", "stayed", "preferred", "corrected", "data_requested", "unsubscribed"}


def fold(lead_id: str, events: Iterable[Event], rules: Rules = DEFAULT) -> Lead:
    """The lead that these events make. An event of an unknown type counts, and changes nothing else."""
    ordered = in_order(events)
    machines = machine_clicks(ordered)
    lead = Lead(lead_id)
    for event in ordered:
        lead = _APPLY.get(event.type, _nothing)(lead, event, rules)
        lead = _seen(lead, event, rules, by_machine=event.key in machines)
    return replace(lead, stage=stage(lead, rules))


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events as they happened, cause before effect, each once."""
    return sorted({event.key: event for event in events}.values(), key=_order)


def _order(event: Event) -> tuple:
    rank = _RANK.index(event.type) if event.type in _RANK else len(_RANK)
    return event.at, rank, event.key


def _seen(lead: Lead, event: Event, rules: Rules, by_machine: bool) -> Lead:
    """What every event changes, in one copy of the lead: a fold is made for each mail and each page."""
    lived = _machined if by_machine or event.data.get("by") == "machine" else _lived
    return replace(
        lead,
        created_at=lead.created_at or event.at,
        last_event_at=event.at,
        version=lead.version + 1,
        **lived(lead, event, rules),
    )


def _lived(lead: Lead, event: Event, rules: Rules) -> dict[str, Any]:
    """What the person behind the address did, for score, conditions and the question whether they are still there."""
    changes: dict[str, Any] = {}
    if event.type in rules.points:
        changes["score"] = lead.score + rules.points[event.type]
    if event.type in ACTIVITIES:
        changes["activities"] = (*lead.activities, _activity(event))
    if event.type in SIGNS:
        changes["last_sign"] = event.at
    return changes


def _machined(lead: Lead, event: Event, rules: Rules) -> dict[str, Any]:
    return (
        {"machine_activities": (*lead.machine_activities, _activity(event))}
        if event.type in ACTIVITIES
        else {}
    )


def _activity(event: Event) -> Activity:
    return Activity(event.type, event.at, event.magnet, event.data)


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
    ask = current.asks[event.data["ask"] - 1]
    known = lead.suppression
    if known and known.reason in WAY_BACK and ask.at > known.at:
        lead = replace(lead, suppression=None, soft_bounces=0)
    told = ask.told
    return _enrolled(replace(_told(lead, told), proven=True), enrolments.confirm(current, event))


def _unsubscribed(lead: Lead, event: Event, rules: Rules) -> Lead:
    if event.data.get("scope") == "sequence":
        current = lead.enrolments.get(event.magnet)
        return _enrolled(lead, enrolments.end(current, event.at)) if current else lead
    ended = {slug: enrolments.end(each, event.at) for slug, each in lead.enrolments.items()}
    known = lead.suppression
    # A mailbox that is full today may work tomorrow; what its reader said holds all the same.
    stronger = known if known and known.reason != "unreachable" else None
    return replace(lead, enrolments=ended, suppression=stronger or Suppression("unsubscribed", event.at))


def _bounced(lead: Lead, event: Event, rules: Rules) -> Lead:
    before, lead = lead, _of_send(lead, event, rules)
    if event.data.get("kind") == "hard":
        return _suppressed(lead, "bounced", event.at)
    if event.data.get("kind") == "mail" or _came_back(before, event):
        return lead  # what was wrong with one mail says nothing of the address, and twice no more than once
    lead = replace(lead, soft_bounces=lead.soft_bounces + 1)
    if lead.soft_bounces < rules.soft_bounces_in_a_row:
        return lead
    return replace(lead, suppression=lead.suppression or Suppression("unreachable", event.at))


def _came_back(lead: Lead, event: Event) -> bool:
    """Whether the mail that an event speaks of had bounced before."""
    current = lead.enrolments.get(event.magnet, Enrolment(event.magnet))
    return any(each.send == send_of(event) and each.outcome == "bounced" for each in current.attempts)


def _complained(lead: Lead, event: Event, rules: Rules) -> Lead:
    return _suppressed(_of_send(lead, event, rules), "complained", event.at)


def _not_spam(lead: Lead, event: Event, rules: Rules) -> Lead:
    """The reader, or their provider, took the complaint back."""
    return _lifted(_of_send(lead, event, rules), "complained")


def _readmitted(lead: Lead, event: Event, rules: Rules) -> Lead:
    return replace(_lifted(lead, "bounced", "complained", "unreachable"), soft_bounces=0)


def _delivered(lead: Lead, event: Event, rules: Rules) -> Lead:
    return replace(_of_send(lead, event, rules), soft_bounces=0)


def _suppressed(lead: Lead, reason: str, at: datetime) -> Lead:
    """For good: over a suppression that has a way back, never over an earlier final one."""
    known = lead.suppression
    return (
        lead if known and known.reason not in WAY_BACK else replace(lead, suppression=Suppression(reason, at))
    )


def _lifted(lead: Lead, *reasons: str) -> Lead:
    known = lead.suppression
    return replace(lead, suppression=None) if known and known.reason in reasons else lead


def _of_send(lead: Lead, event: Event, rules: Rules) -> Lead:
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    if lead.erased_at and event.type != "claimed" and not enrolments.knows(current, event):
        return lead  # a report of a mail whose record is gone says nothing of those that come after
    return _enrolled(lead, enrolments.record(current, event))


def _preferred(lead: Lead, event: Event, rules: Rules) -> Lead:
    return replace(lead, weekly=event.data.get("frequency") == "weekly")


def _corrected(lead: Lead, event: Event, rules: Rules) -> Lead:
    """What they say by the link in a mail counts at once, and that an answer is to go."""
    data = event.data
    told = replace(_told(lead, data), phone=data.get("phone", lead.phone), proven=True)
    return replace(told, answers={name: value for name, value in told.answers.items() if value})


def _erased(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Whatever came before is no more, also while some of it still waits to be deleted.

    A bounce or a complaint outlives it: the address may come back, and must not be mailed all the same.
    """
    known = lead.suppression
    final = known if known and known.reason not in WAY_BACK else None
    suppression = final or Suppression(event.data.get("suppression", "erased"), event.at)
    # No fold of what was known before may take the place of this one, however many events it had.
    version = int(event.at.timestamp())
    return Lead(lead.id, suppression=suppression, erased_at=event.at, version=version)


def _data_requested(lead: Lead, event: Event, rules: Rules) -> Lead:
    current = lead.enrolments.get(event.magnet)
    return _enrolled(lead, enrolments.request(current, event.at, rules)) if current else lead


def _skipped(lead: Lead, event: Event, rules: Rules) -> Lead:
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    return _enrolled(lead, enrolments.skip(current, event))


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
    "not_spam": _not_spam,
    "rejected": _of_send,
    "unrendered": _of_send,
    "delayed": _of_send,
    "skipped": _skipped,
    "finished": _finished,
    "preferred": _preferred,
    "corrected": _corrected,
    "data_requested": _data_requested,
    "readmitted": _readmitted,
    "erased": _erased,
}
