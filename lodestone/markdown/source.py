"""Text of a block that knows where its characters stand in the source."""

import re
from bisect import bisect_right
from collections.abc import Iterable

from markdown.util import AtomicString

#: A position in a text and its offset in the source; from there on, both count alike.
Mark = tuple[int, int]


class SourceText(str):
    """A block's own text, cut out of the source line by line."""

    marks: tuple[Mark, ...]

    def __new__(cls, text: str, marks: Iterable[Mark] = ((0, 0),)) -> "SourceText":
        made = super().__new__(cls, text)
        made.marks = tuple(marks)
        return made

    def offset(self, position: int) -> int:
        """Where a character of the text stands in the source."""
        at = max(0, bisect_right(self.marks, position, key=lambda mark: mark[0]) - 1)
        start, offset = self.marks[at]
        return offset + position - start

    def part(self, text: str, position: int) -> "SourceText":
        """A text that stands in this one at a position."""
        return type(self)(text, [(start - position, offset) for start, offset in self.marks])


class VerbatimText(SourceText, AtomicString):
    """Text that is not read as Markdown."""


def append_text(first: str | None, second: str) -> str:
    """Two texts, one below the other."""
    if first is None:
        return second
    shift = len(first) + 1
    marks = [*getattr(first, "marks", ())]
    marks += [(start + shift, offset) for start, offset in getattr(second, "marks", ())]
    joined = f"{first}\n{second}"
    return SourceText(joined, marks) if marks else joined


class SourceLines:
    """The source by lines, with tabs as spaces, and where each of its characters stands in the text as written."""

    def __init__(self, text: str, tab: int = 4):
        self.written = text.split("\n")
        self.lines = ["" if line.isspace() else line.expandtabs(tab) for line in self.written]
        self.tab = tab
        self.starts = [0]
        for line in self.written:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def offset(self, number: int, column: int) -> int:
        """Where a column of a line (both from 0) stands in the text."""
        if number >= len(self.written):
            return self.starts[-1] - 1
        written = self.written[number]
        if "\t" in written:
            column = sum(
                1 for at in range(len(written)) if len(written[: at + 1].expandtabs(self.tab)) <= column
            )
        return self.starts[number] + column

    def marks(self, number: int, rest: str, position: int = 0) -> list[Mark]:
        """The marks of a text that holds, at a position, the rest of a line up to the line's end."""
        line = self.lines[number] if number < len(self.lines) else ""
        column = max(0, len(line) - len(rest))
        found = [(position, self.offset(number, column))]
        if number < len(self.written) and "\t" in self.written[number]:
            for tab in re.finditer("\t", self.written[number]):
                behind = len(self.written[number][: tab.end()].expandtabs(self.tab))
                if behind > column:
                    found.append((position + behind - column, self.starts[number] + tab.end()))
        return found
