"""A text with stretches replaced before it is read, and the way back to the text as its author wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Edit(NamedTuple):
    """A stretch of the edited text, and the stretch of the author's that it stands for."""

    start: int
    end: int
    source_start: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Edited:
    """A text and the edits that made it, in order."""

    text: str
    edits: tuple[Edit, ...] = ()


def replace_stretches(text: str, stretches: Iterable[tuple[int, int, str]]) -> Edited:
    """The text with new words in the stead of each stretch: start, end and words, in order."""
    pieces: list[str] = []
    edits: list[Edit] = []
    behind = length = 0
    for start, end, words in stretches:
        pieces += [text[behind:start], words]
        length += start - behind
        edits.append(Edit(length, length + len(words), start, end))
        length += len(words)
        behind = end
    return Edited("".join((*pieces, text[behind:])), tuple(edits))


def source_stretch(edits: Iterable[Edit], start: int, end: int) -> tuple[int, int]:
    """Where a stretch of the edited text stands in the author's; an edit that it touches is in it whole."""
    first, last = start, end
    for edit in edits:
        if edit.start < start:
            first = edit.source_start if start < edit.end else edit.source_end + start - edit.end
        if edit.start < end or edit.start == start:
            last = edit.source_end + max(0, end - edit.end)
    return first, last
