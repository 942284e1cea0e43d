"""Spans of time, for people: exact (`36 hours`), rounded down (`1 day`), relative to now (`2 days ago`)."""

from datetime import datetime, timedelta

from lodestone.formats.counts import counted

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def exact_span(seconds: int) -> str:
    """Format a span in the largest unit that needs no fraction: `2 days`, `36 hours`."""
    size, unit = next(each for each in _UNITS if seconds % each[0] == 0)
    return counted(seconds // size, unit)


def rounded_span(span: timedelta) -> str:
    """Format a span in its largest unit, rounded down: `3 hours`, `1 day`."""
    seconds = int(span.total_seconds())
    size, unit = next((each for each in _UNITS if seconds >= each[0]), _UNITS[-1])
    return counted(seconds // size, unit)


def minutes_or_more(span: timedelta) -> str:
    """Format a span of a minute or more: `3 days`; "" for a shorter one."""
    # A schedule fires a moment late, so a span a few seconds short of a round figure is shown as that figure.
    span = timedelta(seconds=int(span.total_seconds()) + 30)
    return rounded_span(span) if span >= timedelta(minutes=1) else ""


def relative(at: datetime, now: datetime) -> str:
    """Format an instant relative to now: `in 2 days`, `5 minutes ago`, `now`."""
    span = minutes_or_more(abs(at - now))
    if not span:
        return "now"
    return f"in {span}" if at >= now else f"{span} ago"
