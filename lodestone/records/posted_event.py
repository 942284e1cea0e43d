"""An event as `build.py leads … --data DIR` posts it to the local stack that runs on the directory."""

from collections.abc import Mapping
from typing import Any

from leads.events import Event
from leads.instants import iso, parse_iso


def event_to_json(event: Event) -> dict[str, Any]:
    """Return the event as it is posted."""
    known = {"type": event.type, "at": iso(event.at), "key": event.key, "magnet": event.magnet}
    return known | {"data": dict(event.data)}


def event_from_json(posted: Any) -> Event:
    """Return the event that was posted. Raises ValueError if `posted` is not an event."""
    try:
        data: Mapping[str, Any] = dict(posted["data"])
        return Event(
            str(posted["type"]), parse_iso(posted["at"]), str(posted["key"]), str(posted["magnet"]), data
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("an event has type, at, key, magnet and data") from error
