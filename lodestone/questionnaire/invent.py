"""Invents a visitor who answers a questionnaire, for previews: some answers given, the others chosen."""

from collections.abc import Mapping, Sequence
from random import Random

from leads.questionnaire.scores import score
from leads.questionnaire.tree import ONE_OF, Question, Questionnaire
from leads.questionnaire.walk import walk

#: How many visitors are tried until one comes to the outcome that is asked for.
_TRIES = 5000

Posted = Mapping[str, Sequence[str]]


def names_of(tree: Questionnaire) -> tuple[str, ...]:
    """What may be given: answers by question, and the outcome to come to."""
    return (*(each.name for each in tree.questions), *(("outcome",) if tree.outcomes else ()))


def invent_posted(tree: Questionnaire, given: Mapping[str, str]) -> Posted | None:
    """What an invented visitor posts: the given answers (several parted by ", "), and valid ones elsewhere.

    None if no answers were found that lead to the outcome `given` names.
    """
    fixed = {name: _split(tree, name, value) for name, value in given.items() if name != "outcome"}
    wanted, random = given.get("outcome"), Random(0)
    for _ in range(_TRIES if wanted else 1):
        posted = {each.name: _answer(each, random if wanted else None) for each in tree.questions} | fixed
        if not wanted or score(tree, walk(tree, posted)).outcome == wanted:
            return posted
    return None


def _split(tree: Questionnaire, name: str, value: str) -> Sequence[str]:
    question = tree.question(name)
    several = question is not None and question.type in ("multiple", "ranking")
    return value.split(", ") if several else [value]


def _answer(question: Question, random: Random | None) -> Sequence[str]:
    """A valid answer: any one, or, without a source of chance, the first."""
    values = [each.value for each in question.options]
    if question.type in ONE_OF:
        return [random.choice(values) if random else values[0]]
    if question.type == "ranking":
        return random.sample(values, len(values)) if random else values
    if question.type == "multiple":
        free = [each.value for each in question.options if not each.alone]
        most = min(question.at_most or len(free), len(free))
        return random.sample(free, random.randint(1, most)) if random else free[:1]
    if question.type == "number":
        return [_number(question, random)]
    return ["A few words."]


def _number(question: Question, random: Random | None) -> str:
    low = 0.0 if question.lowest is None else question.lowest
    high = low + 100 if question.highest is None else question.highest
    return str(random.randint(int(low), int(high))) if random else f"{low:.15g}"
