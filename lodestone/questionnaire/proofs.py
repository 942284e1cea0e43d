"""Proofs over a compiled questionnaire, by trying: which questions are reached, how long the ways are.

Only the questions that conditions ask about decide the way, so their answers are enumerated, each by the values
that conditions tell apart. Beyond `MOST_WAYS` ways the rest is not tried, and what was not seen is "not proved".
Whether one question is asked is then tried with those alone that decide it.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise

from leads.conditions import holds
from leads.questionnaire.tree import Question, Questionnaire
from leads.questionnaire.walk import NEVER, Answers, Known
from lodestone.questionnaire.conditions import Comparison, comparisons_in, question_of

MOST_WAYS = 10_000

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
    """All ways that differ in what is visible or in the answers that decide. `complete`: none was left out.

    `comparisons` are those of the questions that conditions ask about, by name: what tells answers apart.
    """

    ways: tuple[Way, ...]
    complete: bool
    comparisons: Mapping[str, tuple[Comparison, ...]]

    @cached_property
    def reached(self) -> frozenset[str]:
        """The names of the questions that are visible on any way."""
        return frozenset(each.name for way in self.ways for each in way.visible)


def find_ways(questionnaire: Questionnaire) -> Ways:
    """Enumerate the ways through a questionnaire."""
    asked_about = _asked_about(questionnaire)
    cases = {
        each.name: _cases(each, asked_about[each.name])
        for each in questionnaire.questions
        if each.name in asked_about
    }
    found: list[Way] = []
    pending: list[tuple[int, Answers, tuple[Question, ...]]] = [(0, {}, ())]
    while pending and len(found) < MOST_WAYS:
        index, answers, before = pending.pop()
        visible = list(before)
        while index < len(questionnaire.questions):
            question = questionnaire.questions[index]
            index += 1
            if question.show_if and not holds(question.show_if, Known(answers), NEVER):
                continue
            visible.append(question)
            if question.name in cases:
                first, *others = cases[question.name]
                way = tuple(visible) if others else ()
                pending += [(index, _with(answers, question.name, each), way) for each in others]
                answers = _with(answers, question.name, first)
        found.append(Way(answers, tuple(visible)))
    return Ways(tuple(found), not pending, asked_about)


def is_asked(questionnaire: Questionnaire, question: Question) -> bool | None:
    """Whether any answers lead to a question; None if there are too many that decide it to try them all."""
    deciding: set[str] = {question.name}
    for each in reversed(questionnaire.questions):
        if each.name in deciding:
            deciding |= {question_of(comparison) for comparison in comparisons_in(each.show_if)}
    alone = tuple(each for each in questionnaire.questions if each.name in deciding)
    ways = find_ways(replace(questionnaire, questions=alone))
    found = question.name in ways.reached
    return found if found or ways.complete else None


def limits(questionnaire: Questionnaire, ways: Ways) -> tuple[Way, ...]:
    """The ways; if not all were tried, one that none is shorter than, and one that none is longer than."""
    if ways.complete:
        return ways.ways
    unconditional = tuple(each for each in questionnaire.questions if not each.show_if)
    return Way({}, unconditional), Way({}, questionnaire.questions)


def minutes(ways: Collection[Way]) -> tuple[int, int]:
    """The minutes of the shortest and of the longest way, each at least one."""
    seconds = [way.seconds for way in ways]
    return max(1, math.ceil(min(seconds) / 60)), max(1, math.ceil(max(seconds) / 60))


def _with(answers: Answers, name: str, answer: str | tuple[str, ...]) -> Answers:
    return {**answers, name: answer} if answer else answers


def _asked_about(questionnaire: Questionnaire) -> dict[str, tuple[Comparison, ...]]:
    """The comparisons that conditions make, by the question whose answer they look at."""
    found: dict[str, list[Comparison]] = {}
    for each in questionnaire.questions:
        for comparison in comparisons_in(each.show_if):
            found.setdefault(question_of(comparison), []).append(comparison)
    return {name: tuple(each) for name, each in found.items()}


def _cases(question: Question, comparisons: Sequence[Comparison]) -> list[str | tuple[str, ...]]:
    """Answers that stand for all: every two that some condition tells apart are among them, or equal to one."""
    nothing: list[str | tuple[str, ...]] = [] if question.required else [""]
    if question.type == "text":
        return [*nothing, "…"]
    if question.type == "number":
        return [*nothing, *numbers_between(question, compared_numbers(comparisons))]
    values = [each.value for each in question.options]
    if question.type == "ranking":
        return [*nothing, *((first, *(each for each in values if each != first)) for first in values)]
    if question.type == "multiple":
        return [*nothing, *_choices(question, compared_texts(comparisons))]
    return [*nothing, *values]


def _choices(question: Question, compared: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The sets of choices that conditions tell apart, each with one option more that none asks about."""
    free = [each.value for each in question.options if not each.alone]
    others = [each for each in free if each not in compared][:1]
    kept = [each for each in free if each in compared or each in others]
    for count in range(1, min(len(kept), question.at_most or len(kept)) + 1):
        yield from combinations(kept, count)
    for each in question.options:
        if each.alone:
            yield (each.value,)


def compared_texts(comparisons: Sequence[Comparison]) -> frozenset[str]:
    """The texts that answers are compared with."""
    return frozenset(str(each) for comparison in comparisons for each in comparison[2:])


def compared_numbers(comparisons: Sequence[Comparison]) -> frozenset[float]:
    """The numbers that answers are compared with."""
    return frozenset(float(each[3]) for each in comparisons if each[0] == "number")


def numbers_between(question: Question, cuts: Collection[float]) -> list[str]:
    """Numbers that may be answered: the cuts, and one between and beyond each two of them."""
    bounds = {each for each in (question.lowest, question.highest) if each is not None}
    points = sorted({*cuts, *bounds}) or [0.0]
    near = {points[0] - 1, points[-1] + 1, *points}
    near |= {(before + after) / 2 for before, after in pairwise(points)}
    if question.whole:
        near = {float(whole) for each in near for whole in (math.floor(each), math.ceil(each))}
        near |= {each + by for each in near for by in (-1.0, 1.0)}
    low = -math.inf if question.lowest is None else question.lowest
    high = math.inf if question.highest is None else question.highest
    return [f"{each:.15g}" for each in sorted(near) if low <= each <= high]


def _seconds(question: Question) -> float:
    words = " ".join((question.text, *(each.label for each in question.options)))
    # The labels of a scale are read once, not at each question.
    counted = question.text if question.type == "scale" else words
    return len(counted.split()) / _WORDS_A_SECOND + _TO_DECIDE.get(question.type, _TO_CHOOSE)


def fewest_and_most(ways: Collection[Way]) -> tuple[int, int]:
    """The number of questions on the shortest and on the longest way."""
    counts = [len(way.visible) for way in ways]
    return min(counts), max(counts)
