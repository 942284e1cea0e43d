"""Proofs over results: which tiers and outcomes can be reached on any way through a questionnaire."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import islice, permutations, product
from math import prod
from operator import itemgetter

from leads.conditions import holds
from leads.questionnaire.scores import Score, dimensions_of, marks_of, outcome_of, score, score_of, value_of
from leads.questionnaire.tree import HIGHEST, ONE_OF, TALLY, TIERS, Dimension, Question, Questionnaire, Tier
from leads.questionnaire.walk import NEVER, Known, Walk
from lodestone.questionnaire.conditions import Comparison
from lodestone.questionnaire.proofs import (
    Way,
    Ways,
    compared_numbers,
    compared_texts,
    numbers_between,
)

#: Ways, combinations of marks on each, and choices of one question, beyond which the rest is not tried.
_MOST_WAYS, _MOST_MARKS, _MOST_CHOICES = 400, 20_000, 1_000
#: A ranking of more options is not tried in every order.
_MOST_RANKED = 6

Answer = str | tuple[str, ...]
Marks = tuple[int, ...]


#: The index of a sum that lies below the first tier; the name for outcomes among dimensions, which no dimension has.
BELOW, OUTCOMES = -1, ""


@dataclass
class Reached:
    """The outcomes that are reached, and of each dimension the indexes of its tiers. `exact`: no others are.

    `below` are the dimensions of which some sums lie below the first tier, and `OUTCOMES` where that is so of outcomes.
    """

    outcomes: set[str]
    tiers: dict[str, set[int]]
    exact: bool
    below: set[str] = field(default_factory=set)


def find_reached(questionnaire: Questionnaire, ways: Ways) -> Reached:
    """Find what results the ways lead to."""
    different = list({_signature(way): way for way in ways.ways}.values())
    tries = Tries(ways)
    reached = Reached(set(), {each.name: set() for each in questionnaire.dimensions}, ways.complete)
    reached.exact &= len(different) <= _MOST_WAYS and all(map(tries.is_whole, questionnaire.questions))
    for way in different[:_MOST_WAYS]:
        for dimension in questionnaire.dimensions:
            if dimension.tiers:
                found = _tiers(dimension, way, tries)
                reached.tiers[dimension.name] |= found - {BELOW}
                reached.below |= {dimension.name} if BELOW in found else set()
        reached.outcomes |= _OUTCOMES[questionnaire.decided_by](questionnaire, way, tries, reached)
    return reached


def _signature(way: Way) -> object:
    worth = {name: answer for name, answer in way.answers.items() if _counts(_named(way, name))}
    return tuple(each.name for each in way.visible), tuple(sorted(worth.items()))


def _named(way: Way, name: str) -> Question:
    return next(each for each in way.visible if each.name == name)


def _counts(question: Question) -> bool:
    return bool(dimensions_of(question)) or any(each.marks for each in question.options)


class Tries:
    """The answers that are tried: those that differ in what they are worth, and that lead along a way."""

    def __init__(self, ways: Ways):
        self.comparisons = ways.comparisons
        self._known: dict[tuple[str, Answer | None], tuple[Answer, ...]] = {}

    def is_whole(self, question: Question) -> bool:
        """Whether all sums of a question's points are tried. One that is left out changes what could be reached."""
        if not _counts(question):
            return True
        if question.type == "ranking" and len(question.options) > _MOST_RANKED:
            return False
        if question.type == "multiple":
            return prod(len(each) + 1 for each in self._groups(question)) <= _MOST_CHOICES
        return question.required or question.name in self.comparisons

    def answers(self, question: Question, way: Way) -> tuple[Answer, ...]:
        """The answers that a way leaves to a visible question; none where it is left out on this way."""
        given = way.answers.get(question.name)
        key = question.name, given
        if key not in self._known:
            self._known[key] = tuple(self._tried(question, given))
        return self._known[key]

    def _tried(self, question: Question, given: Answer | None) -> Iterable[Answer]:
        comparisons = self.comparisons.get(question.name, ())
        if not comparisons:
            return self._all(question)
        if given is None:
            return ((),) if question.type == "multiple" else ()
        if question.type in ONE_OF:
            return (given,)
        truths = _truths(comparisons, question, given)
        same = [each for each in self._all(question) if _truths(comparisons, question, each) == truths]
        return same or (given,)

    def _all(self, question: Question) -> Iterable[Answer]:
        comparisons = self.comparisons.get(question.name, ())
        values = [each.value for each in question.options]
        if question.type in ONE_OF:
            return values
        if question.type == "number":
            starts = {each.start for each in question.bands}
            return numbers_between(question, starts | compared_numbers(comparisons))
        if question.type == "ranking":
            tried_whole = len(values) <= _MOST_RANKED
            return permutations(values) if tried_whole else (tuple(values), tuple(reversed(values)))
        return islice(self._choices(question), _MOST_CHOICES)

    def _groups(self, question: Question) -> list[list[str]]:
        """The options that may be chosen together, in groups that are worth and tell the same."""
        compared = compared_texts(self.comparisons.get(question.name, ()))
        groups: dict[object, list[str]] = {}
        for each in question.options:
            if not each.alone:
                worth = tuple(sorted(each.points.items())), tuple(sorted(each.marks.items()))
                groups.setdefault(each.value if each.value in compared else worth, []).append(each.value)
        return list(groups.values())

    def _choices(self, question: Question) -> Iterable[Answer]:
        """How many of each group are chosen is all that matters."""
        yield from ((each.value,) for each in question.options if each.alone)
        groups = self._groups(question)
        most = question.at_most or len(question.options)
        for counts in product(*(range(len(each) + 1) for each in groups)):
            if int(question.required) <= sum(counts) <= most:
                chosen = zip(groups, counts, strict=True)
                yield tuple(value for group, count in chosen for value in group[:count])


