"""Numbers of things, for people."""


def counted(number: int, noun: str) -> str:
    """Format a number with its noun: `1 page`, `2,000 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
