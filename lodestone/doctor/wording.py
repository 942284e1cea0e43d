"""Spans of time in sentences."""

from datetime import timedelta

from lodestone.cli.terminal import counted


def spoken(span: timedelta) -> str:
    """A span in its largest unit: `3 hours`, `1 day`."""
    seconds = int(span.total_seconds())
    for size, noun in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return counted(seconds // size, noun)
    return counted(seconds, "second")
