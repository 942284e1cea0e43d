"""The quiz of a lesson: its questions, the order in which a learner sees the answers, and what they got right.

Questions and answers are known by ids that the build makes of their words, never by their position: so an order is
only for the eye, and what is posted means the same in any order. The key is in the definition and on no page.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

SINGLE, MULTIPLE, NUMBER, TEXT = "single", "multiple", "number", "text"

#: The longest answer that is stored, in characters.
LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. `feedback` is said to who chose it. One that is `last` keeps its place."""

    id: str
    html: str
    right: bool = False
    feedback: str = ""
    last: bool = False


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """One question. `choices` are those of a single or multiple choice; `answers` those that a number or text may be.

    A number's answer is `49`, or `48..50` for any from one to the other.
    """

    id: str
    type: str
    html: str
    choices: tuple[Choice, ...] = ()
    answers: tuple[str, ...] = ()
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A quiz. `passes` is the percentage of right answers that passes; `attempts` how many there are, 0 for no limit.

    A lesson whose quiz is `required` can be marked as done by who has passed. `edition` is the hash of all of it.
    """

    questions: tuple[QuizQuestion, ...]
    passes: int = 70
    attempts: int = 0
    required: bool = False
    edition: str = ""


#: What a learner answered, by the question's id: the ids of choices, or what they typed.
Answers = Mapping[str, Sequence[str]]


def quiz_of(raw: Mapping[str, Any] | None) -> Quiz | None:
    """A quiz from the definition's JSON. It ignores unknown keys."""
    if not raw:
        return None
    questions = tuple(_question(each) for each in raw.get("questions", ()))
    return Quiz(**_known(Quiz, raw) | {"questions": questions})


def _question(raw: Mapping[str, Any]) -> QuizQuestion:
    choices = tuple(Choice(**_known(Choice, each)) for each in raw.get("choices", ()))
    return QuizQuestion(
        **_known(QuizQuestion, raw) | {"choices": choices, "answers": tuple(raw.get("answers", ()))}
    )


def _known(cls: type, raw: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {key: value for key, value in raw.items() if key in names}


def in_order(question: QuizQuestion, lead: str, attempt: int) -> tuple[Choice, ...]:
    """The choices as this learner sees them in this attempt: the same at each look, the `last` ones at the end."""

    def place(choice: Choice) -> tuple[bool, str]:
        seed = f"{lead}#{question.id}#{attempt}#{choice.id}"
        return choice.last, "" if choice.last else hashlib.sha256(seed.encode()).hexdigest()

    return tuple(sorted(question.choices, key=place))


def read_answers(quiz: Quiz, posted: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What was posted, as far as it answers a question of this quiz: `q-<id>` has the answers to one."""
    found = {}
    for each in quiz.questions:
        given = [value.strip()[:LONGEST_ANSWER] for value in posted.get(f"q-{each.id}", ())]
        if each.choices:
            known = {choice.id for choice in each.choices}
            given = sorted({value for value in given if value in known})
        found[each.id] = [value for value in given if value]
    return found


def is_right(question: QuizQuestion, given: Sequence[str]) -> bool:
    """Whether a question is answered right: all right choices and no other, or one of the answers."""
    if question.choices:
        return set(given) == {each.id for each in question.choices if each.right}
    if len(given) != 1:
        return False
    if question.type == NUMBER:
        number = _number(given[0])
        return number is not None and any(_in_range(number, each) for each in question.answers)
    return _plain(given[0]) in {_plain(each) for each in question.answers}


def count_right(quiz: Quiz, answers: Answers) -> int:
    """How many questions are answered right. One that is not answered is not."""
    return sum(is_right(each, answers.get(each.id, ())) for each in quiz.questions)


def passes(quiz: Quiz, right: int) -> bool:
    """Whether so many right answers pass, by counting."""
    return right * 100 >= quiz.passes * len(quiz.questions)


def is_over(quiz: Quiz, made: int, passed: bool) -> bool:
    """Whether no further attempt follows the `made` ones: the quiz is passed, or its attempts are used up."""
    return passed or 0 < quiz.attempts <= made


def needed(quiz: Quiz) -> int:
    """How many right answers pass."""
    return -(-quiz.passes * len(quiz.questions) // 100)


def _in_range(number: Decimal, written: str) -> bool:
    first, _, last = written.partition("..")
    low, high = _number(first), _number(last or first)
    return low is not None and high is not None and low <= number <= high


def _number(text: str) -> Decimal | None:
    """A number as people type it: `49`, `49.5`, `49,5`, `-3`."""
    plain = text.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _plain(text: str) -> str:
    """A text for comparison: capitals, ways to write an accent, and blanks make no difference."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
