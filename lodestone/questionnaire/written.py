"""Reads an author's questions: a list in magnet.md, and a file each in `questions/`, in the order of their numbers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lodestone.content.files import PICTURE_TYPES, FileFinder
from lodestone.content.mails import step_of
from lodestone.content.model import Document, KeyPath
from lodestone.content.places import Place, key_place, top_of, value_place
from lodestone.content.problems import Problems
from lodestone.content.source import read_document
from lodestone.content.validate import validate
from lodestone.questionnaire.schema import ChoiceFront, QuestionFront

FOLDER = "questions"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HEADING = re.compile(r"#{1,3}\s+(.*?)\s*#*")
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)])\s+(\S.*)")


@dataclass(frozen=True)
class Written:
    """A question as its author wrote it, and where: `path` is the way to its keys in the front matter of `doc`."""

    name: str
    front: QuestionFront
    doc: Document
    path: KeyPath

    @property
    def asked(self) -> str:
        """What is asked."""
        return self.front.question or ""

    @property
    def choices(self) -> tuple[ChoiceFront, ...]:
        """Its options, each as a mapping."""
        return tuple(
            ChoiceFront(label=each) if isinstance(each, str) else each for each in self.front.options
        )

    def place(self, *keys: str | int) -> Place:
        """The value at a key, else the nearest thing above that is there."""
        return value_place(self.doc, (*self.path, *keys))

    def key(self, *keys: str | int) -> Place:
        """The key itself."""
        return key_place(self.doc, (*self.path, *keys))


def read_questions(magnet: Document, finder: FileFinder, problems: Problems) -> tuple[Written, ...]:
    """Read all questions, those of magnet.md first. One that has problems is reported and left out."""
    found: dict[str, Written] = {}
    for each in (*_listed(magnet, problems), *_filed(magnet.path.parent / FOLDER, finder, problems)):
        if not each.asked:
            help = "add `question: …`, or a heading in the file: `# How many people work with you?`"
            problems.add(each.place(), "this question asks nothing", help)
        if each.name in found:
            message = f"a second question named `{each.name}`"
            problems.add(each.place("name"), message, "give one of the two another name")
        else:
            found[each.name] = each
    return tuple(found.values())


def _listed(magnet: Document, problems: Problems) -> Iterator[Written]:
    """The questions of magnet.md; what its schema refuses is reported with the rest of magnet.md."""
    entries = magnet.meta.get("questions")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        path = ("questions", index)
        try:
            front = QuestionFront.model_validate(entry)
        except ValidationError:
            continue
        if front.name is None:
            help = "add `name: …`, a short word: conditions and mails call the question by it"
            problems.add(value_place(magnet, path), "this question has no name", help)
            continue
        yield Written(front.name, front, magnet, path)


def _filed(folder: Path, finder: FileFinder, problems: Problems) -> Iterator[Written]:
    for name in sorted(finder.listing(folder), key=_order):
        path = folder / name
        if name.startswith((".", "_")) or path.suffix.lower() in PICTURE_TYPES:
            continue
        if path.suffix != ".md":
            problems.add(top_of(path), "this file is not read", "a question is a Markdown file: `10-team.md`")
            continue
        doc = read_document(path, finder, problems, needs_front=False)
        front = validate(QuestionFront, doc, problems) if doc else None
        if doc and front:
            name = _name_of(path, front, problems)
            yield Written(name, _with_body(front, doc, problems), doc, ())


def _order(name: str) -> tuple[float, str]:
    number = re.match(r"\d+", name)
    return (int(number[0]) if number else float("inf"), name)


def _name_of(path: Path, front: QuestionFront, problems: Problems) -> str:
    """The name of the question in a file: its `name:`, else the file's, with `_` for `-`."""
    if front.name:
        return front.name
    name = step_of(path).replace("-", "_")
    if not _NAME.fullmatch(name):
        help = "use small letters, digits and `-` behind the number: `10-team-size.md`; or add `name: …`"
        problems.add(top_of(path), f"`{name}` cannot be the name of a question", help)
    return name


def _with_body(front: QuestionFront, doc: Document, problems: Problems) -> QuestionFront:
    """Take question, help and options from the text of a file, where its front matter has none."""
    lines = doc.body.strip().split("\n")
    more: dict[str, Any] = {}
    heading = _HEADING.fullmatch(lines[0]) if lines else None
    if heading and front.question is None:
        more["question"], lines = heading[1], lines[1:]
    if not front.options:
        more["options"], lines = _trailing_list(lines)
    if not front.help:
        more["help"] = "\n".join(lines).strip()
    return _merged(front, {name: value for name, value in more.items() if value}, doc, problems)


def _merged(
    front: QuestionFront, more: Mapping[str, Any], doc: Document, problems: Problems
) -> QuestionFront:
    try:
        return QuestionFront.model_validate({**front.model_dump(exclude_unset=True), **more})
    except ValidationError as error:
        what = "the question" if "question" in str(error.errors()[0]["loc"]) else "an option"
        problems.add(top_of(doc.path), f"{what} in this file is too long", "at most 200 characters fit")
        return front


def _trailing_list(lines: list[str]) -> tuple[list[str], list[str]]:
    """Cut the list at the end of a text off: its items, and the lines before it."""
    start = at = len(lines)
    while at and _may_be_of_list(lines[at - 1]):
        at -= 1
        if _ITEM.fullmatch(lines[at]):
            start = at
    items: list[str] = []
    for line in lines[start:]:
        item = _ITEM.fullmatch(line)
        if item:
            items.append(item[1].strip())
        elif items and line.strip():
            items[-1] += f" {line.strip()}"
    return items, lines[:start]


def _may_be_of_list(line: str) -> bool:
    """Whether a line is an item, goes on with one, or is blank, as between the items of a loose list."""
    return bool(_ITEM.fullmatch(line)) or line.startswith("  ") or not line.strip()
