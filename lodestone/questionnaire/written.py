"""Reads an author's questions: a list in magnet.md, and a file each in `questions/`, in the order of their numbers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
from lodestone.questionnaire.file_text import Part, read_text
from lodestone.questionnaire.schema import ChoiceFront, QuestionFront

FOLDER = "questions"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: As `schema` has them: what is asked, and a label.
_LONGEST_QUESTION, _LONGEST_OPTION = 300, 200


@dataclass(frozen=True)
class Written:
    """A question as its author wrote it, and where: `path` is the way to its keys in the front matter of `doc`.

    `in_text` are the places of what stands in the text of its file: `("question",)`, `("options", 0)`. `is_partial`:
    keys that have problems of their own are left out.
    """

    name: str
    front: QuestionFront
    doc: Document
    path: KeyPath
    in_text: Mapping[KeyPath, Place] = field(default_factory=dict)
    is_partial: bool = False

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
        return self._in_text(keys) or value_place(self.doc, (*self.path, *keys))

    def key(self, *keys: str | int) -> Place:
        """The key itself, else as `place`."""
        path = (*self.path, *keys)
        return key_place(self.doc, path) if path in self.doc.key_marks else self.place(*keys)

    def _in_text(self, keys: KeyPath) -> Place | None:
        """The place in the text of the file; the heading for what is nowhere."""
        if not self.in_text or (keys and keys[:1] in self.doc.marks):
            return None
        nearest = (self.in_text.get(keys[:length]) for length in range(len(keys), 0, -1))
        return next((each for each in nearest if each), self.in_text.get(("question",)))


def read_questions(magnet: Document, finder: FileFinder, problems: Problems) -> tuple[Written, ...]:
    """Read all questions, those of magnet.md first. One that has problems is reported and left out."""
    found: dict[str, Written] = {}
    for each in (*_listed(magnet, problems), *_filed(magnet.path.parent / FOLDER, finder, problems)):
        if not each.asked and not each.is_partial:
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
        front, is_partial = _valid_part(entry)
        if front.name is None and is_partial:
            continue
        if front.name is None:
            help = "add `name: …`, a short word: conditions and mails call the question by it"
            problems.add(value_place(magnet, path), "this question has no name", help)
            continue
        yield Written(front.name, front, magnet, path, is_partial=is_partial)


def _valid_part(entry: Any) -> tuple[QuestionFront, bool]:
    """The keys that are right, and whether others were left out."""
    known = entry if isinstance(entry, dict) else {}
    try:
        return QuestionFront.model_validate(entry), False
    except ValidationError as error:
        wrong = {each["loc"][0] for each in error.errors() if each["loc"]}
    return QuestionFront.model_validate({key: each for key, each in known.items() if key not in wrong}), True


def _filed(folder: Path, finder: FileFinder, problems: Problems) -> Iterator[Written]:
    for name in sorted(finder.listing(folder), key=_order):
        path = folder / name
        if name.startswith((".", "_")) or path.suffix.lower() in PICTURE_TYPES:
            continue
        if path.suffix != ".md":
            problems.add(top_of(path), "this file is not read", "a question is a Markdown file: `10-team.md`")
            continue
        doc = read_document(path, finder, problems, needs_front=False)
        if doc is None:
            continue
        front = validate(QuestionFront, doc, problems)
        known, is_partial = (front, False) if front else _valid_part(doc.meta)
        yield _with_text(_name_of(path, known, problems), known, doc, is_partial, problems)


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


def _with_text(
    name: str, front: QuestionFront, doc: Document, is_partial: bool, problems: Problems
) -> Written:
    """Take question, help and options from the text of a file, where its front matter has none."""
    text = read_text(doc)
    more: dict[str, Any] = {"help": text.help} if text.help and not front.help else {}
    places: dict[KeyPath, Place] = {}
    if text.question and front.question is None:
        places[("question",)] = text.question.place
        more["question"] = _cut(text.question, _LONGEST_QUESTION, "what is asked", problems)
    if text.options and not front.options:
        places |= {("options", index): each.place for index, each in enumerate(text.options)}
        places[("options",)] = text.options[0].place
        more["options"] = [_cut(each, _LONGEST_OPTION, "an option", problems) for each in text.options]
    elif text.stray and not front.options and front.type is None:
        help = "move what follows the list above it; or write `type:`, and the list is part of the help"
        problems.add(text.stray.place, "this list is not at the end, so it offers no options", help)
        is_partial = True
    return Written(name, front.model_copy(update=more), doc, (), places, is_partial)


def _cut(part: Part, longest: int, what: str, problems: Problems) -> str:
    if len(part.text) > longest:
        message = f"{what} has {len(part.text)} characters here"
        problems.add(
            part.place, message, f"at most {longest} fit; the text above the options has room for more"
        )
    return part.text[:longest]
