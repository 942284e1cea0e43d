"""Reads a file into a Document: decodes it, splits front matter and body, and reports what is wrong with it."""

import re
from pathlib import Path

from leads import placeholders
from lodestone.content.files import FileFinder
from lodestone.content.frontmatter import read_mapping
from lodestone.content.model import Document, Mark
from lodestone.content.places import Place, offset_place, top_of
from lodestone.content.problems import Problems

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_ADD_FRONT_MATTER = "begin the file with a line `---`, then the keys (`title: …`), then a line `---`"


def read_text(path: Path, finder: FileFinder, problems: Problems) -> str | None:
    """Read a file's text with plain line ends, no byte-order mark; None, and a problem, if it is unreadable."""
    try:
        raw = finder.read(path)
    except OSError as error:
        problems.add(top_of(path), f"this file cannot be read: {error.strerror}", "check its permissions")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(_undecodable(path, raw, error.start), "this file is not UTF-8 text", _encoding_help(raw))
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_document(
    path: Path, finder: FileFinder, problems: Problems, *, needs_front: bool = True
) -> Document | None:
    """Read a Markdown file. `needs_front=False` (a chapter) makes front matter optional."""
    text = read_text(path, finder, problems)
    if text is None:
        return None
    if not text.strip():
        problems.add(
            top_of(path), "this file is empty", _ADD_FRONT_MATTER if needs_front else "write its text"
        )
        return None
    front, body_offset = _cut(path, text, problems, needs_front)
    if front is None:
        return None
    doc = _document(path, text, front, body_offset, problems)
    if doc:
        _refuse_placeholder_marks(doc, problems)
    return doc


def read_yaml(path: Path, finder: FileFinder, problems: Problems) -> Document | None:
    """A file that is YAML from end to end (site.yaml), as a Document without a body."""
    text = read_text(path, finder, problems)
    if text is None:
        return None
    return _document(path, text, (0, len(text)), len(text), problems)


def _document(
    path: Path, text: str, front: tuple[int, int], body_offset: int, problems: Problems
) -> Document | None:
    start, end = front
    read = read_mapping(path, text, text[start:end], text.count("\n", 0, start), problems)
    if read is None:
        return None
    meta, marks, key_marks = read
    body_line = text.count("\n", 0, body_offset) + 1
    return Document(path, text, meta, text[body_offset:], body_line, marks, key_marks)


def _cut(path: Path, text: str, problems: Problems, needs_front: bool) -> tuple[tuple[int, int] | None, int]:
    """Return the range of the front matter, None if it is missing, and the offset of the body."""
    opening = _FENCE.match(text)
    if opening:
        closing = _FENCE.search(text, opening.end() + 1)
        if closing:
            return (opening.end() + 1, closing.start()), min(closing.end() + 1, len(text))
        place = Place(path, Mark(1, 1, 3), text.partition("\n")[0])
        problems.add(place, "this `---` is never closed", "put a line `---` behind the last key")
        return None, 0
    if not needs_front:
        return (0, 0), 0
    first = text[: len(text) - len(text.lstrip())].count("\n")
    source = text.split("\n")[first]
    place = Place(path, Mark(first + 1, 1, len(source)), source)
    if _FENCE.match(source):
        problems.add(place, "the front matter begins too late", "`---` must be the first line of the file")
    else:
        problems.add(place, "the front matter is missing", _ADD_FRONT_MATTER)
    return None, 0


def _refuse_placeholder_marks(doc: Document, problems: Problems) -> None:
    """The two characters that mark placeholders in rendered text must not come from an author."""
    for char in (placeholders.OPEN, placeholders.CLOSE):
        offset = doc.text.find(char)
        if offset >= 0:
            message = f"the private-use character U+{ord(char):04X} cannot be used here"
            problems.add(offset_place(doc, offset, 1), message, "delete it; it is invisible in most editors")


def _undecodable(path: Path, raw: bytes, start: int) -> Place:
    line = raw.count(b"\n", 0, start) + 1
    begin = raw.rfind(b"\n", 0, start) + 1
    end = raw.find(b"\n", start)
    source = raw[begin : end if end >= 0 else len(raw)].decode("utf-8", "replace").rstrip("\r")
    column = len(raw[begin:start].decode("utf-8", "replace")) + 1
    return Place(path, Mark(line, column), source)


def _encoding_help(raw: bytes) -> str:
    seen = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "an older encoding such as Windows-1252"
    return f"it looks like {seen}; save it again as UTF-8 (in most editors: Save as, Encoding)"
