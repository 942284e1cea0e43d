"""Checks of dimensions and outcomes: each value lies in one tier, and something decides."""

from collections import Counter
from collections.abc import Iterator, Sequence

from leads.questionnaire.tree import AFTER, HIGHEST, SCORE, SKIPPABLE, TALLY, TIERS
from lodestone.content.model import Document, KeyPath
from lodestone.content.places import Place, key_place, value_place
from lodestone.content.problems import Problems
from lodestone.content.validate import did_you_mean
from lodestone.questionnaire.checks import troubles_of_scale
from lodestone.questionnaire.survey import HIGHEST_DIMENSION, MOST_CHOSEN, Survey

Found = Iterator[tuple[Place, str, str]]


def check_results(survey: Survey, doc: Document, problems: Problems) -> None:
    """Report what is wrong with the dimensions and outcomes of magnet.md."""
    for each in (
        *_of_contact(survey, doc),
        *_of_scale(survey, doc),
        *_of_dimensions(survey, doc),
        *_of_outcomes(survey, doc),
    ):
        problems.add(*each)


def _of_contact(survey: Survey, doc: Document) -> Found:
    """Whoever may see the result without an address does not wait for a mail."""
    if survey.front.result == "by mail" and survey.front.contact in (AFTER, SKIPPABLE):
        message = f"`contact: {survey.front.contact}` shows the result at once"
        help = "delete the line, or ask for the address before: `contact: before the result`"
        yield value_place(doc, ("result",)), message, help


def _of_scale(survey: Survey, doc: Document) -> Found:
    for message, help in troubles_of_scale(survey.scale) if survey.scale else ():
        yield key_place(doc, ("scale",)), message, help


def _of_dimensions(survey: Survey, doc: Document) -> Found:
    used = {word for each in survey.questions for word in survey.dimensions_of(each)}
    used |= {
        word
        for each in survey.questions
        for choice in each.choices
        if isinstance(choice.points, dict)
        for word in choice.points
    }
    counts = Counter(each.name for each in survey.dimensions)
    for index, each in enumerate(survey.dimensions):
        path: KeyPath = ("dimensions", index)
        if each.name in (SCORE, "outcome"):
            yield (
                value_place(doc, (*path, "name")),
                f"`{each.name}` has a meaning of its own",
                "choose another name",
            )
        elif counts[each.name] > 1:
            yield (
                value_place(doc, (*path, "name")),
                f"two dimensions are named `{each.name}`",
                "name each once",
            )
        elif each.name not in used and not any(question.is_partial for question in survey.questions):
            help = f"write `dimension: {each.name}` at the questions that count for it, or delete it"
            yield value_place(doc, (*path, "name")), f"no question counts for `{each.name}`", help
        starts = [tier.at_least for tier in each.tiers]
        yield from _of_starts(doc, (*path, "tiers"), starts, each.tiers_in == "percent", "tier")


def _of_starts(doc: Document, path: KeyPath, starts: Sequence[int], percent: bool, noun: str) -> Found:
    """Half-open intervals, each from its start to the next one's: no gap and no overlap if the starts ascend."""
    for index, start in enumerate(starts):
        place = value_place(doc, (*path, index, "at_least"))
        if index and start <= starts[index - 1]:
            message = f"this {noun} begins at {start}, the one before at {starts[index - 1]}"
            yield place, message, f"write the {noun}s in ascending order, each number once"
        elif percent and not 0 <= start <= 100:
            yield place, f"nobody reaches {start} per cent", "write a number from 0 to 100"
        elif percent and index == 0 and start > 0:
            message = f"from 0 to {start} per cent lies in no {noun}"
            yield place, message, f"let the first {noun} begin with `at_least: 0`"


def _of_outcomes(survey: Survey, doc: Document) -> Found:
    counts = Counter(each.name for each in survey.outcomes)
    for index, each in enumerate(survey.outcomes):
        if counts[each.name] > 1:
            place = value_place(doc, ("outcomes", index, "name"))
            yield place, f"two outcomes are named `{each.name}`", "name each once"
    wrong = list(_of_decision(survey, doc))
    yield from wrong
    if wrong or survey.unread or any(each.is_partial for each in survey.questions):
        return  # what follows from a mistake is none of its own
    if survey.decided_by == TIERS:
        yield from _of_intervals(survey, doc)
    elif survey.decided_by == TALLY:
        yield from _of_marks(survey, doc)
    elif survey.decided_by == HIGHEST:
        yield from _of_own_dimensions(survey, doc)


def _of_decision(survey: Survey, doc: Document) -> Found:
    written, known = survey.front.outcome_by, [each.name for each in survey.dimensions]
    words = [MOST_CHOSEN, HIGHEST_DIMENSION, SCORE, *known]
    if written and written not in words:
        place = value_place(doc, ("outcome_by",))
        yield place, f"`{written}` decides nothing", did_you_mean(written, words, "it can be")
    elif written and not survey.outcomes:
        yield (
            key_place(doc, ("outcome_by",)),
            "there are no outcomes to decide",
            "add `outcomes:`, or delete the line",
        )


def _of_intervals(survey: Survey, doc: Document) -> Found:
    starts = [each.at_least for each in survey.outcomes]
    for index, start in enumerate(starts):
        if start is None:
            place = value_place(doc, ("outcomes", index))
            yield place, "it is not said from where on this is the outcome", "add `at_least: …`"
    if None not in starts:
        dimension = next((each for each in survey.dimensions if each.name == survey.tiers_of), None)
        percent = dimension is None or dimension.tiers_in == "percent"
        yield from _of_starts(doc, ("outcomes",), [each or 0 for each in starts], percent, "outcome")
    if survey.tiers_of == SCORE and not any(map(survey.counts, survey.questions)):
        place = key_place(doc, ("outcomes",))
        yield (
            place,
            "no question has points",
            "add `points:` to the questions, one for each option in their order",
        )


def _of_marks(survey: Survey, doc: Document) -> Found:
    given: set[str] = set()
    for question in survey.questions:
        given |= set(question.front.outcomes)
        for choice in question.choices:
            given |= {choice.outcome} if isinstance(choice.outcome, str) else set(choice.outcome or ())
    for index, each in enumerate(survey.outcomes):
        if each.name not in given:
            place = value_place(doc, ("outcomes", index, "name"))
            help = f"write `outcome: {each.name}` at the options that speak for it; or give all `at_least:`"
            yield place, f"no answer speaks for `{each.name}`", help


def _of_own_dimensions(survey: Survey, doc: Document) -> Found:
    known = [each.name for each in survey.dimensions]
    for index, each in enumerate(survey.outcomes):
        if each.dimension not in known:
            place = value_place(doc, ("outcomes", index, "dimension"))
            message = f"`{each.name}` stands for no dimension"
            yield place, message, did_you_mean(each.dimension or each.name, known, "`dimension:` can be")
