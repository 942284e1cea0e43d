"""Places in a source file: what a problem points at."""

import re
from dataclasses import dataclass
from pathlib import Path

from lodestone.content.edits import source_stretch
from lodestone.content.model import Document, KeyPath, Mark


@dataclass(frozen=True, slots=True)
class Place:
    """A mark in a file, with the line itself as its author reads it ("" where there is none)."""

    path: Path
    mark: Mark
    source: str = ""


def top_of(path: Path) -> Place:
    """The very start of a file, also of one that is missing."""
    return Place(path, Mark(1, 1))


def place(doc: Document, mark: Mark) -> Place:
    """A mark in a document."""
    lines = doc.text.split("\n")
    source = lines[mark.line - 1] if mark.line <= len(lines) else ""
    return Place(doc.path, mark, source)


def value_place(doc: Document, path: KeyPath) -> Place:
    """The value at a path of the front matter, else the nearest thing above it that is there."""
    while path and path not in doc.marks:
        path = path[:-1]
    if path:
        return place(doc, doc.marks[path])
    return place(doc, Mark(1, 1, len(doc.text.partition("\n")[0])))


def key_place(doc: Document, path: KeyPath) -> Place:
    """The key at a path of the front matter, else what `value_place` finds."""
    mark = doc.key_marks.get(path)
    return place(doc, mark) if mark else value_place(doc, path)


def offset_place(doc: Document, offset: int, length: int) -> Place:
    """A stretch of the file's text, by its offset in characters."""
    line = doc.text.count("\n", 0, offset) + 1
    column = offset - (doc.text.rfind("\n", 0, offset) + 1) + 1
    return place(doc, Mark(line, column, length, line))


def body_offset(doc: Document) -> int:
    """Where the body begins in the file's text."""
    offset = 0
    for _ in range(doc.body_line - 1):
        offset = doc.text.find("\n", offset) + 1
    return offset


def body_place(doc: Document, start: int, end: int) -> Place:
    """A stretch of a document's body, as its author wrote it."""
    first, last = source_stretch(doc.edits, start, end)
    return offset_place(doc, body_offset(doc) + first, max(1, last - first))


def snippet_place(doc: Document, path: KeyPath, snippet: str, after: int = 0) -> tuple[Place, int]:
    """Where a snippet of a front-matter value stands in the file, and the offset behind it.

    YAML may fold, indent and quote a value, so an offset into the value says little about the file; but what
    holds no white space stands in the file as it is. Search on from `after` to find the next of equal snippets.
    """
    mark = doc.marks[path]
    starts = [0]
    for line in doc.text.split("\n")[: mark.end_line]:
        starts.append(starts[-1] + len(line) + 1)
    begin = max(after, starts[mark.line - 1] + mark.column - 1)
    found = doc.text.find(snippet, begin, starts[mark.end_line])
    if found < 0:
        return value_place(doc, path), after
    return offset_place(doc, found, len(snippet)), found + len(snippet)


def stretch_place(doc: Document, path: KeyPath, value: str, offset: int, length: int) -> Place:
    """Find a part of a front-matter value in the file, also of a value that is folded over several lines.

    Returns the place of the whole value if YAML's escapes hide its words. A part that goes on in the next line
    is underlined to the end of its first line.
    """
    position = 0
    for word in re.finditer(r"\S+", value):
        place, after = snippet_place(doc, path, word[0], position)
        if after == position:
            return place
        position = after
        if offset < word.end():
            position -= word.end() - offset
            break
    line_end = doc.text.find("\n", position)
    rest = (line_end if line_end >= 0 else len(doc.text)) - position
    return offset_place(doc, position, max(1, min(length, rest)))
