"""Instants as people say them: in one zone, with the day of the week."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo


def day_and_hour(at: datetime, where: tzinfo | None, this_year: int | None = None) -> str:
    """`Tue 24 Nov 2026, 09:00`, in this machine's zone for None; without the year where it is `this_year`."""
    local = at.astimezone(where)
    year = "" if local.year == this_year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def short_day(at: datetime, where: ZoneInfo) -> str:
    """`Tue 24 Nov`."""
    local = at.astimezone(where)
    return f"{local:%a} {local.day} {local:%b}"


def read_instant(text: str, where: ZoneInfo) -> datetime:
    """`2026-12-01`, `2026-12-01 09:00` or one with an offset, as an instant in UTC; without an offset, in that zone.

    Raises ValueError for anything else.
    """
    found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=where)).astimezone(UTC)
