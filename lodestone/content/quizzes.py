"""A quiz in a lesson's Markdown: a fenced block `quiz`, its questions headings, its answers list items.

    ```quiz
    ### Whom is a letter written to?
    - (x) One person
      > With a name.
    - ( ) Everybody on the list

    ### How many words had the draft?
    = 48..50
    ```

Round brackets are a choice of one answer, square ones of several. `=` begins a number, a range of numbers, or texts
between `|`. A line behind `>` is what is said to who chose the answer above it.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from typing import Annotated
from xml.etree.ElementTree import Element

from pydantic import Field

from leads.quiz import MULTIPLE, NUMBER, SINGLE, TEXT, Choice, Quiz, QuizQuestion
from lodestone.content.model import Document, Mark
from lodestone.content.places import Place, key_place, place
from lodestone.content.problems import Problems
from lodestone.content.schema import Strict
from lodestone.markdown.html import render_markdown
from lodestone.markdown.parser import parse
from lodestone.markdown.tree import find, line_of

#: The language of the fenced block.
QUIZ = "quiz"

_QUESTION = re.compile(r"#{1,6} +(.+)")
_CHOICE = re.compile(r"[-*] +([(\[])([ xX]?)([)\]]) +(.+)")
#: A list item: an answer, perhaps one whose brackets were forgotten.
_ITEM = re.compile(r"[-*] *(.*)")
_ANSWER = re.compile(r"= *(.+)")
_FEEDBACK = re.compile(r"\s*> ?(.*)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?(\.\.[+-]?[0-9]{1,15}(\.[0-9]{1,15})?)?")

#: Answers that speak of the others keep their place behind them.
_LAST = re.compile(
    r"(all|none|both|neither) of (the|these|those)\b|alle? (der )?genannten|keine? der|todas las|ninguna de las",
    re.IGNORECASE,
)


class QuizSettings(Strict):
    """`quiz:` of a lesson. `pass_mark` is a percentage; without `attempts` there is no limit."""

    pass_mark: Annotated[int, Field(ge=1, le=100)] = 70
    attempts: Annotated[int, Field(ge=1, le=100)] | None = None
    required: bool = False


@dataclass
class _Written:
    """A question while it is read. `line` is its own in the file."""

    line: int
    words: list[str]
    choices: list[list[str]] = field(default_factory=list)  # bracket, mark, words, feedback
    answers: list[str] = field(default_factory=list)
    feedback: str = ""


def read_quiz(doc: Document, settings: QuizSettings | None, problems: Problems) -> Quiz | None:
    """Read and check the quiz of a lesson; None where it has none."""
    root = parse(doc.body).root
    _check_misspelt(doc, root, problems)
    blocks = list(quiz_blocks(root))
    if not blocks:
        if settings:
            help = "write the questions into a fenced block ```quiz, or delete the key"
            problems.add(key_place(doc, ("quiz",)), "this lesson has no quiz", help)
        return None
    if len(blocks) > 1:
        second = _line(doc, _first_line(doc, blocks[1]))
        problems.add(second, "a second quiz in one lesson", "put its questions into the first")
    written = _questions(doc, blocks[0], problems)
    if not written:
        problems.add(
            _line(doc, _first_line(doc, blocks[0])), "this quiz asks nothing", "begin a question with `### `"
        )
        return None
    settings = settings or QuizSettings()
    if settings.required and settings.attempts:
        message = "who uses up the attempts could never mark this lesson as done"
        problems.add(key_place(doc, ("quiz", "attempts")), message, "delete `attempts:`, or `required:`")
    questions = tuple(_compiled(each, doc, problems) for each in written)
    _check_twice(written, doc, problems)
    quiz = Quiz(questions, settings.pass_mark, settings.attempts or 0, settings.required)
    return replace(quiz, edition=_id(json.dumps(asdict(quiz), sort_keys=True)))


def quiz_blocks(root: Element) -> Iterator[Element]:
    """The fenced blocks of a text that are quizzes. `Quiz` is one, too: as code it would print its key."""
    return (each for each in find(root, "codeblock") if (each.get("language") or "").lower() == QUIZ)


def _check_misspelt(doc: Document, root: Element, problems: Problems) -> None:
    """Report a block that was meant to be a quiz: as code it would show its key to everybody."""
    for block in find(root, "codeblock"):
        language = (block.get("language") or "").lower()
        if language != QUIZ and get_close_matches(language, (QUIZ,), n=1, cutoff=0.7):
            where = _line(doc, _first_line(doc, block))
            problems.add(where, f"`{language}` would be shown as code, with its key", "write ```quiz")


def _first_line(doc: Document, block: Element) -> int:
    """The line of the file that a block's fence stands on."""
    return doc.body_line + line_of(block) - 1


def _line(doc: Document, number: int) -> Place:
    lines = doc.text.split("\n")
    text = lines[number - 1] if number <= len(lines) else ""
    return place(doc, Mark(number, 1, max(1, len(text))))


