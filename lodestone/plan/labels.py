"""The places of labels above a lane, so that they never overlap."""

from collections.abc import Iterable
from dataclasses import dataclass

#: Pixels: the greatest width of a character, and the gap between two labels.
_CHARACTER, _GAP = 7.0, 12.0


@dataclass(frozen=True)
class Label:
    """The lines of a label. They begin at `x`, or end there if `ends_at_x`; `level` 0 is the lowest."""

    lines: tuple[str, ...]
    x: float
    level: int
    ends_at_x: bool


def place(labels: Iterable[tuple[float, tuple[str, ...]]], right: float) -> list[Label]:
    """Give each label the lowest level on which there is room. Labels come sorted by x; `right` is the picture's edge.

    Begins at the right, so that the line from a mark to its label passes the labels below it on their left.
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
    """Return the greatest width that a label may have."""
    return max(map(len, lines), default=0) * _CHARACTER


def shorten(words: str, most: int = 34) -> str:
    """Cut words that are too long for a label; the mark's title has them in full."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
