"""The pending notices to the owner about a lead, derived from the events, so that none is lost.

An event type may have a notice (`leads.event_types.EventType.notice`). Such a notice is pending until an
`owner_notified` event names its event. After a crash between the mail and that event the owner is told twice,
which is better than never.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from leads.event_table import EVENT_TYPES
from leads.event_types import Notice
from leads.events import Event
from leads.lead import Lead

#: An older event is not told to the owner any more.
_LONGEST_AGE = timedelta(days=7)


class Pending(NamedTuple):
    """An event that the owner was not told about yet, and its notice."""

    event: Event
    notice: Notice


def concerns_owner(type: str) -> bool:
    """Whether the owner is told of events of this type."""
    row = EVENT_TYPES.get(type)
    return row is not None and row.notice is not None


def pending_notices(lead: Lead, history: Iterable[Event], now: datetime) -> list[Pending]:
    """What the owner has yet to be told of this lead, the oldest first."""
    events = sorted(history, key=lambda each: each.at)
    told = {each.data.get("about") for each in events if each.type == "owner_notified"}
    pending = []
    for event in events:
        row = EVENT_TYPES.get(event.type)
        if row is None or row.notice is None or event.key in told or now - event.at > _LONGEST_AGE:
            continue
        if event.data.get("by") == "machine":
            continue  # a mail scanner did it, not a person
        if lead.erased_at and event.at <= lead.erased_at:
            continue  # the event is to be deleted, so nobody is told
        notice = _notice_of(row.notice, event, lead)
        if notice:
            pending.append(Pending(event, notice))
    return pending


def _notice_of(write: Callable[[Event, Lead], Notice | None], event: Event, lead: Lead) -> Notice | None:
    """The notice, also of an event that lacks what `write` reads: an earlier version of a feature stored it."""
    try:
        return write(event, lead)
    except (AttributeError, LookupError, TypeError, ValueError):
        what = event.type.replace("_", " ")
        return Notice(
            f"{what[:1].upper()}{what[1:]}", "What was stored of it cannot be read by this version."
        )