def _questions(doc: Document, block: Element, problems: Problems) -> list[_Written]:
    found: list[_Written] = []
    for number, line in enumerate((block.text or "").split("\n"), _first_line(doc, block) + 1):
        question = _QUESTION.fullmatch(line.strip())
        if question:
            found.append(_Written(number, [question[1]]))
        elif line.strip() and not found:
            problems.add(_line(doc, number), "this belongs to no question", "begin the question with `### `")
        elif (item := _ITEM.fullmatch(line.strip())) and not _CHOICE.fullmatch(line.rstrip()):
            help = f"write `- ( ) {item[1]}`, or `- (x)` where it is right; a blank stands behind the bracket"
            problems.add(_line(doc, number), "this answer has no brackets", help)
        elif line.strip():
            _add(found[-1], line)
    return found


def _add(question: _Written, line: str) -> None:
    choice, answer, feedback = (each.fullmatch(line.rstrip()) for each in (_CHOICE, _ANSWER, _FEEDBACK))
    if choice:
        question.choices.append([choice[1] + choice[3], choice[2].strip().lower(), choice[4], ""])
    elif answer:
        question.answers += [each.strip() for each in answer[1].split("|") if each.strip()]
    elif feedback and question.choices:
        question.choices[-1][3] = f"{question.choices[-1][3]} {feedback[1]}".strip()
    elif feedback:
        question.feedback = f"{question.feedback} {feedback[1]}".strip()
    elif question.choices:
        question.choices[-1][2] += f" {line.strip()}"
    else:
        question.words.append(line.strip())


def _compiled(written: _Written, doc: Document, problems: Problems) -> QuizQuestion:
    type = _type(written)
    for message, help in _faults(written, type):
        problems.add(_line(doc, written.line), message, help)
    words = " ".join(written.words)
    choices = tuple(
        Choice(_id(text), _inline(text), mark == "x", _inline(feedback), bool(_LAST.match(text)))
        for _, mark, text, feedback in written.choices
    )
    answers = tuple(each.replace(",", ".") if type == NUMBER else each for each in written.answers)
    return QuizQuestion(_id(words), type, _inline(words), choices, answers, _inline(written.feedback))


def _type(written: _Written) -> str:
    if written.choices:
        return MULTIPLE if written.choices[0][0] == "[]" else SINGLE
    numbers = all(_NUMBER.fullmatch(each.replace(",", ".")) for each in written.answers)
    return NUMBER if numbers else TEXT


def _faults(written: _Written, type: str) -> list[tuple[str, str]]:
    right = sum(mark == "x" for _, mark, _, _ in written.choices)
    texts = [text for _, _, text, _ in written.choices]
    found = []
    if not written.choices and not written.answers:
        found.append(
            ("this question has no answers", "write some as `- (x) …` and `- ( ) …`, or one as `= …`")
        )
    if written.choices and written.answers:
        found.append(("this question has answers to choose and one to type", "keep one of the two"))
    if len({bracket for bracket, _, _, _ in written.choices}) > 1:
        found.append(
            ("round and square brackets in one question", "`( )` for one right answer, `[ ]` for several")
        )
    elif type == SINGLE and right > 1:
        found.append(
            (f"{right} right answers, and one can be chosen", "write `[ ]` and `[x]`, so that several can be")
        )
    elif written.choices and not right:
        found.append(("no answer of this question is right", "mark it with an x: `(x)` or `[x]`"))
    if len(written.choices) == 1:
        found.append(("one answer is no choice", "add a second"))
    found += [_backwards(each) for each in written.answers if type == NUMBER and _is_backwards(each)]
    if len(set(texts)) < len(texts):
        found.append(("two answers of this question are the same", "delete one, or say how they differ"))
    return found


def _is_backwards(answer: str) -> bool:
    first, last = _ends(answer)
    return float(first.replace(",", ".")) > float(last.replace(",", "."))


def _backwards(answer: str) -> tuple[str, str]:
    first, last = _ends(answer)
    return f"no number lies from {first} to {last}", f"write the smaller one first: `= {last}..{first}`"


def _ends(answer: str) -> tuple[str, str]:
    """The first and the last number of a range; of a single number, itself twice."""
    first, dots, last = answer.partition("..")
    return first, last if dots else first


def _check_twice(written: list[_Written], doc: Document, problems: Problems) -> None:
    seen: set[str] = set()
    for each in written:
        words = " ".join(each.words)
        if words in seen:
            problems.add(
                _line(doc, each.line), "this question is asked twice", "delete it, or say how it differs"
            )
        seen.add(words)


def _inline(text: str) -> str:
    """One line of Markdown as HTML, without a paragraph around it."""
    return render_markdown(text).html.strip().removeprefix("<p>").removesuffix("</p>") if text else ""


def _id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
