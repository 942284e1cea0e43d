"""Times and names as the panel's reader says them. Times are shown in this machine's own time zone."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from lodestone.formats.dates import day_and_hour

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))


def day(at: datetime) -> str:
    """`Tue 24 Nov 2026, 09:00`."""
    return day_and_hour(at, None)


def machine_zone(at: datetime) -> str:
    """The name of this machine's time zone then, `CET`."""
    return at.astimezone().tzname() or "UTC"


def how_long(span: timedelta) -> str:
    """A span in its largest unit, `3 days`; "" for less than a minute."""
    # A due time is met a moment late; what is seconds away from a round figure is that figure.
    seconds = int(span.total_seconds()) + 30
    for name, size in _UNITS:
        if count := seconds // size:
            return f"{count} {name}{'' if count == 1 else 's'}"
    return ""


def relative(at: datetime, now: datetime) -> str:
    """How far off a moment is: `in 2 days`, `5 minutes ago`, `now`."""
    if at >= now:
        span = how_long(at - now)
        return f"in {span}" if span else "now"
    span = how_long(now - at)
    return f"{span} ago" if span else "now"


def short(name: str) -> str:
    """A resource's name as the template writes it: without the stack's own in front."""
    return name.removeprefix("local-")


_LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])")


def linked(text: str) -> Iterator[tuple[str, bool]]:
    """Plain text in pieces, each with whether it is a link."""
    for place, piece in enumerate(_LINK.split(text)):
        yield piece, place % 2 == 1


def plainly(value: Any) -> str:
    """An event's data to read: JSON, indented."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