def _truths(comparisons: Sequence[Comparison], question: Question, answer: Answer) -> list[bool]:
    """What the conditions make of an answer."""
    known = Known({question.name: answer} if answer else {})
    return [holds(each, known, NEVER) for each in comparisons]


def _tiers(dimension: Dimension, way: Way, tries: Tries) -> set[int]:
    """The tiers that sums of points can lie in, `BELOW` for below the first: every sum is found, a bit for each."""
    sums, least, most = 1, 0, 0
    for question in way.visible:
        if dimension.name not in dimensions_of(question):
            continue
        scores = {score_of(question, each, dimension.name) for each in tries.answers(question, way)}
        if not scores:
            continue
        bounds = next(iter(scores))
        least, most = least + bounds.least, most + bounds.most
        grown = 0
        for each in scores:
            grown |= sums << (each.points - bounds.least)
        sums = grown
    points = (least + bit for bit in range(most - least + 1) if sums >> bit & 1)
    values = (value_of(dimension, Score(each, least, most)) for each in points)
    return {_index(dimension, value) for value in values if value is not None}


def _index(dimension: Dimension, value: Fraction) -> int:
    return max((at for at, each in enumerate(dimension.tiers) if each.start <= value), default=BELOW)


def _nothing(questionnaire: Questionnaire, way: Way, tries: Tries, reached: Reached) -> set[str]:
    return set()


def _by_tiers(questionnaire: Questionnaire, way: Way, tries: Tries, reached: Reached) -> set[str]:
    """Outcomes are tiers of a dimension: the same search."""
    of = next((each for each in questionnaire.dimensions if each.name == questionnaire.tiers_of), None)
    as_tiers = tuple(Tier(each.start, each.title) for each in questionnaire.outcomes)
    dimension = Dimension(questionnaire.tiers_of, "", as_tiers, of.in_points if of else False)
    found = _tiers(dimension, way, tries)
    reached.below |= {OUTCOMES} if BELOW in found else set()
    return {questionnaire.outcomes[at].name for at in found - {BELOW}}


def _by_marks(questionnaire: Questionnaire, way: Way, tries: Tries, reached: Reached) -> set[str]:
    """Every sum of marks; too many of them end the search."""
    names = [each.name for each in questionnaire.outcomes]
    sums: set[Marks] = {(0,) * len(names)}
    for question in way.visible:
        if not any(each.marks for each in question.options):
            continue
        own = {_marks(question, each, names) for each in tries.answers(question, way)}
        if not own or not (question.required or question.name in tries.comparisons):
            own.add((0,) * len(names))
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


def _by_dimension(questionnaire: Questionnaire, way: Way, tries: Tries, reached: Reached) -> set[str]:
    """Answers that favour one dimension, for each of them; what these do not reach is not proved."""
    found: set[str] = set()
    for outcome in questionnaire.outcomes:
        answers: dict[str, Answer] = {}
        for question in way.visible:
            tried = tries.answers(question, way) if dimensions_of(question) else ()
            if tried:
                answers[question.name] = max(
                    tried, key=partial(_favour, question, dimension=outcome.dimension)
                )
        found.add(score(questionnaire, Walk(way.visible, answers)).outcome)
    return found - {""}


def _favour(question: Question, answer: Answer, dimension: str) -> int:
    names = dimensions_of(question)
    worth = {name: score_of(question, answer, name).points for name in names}
    return 2 * worth.get(dimension, 0) - sum(worth.values())


_OUTCOMES: Mapping[str, Callable[[Questionnaire, Way, Tries, Reached], set[str]]] = {
    "": _nothing,
    TIERS: _by_tiers,
    TALLY: _by_marks,
    HIGHEST: _by_dimension,
}
