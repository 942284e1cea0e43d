"""Convert wall time and instants, also where clocks are put forward, back, or over a whole day.

A *wall time* is a naive datetime: what a clock in the lead's zone shows. In spring some wall times have no instant,
in autumn some have two (PEP 495 tells those apart by `fold`).
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = 86_400
_SECOND = timedelta(seconds=1)


def parse_hour(text: str) -> time:
    """ "09:00" as a time of the day."""
    return time.fromisoformat(text)


def local_day(at: datetime, where: ZoneInfo) -> date:
    """The calendar day on which an instant falls there."""
    return at.astimezone(where).date()


def local_time(at: datetime, where: ZoneInfo) -> time:
    """The wall time of an instant in a zone, without its day."""
    return at.astimezone(where).time()


def instant(wall: datetime, where: ZoneInfo, *, last: bool = False) -> datetime:
    """The instant, in UTC, at which the clock in a zone shows `wall`: the first such instant, or the `last`.

    For a wall time that the clocks skip it is the first instant after the gap.
    """
    at = wall.replace(tzinfo=where, fold=int(last)).astimezone(UTC)
    if at.astimezone(where).replace(tzinfo=None) == wall:
        return at
    # In a gap, fold=1 uses the offset after it, which gives an instant before the gap; fold=0 the reverse
    # (PEP 495).
    before, after = (wall.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (1, 0))
    return _offset_change(before, after, where)


def day_start(day: date, where: ZoneInfo) -> datetime:
    """The first instant of a day, or of the next if the clocks skip the day (Samoa, 30 December 2011)."""
    return instant(datetime.combine(day, time()), where)


def shift(at: datetime, seconds: int, where: ZoneInfo) -> datetime:
    """Move `at` by `seconds`, of either sign: whole days by the zone's clock, the rest as elapsed time.

    So three days after 09:00 is 09:00, whether or not the clocks change in between.
    """
    days = int(seconds / _DAY)
    rest = timedelta(seconds=seconds - days * _DAY)
    if not days:
        return at + rest
    return instant(_shown(at, where) + timedelta(days=days), where) + rest


def _shown(at: datetime, where: ZoneInfo) -> datetime:
    """The wall time; in a repeated hour, that hour's end, so that a later instant never shows less."""
    local = at.astimezone(where)
    if not local.fold:
        return local.replace(tzinfo=None)
    first = local.replace(fold=0)
    change = _offset_change(first.astimezone(UTC), at.astimezone(UTC), where)
    return change.replace(tzinfo=None) + (first.utcoffset() or timedelta())


def _offset_change(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """The instant between these two at which the clocks change; zones change them on whole seconds."""
    start = before.replace(microsecond=0)
    new = after.astimezone(where).utcoffset()
    seconds = range(int((after - start) / _SECOND) + 1)
    is_new = bisect_left(
        seconds, True, key=lambda n: (start + n * _SECOND).astimezone(where).utcoffset() == new
    )
    return start + is_new * _SECOND
