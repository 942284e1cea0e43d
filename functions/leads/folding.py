"""A lead is the fold of its events: `fold(events) -> Lead`, the same for any order and any repetition of them.

The events are the only source of truth. The profile item in the table is a copy of this fold, made again
whenever a rule changes. What an event type means stands in its row (`leads.event_table`).
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

#: The row of a type that this version does not know: the event is counted, and changes nothing else.
_UNKNOWN = EventType("", says(""))


def fold(lead_id: str, events: Iterable[Event], rules: Rules) -> Lead:
    """Fold the events to a lead. An event of an unknown type is counted, and changes nothing else."""
    ordered = in_order(events)
    machines = machine_clicks(ordered)
    lead = Lead(lead_id)
    for event in ordered:
        row = EVENT_TYPES.get(event.type, _UNKNOWN)
        lead = row.change(lead, event, rules)
        by_machine = event.key in machines or event.data.get("by") == "machine"
        lead = _counted(lead, event, row, rules, by_machine)
    lead = replace(lead, score=lead.score + _points_told(lead))
    return replace(lead, stage=stage(lead, rules))


def _points_told(lead: Lead) -> int:
    """The points of what forms told to features: those of the latest form of each magnet (`points`)."""
    told = (each for enrolment in lead.enrolments.values() for each in enrolment.told.values())
    return sum(int(each.get("points", 0)) for each in told)


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events as they happened, cause before effect, each once."""
    return sorted({event.key: event for event in events}.values(), key=_order)


def _order(event: Event) -> tuple[datetime, int, str]:
    return event.at, EVENT_TYPES.get(event.type, _UNKNOWN).order, event.key


def _counted(lead: Lead, event: Event, row: EventType, rules: Rules, by_machine: bool) -> Lead:
    """Apply what every event changes, in one copy of the lead, as folds are frequent."""
    changes = _by_machine(lead, event, row) if by_machine else _by_person(lead, event, row, rules)
    return replace(
        lead,
        created_at=lead.created_at or event.at,
        last_event_at=event.at,
        version=lead.version + 1,
        **changes,
    )


def _by_person(lead: Lead, event: Event, row: EventType, rules: Rules) -> dict[str, Any]:
    """What a person's event changes: score, activities and last sign of life."""
    changes: dict[str, Any] = {}
    points = rules.points.get(row.name, row.points)
    if row.points_again and _came_back(lead, event, row):
        points += rules.points.get(row.again_name, row.points_again)
    if points:
        changes["score"] = lead.score + points
    if row.is_activity:
        changes["activities"] = (*lead.activities, _activity(event, row))
    if row.is_sign_of_life:
        changes["last_sign"] = event.at
    return changes


def _came_back(lead: Lead, event: Event, row: EventType) -> bool:
    """Whether the lead did the same for that magnet on an earlier day (UTC)."""
    same = (each for each in lead.activities if (each.type, each.magnet) == (row.name, event.magnet))
    return any(each.at.date() < event.at.date() for each in same)


def _by_machine(lead: Lead, event: Event, row: EventType) -> dict[str, Any]:
    return (
        {"machine_activities": (*lead.machine_activities, _activity(event, row))} if row.is_activity else {}
    )


def _activity(event: Event, row: EventType) -> Activity:
    """The activity, under the current name of its type, as conditions use that."""
    return Activity(row.name, event.at, event.magnet, event.data)
