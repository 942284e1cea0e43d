"""An instant in words, with the zone whose clock shows it: "Sunday 30 November, 18:00 (Berlin time)"."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    ("January", "February", "March", "April", "May", "June")
    + ("July", "August", "September", "October", "November", "December")
)  # fmt: skip


def moment_in_words(at: datetime, where: ZoneInfo) -> str:
    """Day, hour and zone, for a mail that is read within weeks. Seconds are left out, so it is never too late."""
    local = at.astimezone(where)
    return f"{_day(local)}, {local:%H:%M} ({zone_in_words(at, where)})"


def full_moment_in_words(at: datetime, where: ZoneInfo) -> str:
    """The same with the year and the offset from UTC, for a page that says it exactly."""
    local, zone = at.astimezone(where), zone_in_words(at, where)
    offset = offset_in_words(at, where)
    return f"{_day(local)} {local.year}, {local:%H:%M} {zone}" + ("" if offset == zone else f" ({offset})")


def zone_in_words(at: datetime, where: ZoneInfo) -> str:
    """A zone by the place that it is named for, "Berlin time"; one that names no place by its offset."""
    region, _, place = (where.key or "").rpartition("/")
    if not region or region.startswith("Etc"):
        return offset_in_words(at, where)
    return f"{place.replace('_', ' ')} time"


def offset_in_words(at: datetime, where: ZoneInfo) -> str:
    """What a zone's clock is ahead of UTC, or behind: "UTC+01:00", "UTC−11:00", "UTC"."""
    offset = at.astimezone(where).utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = abs(int(offset.total_seconds())) // 60
    return f"UTC{'+' if offset > timedelta() else '−'}{minutes // 60:02}:{minutes % 60:02}"


def _day(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"
