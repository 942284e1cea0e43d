"""How long a text takes to read."""

#: Words a minute: the middle of what studies of silent reading report.
READING_SPEED = 230


def minutes_to_read(text: str) -> int:
    """Whole minutes, one at least."""
    return max(1, round(len(text.split()) / READING_SPEED))
