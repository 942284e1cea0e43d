"""Proofs over a compiled questionnaire, by trying: which questions are reached, how long the ways are.

Only the questions that conditions ask about decide the way, so their answers are enumerated, each by the values
that conditions tell apart. Beyond `MOST_WAYS` ways the rest is not tried, and what was not seen is "not proved".
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from leads.conditions import holds
from leads.questionnaire.tree import Question, Questionnaire
from leads.questionnaire.walk import NEVER, Answers, Known

MOST_WAYS = 200_000

#: Reading speed in words a second (about 200 a minute), and seconds to decide, by type.
_WORDS_A_SECOND = 3.4
_TO_DECIDE = {"text": 25.0, "ranking": 15.0, "number": 8.0}
_TO_CHOOSE = 3.0


@dataclass(frozen=True)
class Way:
    """One way through: the answers that decide it, and the questions that are visible on it."""

    answers: Answers
    visible: tuple[Question, ...]

    @property
    def seconds(self) -> float:
        """How long it takes to read and answer, about."""
        return sum(map(_seconds, self.visible))


@dataclass(frozen=True)
class Ways:
    """All ways that differ in what is visible or in the answers that decide. `complete`: none was left out."""

    ways: tuple[Way, ...]
    complete: bool

    @property
    def reached(self) -> frozenset[str]:
        """The names of the questions that are visible on any way."""
        return frozenset(each.name for way in self.ways for each in way.visible)


def find_ways(questionnaire: Questionnaire) -> Ways:
    """Enumerate the ways through a questionnaire."""
    cases = {
        each.name: _cases(each, _asked_about(questionnaire, each.name)) for each in questionnaire.questions
    }
    deciding = {each.name for each in questionnaire.questions if _is_asked_about(questionnaire, each.name)}
    found: list[Way] = []
    steps = 0
    pending: list[tuple[int, Answers, tuple[Question, ...]]] = [(0, {}, ())]
    while pending and steps < MOST_WAYS:
        steps += 1
        index, answers, visible = pending.pop()
        while index < len(questionnaire.questions):
            question = questionnaire.questions[index]
            index += 1
            if question.show_if and not holds(question.show_if, Known(answers), NEVER):
                continue
            visible = (*visible, question)
            if question.name in deciding:
                first, *others = cases[question.name]
                pending += [(index, _with(answers, question.name, each), visible) for each in others]
                answers = _with(answers, question.name, first)
        found.append(Way(answers, visible))
    return Ways(tuple(found), not pending)


def minutes(ways: Ways) -> tuple[int, int]:
    """The minutes of the shortest and of the longest way, each at least one."""
    seconds = [way.seconds for way in ways.ways]
    return max(1, math.ceil(min(seconds) / 60)), max(1, math.ceil(max(seconds) / 60))


def _with(answers: Answers, name: str, answer: str | tuple[str, ...]) -> Answers:
    return {**answers, name: answer} if answer else answers


def _is_asked_about(questionnaire: Questionnaire, name: str) -> bool:
    return any(name in facts for each in questionnaire.questions for facts, _ in _comparisons(each.show_if))


def _asked_about(questionnaire: Questionnaire, name: str) -> list[tuple[str, ...]]:
    """What conditions compare the answer to a question with."""
    return [
        values
        for each in questionnaire.questions
        for fact, values in _comparisons(each.show_if)
        if fact == name
    ]


def _comparisons(condition: object) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions that a condition names, each with the texts that it is compared with."""
    match condition:
        case ["and" | "or" | "not", *parts]:
            for part in parts:
                yield from _comparisons(part)
        case [str(), str(fact), *values]:
            yield fact.split(".")[1], tuple(str(each) for each in values)


def _cases(question: Question, compared: Sequence[tuple[str, ...]]) -> list[str | tuple[str, ...]]:
    """Answers that stand for all: every two that some condition tells apart are among them, or equal to one."""
    nothing: list[str | tuple[str, ...]] = [] if question.required else [""]
    if question.type == "text":
        return [*nothing, "…"]
    if question.type == "number":
        return [*nothing, *_numbers(question, compared)]
    values = [each.value for each in question.options]
    if question.type == "ranking":
        return [*nothing, *((first, *(each for each in values if each != first)) for first in values)]
    if question.type == "multiple":
        return [*nothing, *_choices(question, {each for texts in compared for each in texts})]
    return [*nothing, *values]


def _choices(question: Question, compared: set[str]) -> Iterator[tuple[str, ...]]:
    """The sets of choices that conditions tell apart, each with one option more that none asks about."""
    free = [each.value for each in question.options if not each.alone]
    others = [each for each in free if each not in compared][:1]
    kept = [each for each in free if each in compared or each in others]
    for count in range(1, min(len(kept), question.at_most or len(kept)) + 1):
        yield from combinations(kept, count)
    for each in question.options:
        if each.alone:
            yield (each.value,)


def _numbers(question: Question, compared: Sequence[tuple[str, ...]]) -> list[str]:
    """The numbers that conditions compare with, and one between and beyond each two of them."""
    asked = {float(text) for texts in compared for text in texts[-1:] if _is_number(text)}
    bounds = {each for each in (question.lowest, question.highest) if each is not None}
    step = 1.0 if question.whole else 0.5
    near = {number + by for number in asked | bounds for by in (-step, 0.0, step)} or {0.0}
    low = -math.inf if question.lowest is None else question.lowest
    high = math.inf if question.highest is None else question.highest
    return [f"{each:.15g}" for each in sorted(near) if low <= each <= high]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _seconds(question: Question) -> float:
    words = " ".join((question.text, *(each.label for each in question.options)))
    # The labels of a scale are read once, not at each question.
    counted = question.text if question.type == "scale" else words
    return len(counted.split()) / _WORDS_A_SECOND + _TO_DECIDE.get(question.type, _TO_CHOOSE)


def longest_and_shortest(ways: Ways) -> tuple[int, int]:
    """The number of questions on the shortest and on the longest way."""
    counts = [len(way.visible) for way in ways.ways]
    return min(counts), max(counts)
