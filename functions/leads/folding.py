"""A lead is the fold of its events: `fold(events) -> Lead`, the same for any order and any repetition of them.

Nothing here is stored as truth. The profile item in the table is a copy of this fold, thrown away and made
again whenever a rule changes, and "why is this lead hot?" is answered by the events themselves. What an event type
means stands in its row (`leads.event_table`).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from leads.event_table import EVENT_TYPES
from leads.event_types import EventType, says
from leads.events import Event
from leads.lead import Activity, Lead, stage
from leads.rules import Rules
from leads.scanners import machine_clicks

#: Stands in for a type that this version does not know: the event counts, and changes nothing.
_UNKNOWN = EventType("", says(""))


def fold(lead_id: str, events: Iterable[Event], rules: Rules) -> Lead:
    """The lead that these events make. An event of an unknown type counts, and changes nothing else."""
    ordered = in_order(events)
    machines = machine_clicks(ordered)
    lead = Lead(lead_id)
    for event in ordered:
        row = EVENT_TYPES.get(event.type, _UNKNOWN)
        lead = row.change(lead, event, rules)
        by_machine = event.key in machines or event.data.get("by") == "machine"
        lead = _counted(lead, event, row, rules, by_machine)
    return replace(lead, stage=stage(lead, rules))


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events as they happened, cause before effect, each once."""
    return sorted({event.key: event for event in events}.values(), key=_order)


def _order(event: Event) -> tuple[datetime, int, str]:
    return event.at, EVENT_TYPES.get(event.type, _UNKNOWN).order, event.key


def _counted(lead: Lead, event: Event, row: EventType, rules: Rules, by_machine: bool) -> Lead:
    """What every event changes, in one copy of the lead: a fold is made for each mail and each page."""
    changes = _by_machine(lead, event, row) if by_machine else _by_person(lead, event, row, rules)
    return replace(
        lead,
        created_at=lead.created_at or event.at,
        last_event_at=event.at,
        version=lead.version + 1,
        **changes,
    )


def _by_person(lead: Lead, event: Event, row: EventType, rules: Rules) -> dict[str, Any]:
    """What the person behind the address did, for score, conditions and the question whether they are still there."""
    changes: dict[str, Any] = {}
    points = rules.points.get(row.name, row.points)
    if points:
        changes["score"] = lead.score + points
    if row.is_activity:
        changes["activities"] = (*lead.activities, _activity(event, row))
    if row.is_sign_of_life:
        changes["last_sign"] = event.at
    return changes


def _by_machine(lead: Lead, event: Event, row: EventType) -> dict[str, Any]:
    return (
        {"machine_activities": (*lead.machine_activities, _activity(event, row))} if row.is_activity else {}
    )


def _activity(event: Event, row: EventType) -> Activity:
    """Known by the name that conditions have for it, whatever it was called when it was stored."""
    return Activity(row.name, event.at, event.magnet, event.data)
