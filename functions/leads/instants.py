"""Instants as text, and time zones by their names."""

from datetime import UTC, datetime
from typing import overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@overload
def iso(at: datetime) -> str: ...
@overload
def iso(at: datetime | None) -> str | None: ...
def iso(at: datetime | None) -> str | None:
    """An aware instant as RFC 3339 in UTC with milliseconds (`2026-11-22T06:00:00.000Z`); sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def parse_iso(text: str) -> datetime:
    """The inverse of `iso`."""
    return datetime.fromisoformat(text)


def known_zone(*names: str) -> str:
    """The first of these names that is a time zone of the IANA, else "": a visitor's browser may claim anything."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ""


def zone(*names: str) -> ZoneInfo:
    """The first time zone of these names, else UTC."""
    return ZoneInfo(known_zone(*names) or "UTC")
