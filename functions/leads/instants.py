"""Instants as text, and local hours as instants."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def iso(at: datetime | None) -> str | None:
    """An aware instant as RFC 3339 in UTC with milliseconds (`2026-11-22T06:00:00.000Z`): sorts as it reads."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def parse_iso(text: str) -> datetime:
    """The inverse of `iso`."""
    return datetime.fromisoformat(text)


def zone(*names: str) -> ZoneInfo:
    """The first of these IANA names that exists, else UTC: a visitor's browser may claim anything."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def due_at(base: datetime, after_seconds: int, at: str, where: ZoneInfo) -> datetime:
    """When a step is due: `after_seconds` past `base`, then on to the next local hour `at` ("HH:MM", or "").

    With an hour, the delay is counted on the clock on the wall: three days after 09:00 is 09:00, also where the
    clocks change in between. An hour that they skip in spring is taken an hour later, one that comes twice in
    autumn the first time (PEP 495, fold=0).
    """
    delay = timedelta(seconds=after_seconds)
    if not at:
        return base + delay
    earliest = base.astimezone(where).replace(tzinfo=None) + delay
    hour = time(*map(int, at.split(":")))
    day = earliest.date() if earliest.time() <= hour else earliest.date() + timedelta(days=1)
    return datetime.combine(day, hour, where).astimezone(UTC)
