"""A lead as plain JSON: complete, for people; short, for the profile item."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from leads import enrolment as enrolments
from leads.events import Event
from leads.instants import iso
from leads.lead import Lead
from leads.private import Private
from leads.private import to_json as private_to_json


def to_json(lead: Lead) -> dict[str, Any]:
    """The lead as plain JSON, for people."""
    return {
        "id": lead.id,
        **_person(lead),
        "enrolments": {slug: enrolments.to_json(each) for slug, each in lead.enrolments.items()},
        "version": lead.version,
    }


def take_away(
    lead: Lead, history: Iterable[Event], at: datetime, kept: Sequence[Private] = ()
) -> dict[str, Any]:
    """All that is stored about a lead, as their export file (data portability, GDPR Art. 20).

    `kept` is what is kept apart.

    `format` changes if a key changes its meaning or is removed; keys may be added. See docs/privacy.md.
    """
    ordered = sorted(history, key=lambda each: (each.at, each.key))
    return {
        "format": "lodestone-lead-2",
        "written_at": iso(at),
        **to_json(lead),
        "events": [event_to_json(each) for each in ordered],
        "kept_apart": private_to_json(kept),
    }


def event_to_json(event: Event) -> dict[str, Any]:
    """An event as plain JSON, for people."""
    return {
        "type": event.type,
        "at": iso(event.at),
        "magnet": event.magnet,
        "key": event.key,
        "data": dict(event.data),
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
        "time_zone": lead.time_zone,
        "created_at": iso(lead.created_at),
        "last_event_at": iso(lead.last_event_at),
        "stage": lead.stage,
        "score": lead.score,
        "suppression": suppression and {"reason": suppression.reason, "at": iso(suppression.at)},
        "first_touch": dict(lead.first_touch),
        "last_touch": dict(lead.last_touch),
    }
