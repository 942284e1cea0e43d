"""Numbers and spans of time in sentences."""

from datetime import timedelta


def spoken(span: timedelta) -> str:
    """A span in its largest unit: `3 hours`, `1 day`."""
    seconds = int(span.total_seconds())
    for size, noun in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return counted(seconds // size, noun)
    return counted(seconds, "second")


def counted(number: int, noun: str) -> str:
    """`1 mail`, `2,000 mails`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
