"""The text of a question's file: the heading is what is asked, the list at the end the options, the rest help."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lodestone.content.model import Document
from lodestone.content.places import Place, offset_place

_HEADING = re.compile(r"#{1,3}\s+(.*?)\s*#*")
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)])\s+(\S.*)")

#: A line of the text, and where it begins in the file.
Line = tuple[str, int]


@dataclass(frozen=True)
class Part:
    """A part of the text, and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True)
class FileText:
    """The parts of a text. `stray` is an item of a list that more text follows, so that it is no option."""

    question: Part | None
    options: tuple[Part, ...]
    help: str
    stray: Part | None


def read_text(doc: Document) -> FileText:
    """Cut the text of a file into its parts."""
    lines = _lines(doc)
    while lines and not lines[0][0].strip():
        lines = lines[1:]
    heading = _HEADING.fullmatch(lines[0][0].strip()) if lines else None
    question = Part(heading[1], _place(doc, lines[0])) if heading and heading[1] else None
    rest = lines[1:] if question else lines
    begins = _begin_of_list(rest)
    above, listed = rest[:begins], rest[begins:]
    strays = (Part(each[0], _place(doc, each)) for each in above if _ITEM.fullmatch(each[0]))
    help = "\n".join(each[0] for each in above).strip()
    return FileText(question, _items(doc, listed), help, next(strays, None))


def _lines(doc: Document) -> list[Line]:
    offset = len(doc.text) - len(doc.body)
    lines = []
    for line in doc.body.split("\n"):
        lines.append((line, offset))
        offset += len(line) + 1
    return lines


def _place(doc: Document, line: Line) -> Place:
    return offset_place(doc, line[1], max(1, len(line[0].rstrip())))


def _begin_of_list(lines: Sequence[Line]) -> int:
    begins = at = len(lines)
    while at and _may_be_of_list(lines[at - 1][0]):
        at -= 1
        if _ITEM.fullmatch(lines[at][0]):
            begins = at
    return begins


def _may_be_of_list(line: str) -> bool:
    """Whether a line is an item, goes on with one, or is blank, as between the items of a loose list."""
    return bool(_ITEM.fullmatch(line)) or line.startswith("  ") or not line.strip()


def _items(doc: Document, lines: Sequence[Line]) -> tuple[Part, ...]:
    items: list[Part] = []
    for line in lines:
        item = _ITEM.fullmatch(line[0])
        if item:
            items.append(Part(item[1].strip(), _place(doc, line)))
        elif items and line[0].strip():
            items[-1] = Part(f"{items[-1].text} {line[0].strip()}", items[-1].place)
    return tuple(items)
