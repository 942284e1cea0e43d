"""Replaces parts of a text before it is read, and maps ranges back to the text as its author wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Edit(NamedTuple):
    """A range of the edited text, and the range of the author's text that it replaces."""

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
    """Replace each stretch of a text: (start, end, new words), in order."""
    pieces: list[str] = []
    edits: list[Edit] = []
    last_end = length = 0
    for start, end, words in stretches:
        pieces += [text[last_end:start], words]
        length += start - last_end
        edits.append(Edit(length, length + len(words), start, end))
        length += len(words)
        last_end = end
    return Edited("".join((*pieces, text[last_end:])), tuple(edits))


def source_stretch(edits: Iterable[Edit], start: int, end: int) -> tuple[int, int]:
    """Map a range of the edited text to the author's text; an edit that it touches is included whole."""
    first, last = start, end
    for edit in edits:
        if edit.start < start:
            first = edit.source_start if start < edit.end else edit.source_end + start - edit.end
        if edit.start < end or edit.start == start:
            last = edit.source_end + max(0, end - edit.end)
    return first, last
