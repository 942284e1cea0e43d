"""What answers are worth: points by dimension, per cent of what could be reached, the tier, the outcome.

All arithmetic is exact, in whole numbers and fractions; only what people read is rounded. So 79.6 per cent is
shown as 80 and is still below a tier that begins at 80.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

from leads.questionnaire.tree import (
    HIGHEST,
    ONE_OF,
    TALLY,
    TIERS,
    Band,
    Choice,
    Dimension,
    Outcome,
    Question,
    Questionnaire,
    Tier,
)
from leads.questionnaire.walk import Walk

Ranged = TypeVar("Ranged", Tier, Outcome, Band)


class Score(NamedTuple):
    """The points of one dimension, and the least and the most that the same questions could have given."""

    points: int
    least: int
    most: int

    @property
    def percent(self) -> Fraction | None:
        """The share of what could be reached, from 0 to 100; None where all answers are worth the same."""
        span = self.most - self.least
        return Fraction(100 * (self.points - self.least), span) if span else None

    def plus(self, other: "Score") -> "Score":
        """The sum of two scores."""
        return Score(self.points + other.points, self.least + other.least, self.most + other.most)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a walk. `scores` holds the dimensions that the walk has questions of, and `score`, all together."""

    scores: Mapping[str, Score]
    outcome: str = ""


def score(questionnaire: Questionnaire, walk: Walk) -> Result:
    """The result of a walk.

    An optional question that is left out counts for nothing, neither its points nor its best; leaving out all
    options of a `multiple` one is an answer, worth 0. A dimension without a counted question has no score.
    """
    scores: dict[str, Score] = {}
    marks: dict[str, int] = {}
    for question in walk.visible:
        answer = walk.answers.get(question.name, "")
        if not answer and question.type != "multiple":
            continue
        for dimension in dimensions_of(question):
            own = score_of(question, answer, dimension)
            scores[dimension] = scores[dimension].plus(own) if dimension in scores else own
        for outcome, count in marks_of(question, answer):
            marks[outcome] = marks.get(outcome, 0) + count
    return Result(scores, outcome_of(questionnaire, scores, marks))


def value_of(dimension: Dimension | None, score: Score) -> Fraction | None:
    """What tiers are compared with: per cent, or points where the dimension's tiers are in points."""
    return Fraction(score.points) if dimension and dimension.in_points else score.percent


def tier_of(dimension: Dimension, score: Score) -> Tier | None:
    """The tier that a score lies in; None where the dimension has no tiers, or the score no percentage."""
    value = value_of(dimension, score)
    return _last_from(dimension.tiers, value) if value is not None else None


def _last_from(ranges: Sequence[Ranged], value: Fraction | float) -> Ranged | None:
    return next((each for each in reversed(ranges) if each.start <= value), None)


def dimensions_of(question: Question) -> Sequence[str]:
    """The dimensions that any answer to a question has points for."""
    worth: Iterable[Choice | Band] = question.bands if question.type == "number" else question.options
    return tuple(dict.fromkeys(name for each in worth for name in each.points))


def score_of(question: Question, answer: str | tuple[str, ...], dimension: str) -> Score:
    """The points of a valid answer for one dimension, between the least and the most of the question's answers."""
    if question.type == "number":
        return _of_number(question, str(answer), dimension)
    if question.type in ONE_OF:
        worth = {each.value: each.points.get(dimension, 0) for each in question.options}
        return Score(worth[str(answer)], min(worth.values()), max(worth.values()))
    return (_of_ranking if question.type == "ranking" else _of_several)(question, answer, dimension)


def _of_number(question: Question, answer: str, dimension: str) -> Score:
    """The points of the band that the number lies in. The build takes care that every number lies in one."""
    worth = [each.points.get(dimension, 0) for each in question.bands]
    found = _last_from(question.bands, float(answer))
    return Score(found.points.get(dimension, 0) if found else 0, min(worth), max(worth))


def _of_several(question: Question, answer: Sequence[str], dimension: str) -> Score:
    """The sum of the chosen options; the worst and the best that could be chosen, at most `at_most` of them."""
    chosen = sum(each.points.get(dimension, 0) for each in question.options if each.value in answer)
    free = sorted(each.points.get(dimension, 0) for each in question.options if not each.alone)
    sums = [each.points.get(dimension, 0) for each in question.options if each.alone]
    if free:
        count = question.at_most or len(free)
        worst = sum(each for each in free[:count] if each < 0)
        best = sum(each for each in free[-count:] if each > 0)
        # Where something must be chosen, choosing nothing (0) is not among the ways.
        sums += [worst or free[0], best or free[-1]] if question.required else [worst, best]
    return Score(chosen, min(sums), max(sums)) if question.required else _with_nothing(chosen, sums)


def _with_nothing(chosen: int, sums: Sequence[int]) -> Score:
    return Score(chosen, min(0, *sums), max(0, *sums))


def _of_ranking(question: Question, answer: Sequence[str], dimension: str) -> Score:
    """The first place counts its points as often as there are places behind it, and so on (Borda's count)."""
    worth = {each.value: each.points.get(dimension, 0) for each in question.options}
    places = range(len(worth))
    by_worth = sorted(worth.values())
    points = sum(place * worth[value] for place, value in zip(reversed(places), answer, strict=True))
    most = sum(place * each for place, each in zip(places, by_worth, strict=True))
    least = sum(place * each for place, each in zip(reversed(places), by_worth, strict=True))
    return Score(points, least, most)


def marks_of(question: Question, answer: str | tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The marks that the chosen options give to outcomes; a ranking gives each as often as places are behind it."""
    chosen = (answer,) if isinstance(answer, str) else answer
    for place, value in enumerate(chosen):
        times = len(chosen) - 1 - place if question.type == "ranking" else 1
        option = question.choice(value)
        for outcome, count in option.marks.items() if option else ():
            yield outcome, times * count


def outcome_of(questionnaire: Questionnaire, scores: Mapping[str, Score], marks: Mapping[str, int]) -> str:
    """The name of the outcome, "" if nothing decides. Of equals, the first in the author's order is it."""
    outcomes = questionnaire.outcomes
    if questionnaire.decided_by == TIERS:
        found = _by_tiers(questionnaire, scores)
        return found.name if found else ""
    if questionnaire.decided_by == TALLY:
        reached = [(marks.get(each.name, 0), each.name) for each in outcomes]
        best = max((count for count, _ in reached), default=0)
        return next((name for count, name in reached if count == best), "") if best > 0 else ""
    if questionnaire.decided_by == HIGHEST:
        shares = {each.name: _percent(scores, each.dimension) for each in outcomes}
        known = {name: share for name, share in shares.items() if share is not None}
        return next((name for name, share in known.items() if share == max(known.values())), "")
    return ""


def _by_tiers(questionnaire: Questionnaire, scores: Mapping[str, Score]) -> Outcome | None:
    if questionnaire.tiers_of not in scores:
        return None
    dimension = next((each for each in questionnaire.dimensions if each.name == questionnaire.tiers_of), None)
    value = value_of(dimension, scores[questionnaire.tiers_of])
    return _last_from(questionnaire.outcomes, value) if value is not None else None


def _percent(scores: Mapping[str, Score], dimension: str) -> Fraction | None:
    return scores[dimension].percent if dimension in scores else None
