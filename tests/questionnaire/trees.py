"""Small questionnaires, built by hand, and every valid answer to a question, for tests that try them all."""

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations
from typing import Any

from leads.questionnaire.tree import Choice, Question, Questionnaire
from leads.questionnaire.walk import Walk, walk

Answer = str | tuple[str, ...]


def options(
    *values: str, alone: tuple[str, ...] = (), points: Mapping[str, int] | None = None
) -> tuple[Choice, ...]:
    """Options whose label is their value in capitals; `points` count in all."""
    worth = points or {}
    return tuple(
        Choice(each, each.upper(), {"score": worth[each]} if each in worth else {}, alone=each in alone)
        for each in values
    )


def asked(name: str, type: str, **more: Any) -> Question:
    """A question of this type."""
    return Question(name, type, f"What about {name}?", **more)


def survey(*questions: Question, **more: Any) -> Questionnaire:
    """A questionnaire of these questions."""
    return Questionnaire("edition", questions, **more)


def answered(tree: Questionnaire, **posted: str | list[str]) -> Walk:
    """The walk along what was posted, one value or several a question."""
    return walk(tree, {name: [each] if isinstance(each, str) else each for name, each in posted.items()})


def every_answer(question: Question) -> Iterator[Answer]:
    """Every valid answer, "" or () where the question may be left out. Of a number, one for each band and bound."""
    values = [each.value for each in question.options]
    if not question.required:
        yield () if question.type == "multiple" else ""
    if question.type in ("single", "scale", "picture"):
        yield from values
    elif question.type == "ranking":
        yield from permutations(values)
    elif question.type == "multiple":
        yield from _choices(question)
    elif question.type == "number":
        yield from _numbers(question)
    else:
        yield "words"


def _choices(question: Question) -> Iterator[Answer]:
    alone = {each.value for each in question.options if each.alone}
    values = [each.value for each in question.options]
    for count in range(1, (question.at_most or len(values)) + 1):
        for chosen in combinations(values, count):
            if count == 1 or not alone & set(chosen):
                yield chosen


def _numbers(question: Question) -> Iterator[str]:
    """Each number that is whole or half, from the lowest to the highest, or a few beyond the bands."""
    starts = [each.start for each in question.bands] or [0.0]
    low = min(starts) - 2 if question.lowest is None else question.lowest
    high = max(starts) + 2 if question.highest is None else question.highest
    for half in range(int(2 * low), int(2 * high) + 1):
        if half % 2 == 0 or not question.whole:
            yield f"{half / 2:g}"
