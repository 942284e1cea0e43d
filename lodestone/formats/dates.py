"""Instants, for people: in one time zone, with the day of the week."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from lodestone.formats.spans import relative


def day_and_hour(at: datetime, where: tzinfo | None = None, this_year: int | None = None) -> str:
    """Format an instant: `Tue 24 Nov 2026, 09:00`. Omit the year where it is `this_year`.

    `where` is the time zone, None for this machine's.
    """
    local = at.astimezone(where)
    year = "" if local.year == this_year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def with_distance(at: datetime, now: datetime) -> str:
    """Format an instant with its distance from now: `Tue 24 Nov 2026, 09:00 (in 2 days)`, in this machine's zone."""
    return f"{day_and_hour(at)} ({relative(at, now)})"


def short_day(at: datetime, where: ZoneInfo) -> str:
    """Format an instant's day: `Tue 24 Nov`."""
    local = at.astimezone(where)
    return f"{local:%a} {local.day} {local:%b}"


def machine_zone(at: datetime) -> str:
    """Return the name of this machine's time zone at an instant: `CET`."""
    return at.astimezone().tzname() or "UTC"


def read_instant(text: str, where: ZoneInfo) -> datetime:
    """Parse `2026-12-01`, `2026-12-01 09:00` or either with an offset; without an offset it is in the zone `where`.

    Return it in UTC. Raises ValueError if it is anything else.
    """
    found = datetime.fromisoformat(text.strip())
    return (found if found.tzinfo else found.replace(tzinfo=where)).astimezone(UTC)
