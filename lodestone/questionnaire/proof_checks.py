"""What is proved of a questionnaire: problems where something can never be reached, and a line for the author."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from leads.questionnaire.tree import HIGHEST, Questionnaire
from lodestone.content.model import Document, KeyPath
from lodestone.content.places import value_place
from lodestone.content.problems import Problems
from lodestone.questionnaire.proofs import Way, fewest_and_most, find_ways, is_asked, limits, minutes
from lodestone.questionnaire.result_proofs import OUTCOMES, Reached, find_reached
from lodestone.questionnaire.survey import Survey


@dataclass(frozen=True)
class Proved:
    """What is proved of a questionnaire: its length in questions and in minutes, and what is not certain."""

    lengths: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()


def check_reach(survey: Survey, tree: Questionnaire, doc: Document, problems: Problems) -> Proved:
    """Report what nobody reaches."""
    ways = find_ways(tree)
    unproved: list[str] = []
    for each, question in zip(survey.questions, tree.questions, strict=True):
        if each.name not in ways.reached:
            asked = False if ways.complete else is_asked(tree, question)
            if asked is False:
                message = "nobody is ever asked this: no answers before it make the condition true"
                problems.add(each.place("show_if"), message, "change `show_if`, or delete the question")
            elif asked is None:
                unproved.append(f"that `{each.name}` is ever asked")
    reached = find_reached(tree, ways)
    unproved += _results(survey, tree, reached, doc, problems)
    return Proved(_lengths(limits(tree, ways)), tuple(unproved))


def _results(
    survey: Survey, tree: Questionnaire, reached: Reached, doc: Document, problems: Problems
) -> Iterator[str]:
    """Report outcomes and tiers that no answers lead to, and answers that lead to none.

    Yields the outcomes and tiers of which it is not certain.
    """
    _report_below(survey, reached, doc, problems)
    for index, outcome in enumerate(survey.outcomes):
        if outcome.name in reached.outcomes:
            continue
        if reached.exact and tree.decided_by != HIGHEST:
            place = value_place(doc, ("outcomes", index, "name"))
            problems.add(
                place, f"no answers lead to `{outcome.name}`", "change points or limits, or delete it"
            )
        else:
            yield f"that any answers lead to `{outcome.name}`"
    for at, dimension in enumerate(survey.dimensions):
        for index, tier in enumerate(dimension.tiers):
            if index in reached.tiers.get(dimension.name, ()):
                continue
            if reached.exact:
                place = value_place(doc, ("dimensions", at, "tiers", index, "at_least"))
                message = f"no answers lead to “{tier.label}” of `{dimension.name}`"
                problems.add(place, message, "change points or limits, or delete the tier")
            else:
                yield f"that any answers lead to “{tier.label}” of `{dimension.name}`"


def _report_below(survey: Survey, reached: Reached, doc: Document, problems: Problems) -> None:
    """Report where some answers come to less than the first tier or outcome begins with."""
    paths: list[KeyPath] = [
        ("dimensions", at, "tiers") for at, each in enumerate(survey.dimensions) if each.name in reached.below
    ]
    paths += [("outcomes",)] if OUTCOMES in reached.below else []
    help = "let the first begin lower, with what the least answers come to"
    for path in paths:
        place = value_place(doc, (*path, 0, "at_least"))
        problems.add(place, "some answers come to less than this, and lie in none of them", help)


def _lengths(ways: Collection[Way]) -> tuple[str, str]:
    fewest, most = fewest_and_most(ways)
    shortest, longest = minutes(ways)
    count = f"{most} questions" if fewest == most else f"{fewest} to {most} questions"
    time = f"{longest} min" if shortest == longest else f"{shortest} to {longest} min"
    return count, time
