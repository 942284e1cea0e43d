"""Where the names of mails stand above a lane, so that none lies over another, however close their days are."""

from collections.abc import Iterable
from dataclasses import dataclass

#: Pixels: a character of a label, at most; the room between two labels.
_CHARACTER, _GAP = 7.0, 12.0


@dataclass(frozen=True)
class Label:
    """The lines of a label: they begin at `x`, or end there where the picture's edge is near; `level` 0 is lowest."""

    lines: tuple[str, ...]
    x: float
    level: int
    ends_at_x: bool


def place(labels: Iterable[tuple[float, tuple[str, ...]]], right: float) -> list[Label]:
    """Give each label, which come by their x, the lowest level on which it is free. `right` is the picture's edge.

    From the right, so that the line from a mark up to its label passes the labels below on their left.
    """
    taken: list[float] = []  # by level, how far to the left its labels reach
    found = []
    for x, lines in reversed(list(labels)):
        wide = width(lines)
        ends = x + wide > right
        start = x - wide if ends else x
        level = next((n for n, reach in enumerate(taken) if start + wide + _GAP <= reach), len(taken))
        taken[level:] = [start, *taken[level + 1 :]]
        found.append(Label(lines, x, level, ends))
    return found[::-1]


def width(lines: Iterable[str]) -> float:
    """How wide a label is, at most."""
    return max(map(len, lines), default=0) * _CHARACTER


def shorten(words: str, most: int = 34) -> str:
    """Words that fit above a lane; the mark's own title has them in full."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
