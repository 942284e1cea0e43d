"""Proofs over results: which tiers and outcomes can be reached on any way through a questionnaire."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from operator import itemgetter

from leads.questionnaire.scores import Score, dimensions_of, marks_of, outcome_of, score, score_of, value_of
from leads.questionnaire.tree import HIGHEST, ONE_OF, TALLY, TIERS, Dimension, Question, Questionnaire, Tier
from leads.questionnaire.walk import Walk
from lodestone.questionnaire.proofs import Way, Ways

#: Ways, and combinations of marks on each, beyond which the rest is not tried.
_MOST_WAYS, _MOST_MARKS = 400, 20_000
#: A ranking of more options is not tried in every order.
_MOST_RANKED = 6

Answer = str | tuple[str, ...]
Marks = tuple[int, ...]


@dataclass
class Reached:
    """The outcomes that are reached, and of each dimension the indexes of its tiers. `exact`: no others are."""

    outcomes: set[str]
    tiers: dict[str, set[int]]
    exact: bool


def find_reached(questionnaire: Questionnaire, ways: Ways) -> Reached:
    """Find what results the ways lead to."""
    different = list({_signature(way): way for way in ways.ways}.values())
    reached = Reached(set(), {each.name: set() for each in questionnaire.dimensions}, ways.complete)
    reached.exact &= len(different) <= _MOST_WAYS and all(map(_is_tried_whole, questionnaire.questions))
    for way in different[:_MOST_WAYS]:
        for dimension in questionnaire.dimensions:
            if dimension.tiers:
                reached.tiers[dimension.name] |= _tiers(dimension, way)
        reached.outcomes |= _OUTCOMES[questionnaire.decided_by](questionnaire, way, reached)
    return reached


def _signature(way: Way) -> object:
    worth = {name: answer for name, answer in way.answers.items() if _counts(_named(way, name))}
    return tuple(each.name for each in way.visible), tuple(sorted(worth.items()))


def _named(way: Way, name: str) -> Question:
    return next(each for each in way.visible if each.name == name)


def _counts(question: Question) -> bool:
    return bool(dimensions_of(question)) or any(each.marks for each in question.options)


def _is_tried_whole(question: Question) -> bool:
    """Whether all sums of a question's points are tried. One that is left out changes what could be reached."""
    if not _counts(question):
        return True
    too_long = question.type == "ranking" and len(question.options) > _MOST_RANKED
    return (question.required or question.type == "multiple") and not too_long


def _answers(question: Question, way: Way) -> Iterable[Answer]:
    """The answers that a way leaves to a visible question: those that differ in what they are worth."""
    given = way.answers.get(question.name)
    if given is not None and question.type in ONE_OF:
        return (given,)
    values = [each.value for each in question.options]
    if question.type in ONE_OF:
        return values
    if question.type == "number":
        return [f"{each.start:.15g}" for each in question.bands]
    if question.type == "ranking":
        return (
            permutations(values) if len(values) <= _MOST_RANKED else (tuple(values), tuple(reversed(values)))
        )
    return _choices(question)


def _choices(question: Question) -> Iterable[Answer]:
    free = [each.value for each in question.options if not each.alone]
    most = question.at_most or len(free)
    counts = range(int(question.required), min(most, 10) + 1)
    yield from (chosen for count in counts for chosen in combinations(free, count))
    yield from ((each.value,) for each in question.options if each.alone)


def _tiers(dimension: Dimension, way: Way) -> set[int]:
    """The tiers that sums of points can lie in: every sum is found, a bit for each."""
    sums, least, most = 1, 0, 0
    for question in way.visible:
        if dimension.name not in dimensions_of(question):
            continue
        scores = {score_of(question, each, dimension.name) for each in _answers(question, way)}
        bounds = next(iter(scores))
        least, most = least + bounds.least, most + bounds.most
        grown = 0
        for each in scores:
            grown |= sums << (each.points - bounds.least)
        sums = grown
    points = (least + bit for bit in range(most - least + 1) if sums >> bit & 1)
    values = (value_of(dimension, Score(each, least, most)) for each in points)
    found = (_index(dimension, value) for value in values if value is not None)
    return {each for each in found if each >= 0}


def _index(dimension: Dimension, value: Fraction) -> int:
    return max((at for at, each in enumerate(dimension.tiers) if each.start <= value), default=-1)


def _nothing(questionnaire: Questionnaire, way: Way, reached: Reached) -> set[str]:
    return set()


def _by_tiers(questionnaire: Questionnaire, way: Way, reached: Reached) -> set[str]:
    """Outcomes are tiers of a dimension: the same search."""
    of = next((each for each in questionnaire.dimensions if each.name == questionnaire.tiers_of), None)
    as_tiers = tuple(Tier(each.start, each.title) for each in questionnaire.outcomes)
    dimension = Dimension(questionnaire.tiers_of, "", as_tiers, of.in_points if of else False)
    return {questionnaire.outcomes[at].name for at in _tiers(dimension, way)}


def _by_marks(questionnaire: Questionnaire, way: Way, reached: Reached) -> set[str]:
    """Every sum of marks; too many of them end the search."""
    names = [each.name for each in questionnaire.outcomes]
    sums: set[Marks] = {(0,) * len(names)}
    for question in way.visible:
        if not any(each.marks for each in question.options):
            continue
        own = {_marks(question, each, names) for each in _answers(question, way)}
        own |= set() if question.required else {(0,) * len(names)}
        if len(sums) * len(own) > _MOST_MARKS:
            reached.exact = False
            own, sums = _few(own), _few(sums)
        sums = {tuple(map(sum, zip(each, more, strict=True))) for each in sums for more in own}
    return {outcome_of(questionnaire, {}, dict(zip(names, each, strict=True))) for each in sums} - {""}


def _few(sums: set[Marks]) -> set[Marks]:
    """Of many sums, one for each outcome: the one that favours it most."""
    length = len(next(iter(sums)))
    return {max(sums, key=itemgetter(at)) for at in range(length)}


def _marks(question: Question, answer: Answer, names: list[str]) -> Marks:
    given: dict[str, int] = {}
    for name, count in marks_of(question, answer):
        given[name] = given.get(name, 0) + count
    return tuple(given.get(each, 0) for each in names)


def _by_dimension(questionnaire: Questionnaire, way: Way, reached: Reached) -> set[str]:
    """Answers that favour one dimension, for each of them; what these do not reach is not proved."""
    found: set[str] = set()
    for outcome in questionnaire.outcomes:
        answers: dict[str, Answer] = {}
        for question in way.visible:
            if dimensions_of(question):
                answers[question.name] = max(
                    _answers(question, way), key=lambda each: _favour(question, each, outcome.dimension)
                )
        found.add(score(questionnaire, Walk(way.visible, answers)).outcome)
    return found - {""}


def _favour(question: Question, answer: Answer, dimension: str) -> int:
    names = dimensions_of(question)
    worth = {name: score_of(question, answer, name).points for name in names}
    return 2 * worth.get(dimension, 0) - sum(worth.values())


_OUTCOMES: Mapping[str, Callable[[Questionnaire, Way, Reached], set[str]]] = {
    "": _nothing,
    TIERS: _by_tiers,
    TALLY: _by_marks,
    HIGHEST: _by_dimension,
}
