"""Walks a questionnaire along what was posted: which questions are visible, their answers, what is wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from leads.conditions import holds
from leads.posted import Posted
from leads.questionnaire.tree import ONE_OF, Choice, Question, Questionnaire

#: Answers by question: of one that takes several, the values in order.
Answers = Mapping[str, str | tuple[str, ...]]

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
#: Blanks that count for nothing at either end: separators of Unicode, and line breaks.
_EDGE = "".join(
    map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 10))
)
#: Conditions of a questionnaire ask for no time.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Walk:
    """The way through a questionnaire: the visible questions in order, the answers, a message for each error."""

    visible: tuple[Question, ...]
    answers: Answers
    errors: Mapping[str, str] = field(default_factory=dict)


#: What is wrong with an answer, in the words that server and page use alike.
MESSAGES = {
    "option": "Choose one of the answers offered.",
    "alone": "“{}” goes with no other answer. Choose it alone, or leave it out.",
    "at_most": "Choose {} at most.",
    "ranking": "Give each answer a place of its own.",
    "number": "Enter a number.",
    "whole": "Enter a whole number.",
    "lowest": "Enter {} or more.",
    "highest": "Enter {} or less.",
    "max_length": "Shorten this to {} characters.",
}


class _Wrong(ValueError):
    """The answer is not valid; the message says what to do."""


def walk(questionnaire: Questionnaire, posted: Posted) -> Walk:
    """Read what was posted for the visible questions. Never raises, whatever was posted."""
    visible: list[Question] = []
    answers: dict[str, str | tuple[str, ...]] = {}
    errors: dict[str, str] = {}
    for question in questionnaire.questions:
        if question.show_if and not holds(question.show_if, Known(answers), NEVER):
            continue
        visible.append(question)
        try:
            answer = _read(question, posted.get(question.name, ()))
        except _Wrong as wrong:
            errors[question.name] = str(wrong)
            continue
        if answer:
            answers[question.name] = answer
        elif question.required:
            errors[question.name] = missing(question)
    return Walk(tuple(visible), answers, errors)


def as_text(answer: str | Sequence[str]) -> str:
    """An answer as conditions read it: several choices are joined by ", "."""
    return answer if isinstance(answer, str) else ", ".join(answer)


@dataclass(frozen=True, slots=True)
class Known:
    """The answers so far, for conditions (`leads.conditions.Facts`). A ranking's `.first` is its first place."""

    answers: Answers

    def value(self, fact: str) -> str:
        name, _, part = fact.removeprefix("questions.").partition(".")
        answer = self.answers.get(name, "")
        return answer[0] if part == "first" and not isinstance(answer, str) else as_text(answer)

    def activities(self, type: str, scope: str) -> None:
        return None


def _read(question: Question, values: Sequence[str]) -> str | tuple[str, ...]:
    cleaned = [text for text in (clean(value) for value in values) if text]
    if not cleaned:
        return ""
    if question.type == "multiple":
        return _several(question, cleaned)
    if question.type == "ranking":
        return _ranking(question, cleaned)
    if question.type in ONE_OF:
        return _option(question, cleaned[-1]).value
    return _number(question, cleaned[-1]) if question.type == "number" else _text(question, cleaned[-1])


def clean(value: str) -> str:
    """NFC, without control characters but line breaks, and without blanks at either end."""
    value = unicodedata.normalize("NFC", value).replace("\r\n", "\n")
    return "".join(
        " " if unicodedata.category(each) in ("Cc", "Cs", "Co") and each != "\n" else each for each in value
    ).strip(_EDGE)


def _option(question: Question, value: str) -> Choice:
    found = question.choice(value)
    if found is None:
        raise _Wrong(MESSAGES["option"])
    return found


def _several(question: Question, values: Sequence[str]) -> tuple[str, ...]:
    chosen = {_option(question, each).value for each in values}
    alone = [each.label for each in question.options if each.alone and each.value in chosen]
    if alone and len(chosen) > 1:
        raise _Wrong(MESSAGES["alone"].format(alone[0]))
    if question.at_most and len(chosen) > question.at_most:
        raise _Wrong(MESSAGES["at_most"].format(question.at_most))
    return tuple(each.value for each in question.options if each.value in chosen)


def _ranking(question: Question, values: Sequence[str]) -> tuple[str, ...]:
    ranked = tuple(_option(question, each).value for each in values)
    if len(set(ranked)) < len(ranked) or len(ranked) < len(question.options):
        raise _Wrong(MESSAGES["ranking"])
    return ranked


def _number(question: Question, value: str) -> str:
    if not (_WHOLE if question.whole else _NUMBER).fullmatch(value):
        raise _Wrong(MESSAGES["whole" if question.whole else "number"])
    value = value.replace(",", ".")
    lowest, highest = question.lowest, question.highest
    if lowest is not None and float(value) < lowest:
        raise _Wrong(MESSAGES["lowest"].format(_plain(lowest)))
    if highest is not None and float(value) > highest:
        raise _Wrong(MESSAGES["highest"].format(_plain(highest)))
    return value


def _text(question: Question, value: str) -> str:
    if len(value) > question.max_length:
        raise _Wrong(MESSAGES["max_length"].format(question.max_length))
    return value


def missing(question: Question) -> str:
    """The message where a required question has no answer."""
    return _MISSING.get(question.type, "Choose an answer to: {}").format(question.text)


_MISSING = {
    "multiple": "Choose at least one answer to: {}",
    "ranking": "Give each answer a place: {}",
    "number": "Enter a number for: {}",
    "text": "Write an answer to: {}",
}


def _plain(number: float) -> str:
    """`5` for 5.0."""
    return str(int(number)) if number == int(number) else str(number)
