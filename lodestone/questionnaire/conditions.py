"""`show_if` of questions: conditions of the language that mails use, over the answers that come before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from leads.questionnaire.walk import clean
from lodestone.content.conditions.reader import read_condition
from lodestone.content.conditions.vocabulary import Fact, Vocabulary
from lodestone.content.places import stretch_place
from lodestone.content.problems import Problems
from lodestone.questionnaire.survey import Survey, type_of
from lodestone.questionnaire.written import Written

KEY = "questions"

#: A part of a condition that looks at one answer (`leads.conditions`): `["is", "questions.role", "owner"]`.
Comparison = list[Any]

_TYPES = {
    "single": "choice",
    "picture": "choice",
    "multiple": "several",
    "scale": "number",
    "number": "number",
}


def facts_of(each: Written, survey: Survey, *, own_words: bool) -> Mapping[str, Fact]:
    """What conditions may ask of an answer, by name. `own_words`: also what a text says, not only that it is given.

    A page must decide as the server does, and no two languages compare free text alike: so `show_if` asks of a
    text only whether there is one.
    """
    kind = type_of(each.front, survey.scale)
    options = {clean(choice.value or choice.label): choice.label for choice in each.choices}
    key = f"{KEY}.{each.name}"
    if each.is_partial:
        return {each.name: Fact(key, "any"), f"{each.name}.first": Fact(f"{key}.first", "any")}
    if kind == "ranking":
        return {f"{each.name}.first": Fact(f"{key}.first", "choice", options)}
    if kind == "text":
        return {each.name: Fact(key, "text" if own_words else "told")}
    return {each.name: Fact(key, _TYPES[kind], options if kind != "scale" else {})}


def read_show_if(survey: Survey, problems: Problems) -> dict[str, list[Any]]:
    """The compiled conditions by question; what is wrong with one is reported, and it is left out."""
    found: dict[str, list[Any]] = {}
    for index, each in enumerate(survey.questions):
        text = each.front.show_if
        if not text:
            continue
        condition, troubles = read_condition(text, _words(survey, index))
        for offset, length, message, help in troubles:
            place = stretch_place(each.doc, (*each.path, "show_if"), text, offset, length)
            problems.add(place, message, help)
        betrayed = _betrayed(each, condition, survey)
        if betrayed:
            message = f"who is asked this tells the answer to `{betrayed}`, which is sensitive"
            problems.add(each.key("show_if"), message, "mark this question `sensitive: true`, too")
        found |= {each.name: condition} if condition else {}
    return found


def _betrayed(each: Written, condition: Any, survey: Survey) -> str:
    """The sensitive question whose answer can be told from an answer that is stored, "" if there is none."""
    if each.front.sensitive or not condition:
        return ""
    asked = {question_of(comparison) for comparison in comparisons_in(condition)}
    return next(
        (other.name for other in survey.questions if other.front.sensitive and other.name in asked), ""
    )


def comparisons_in(condition: object) -> Iterator[Comparison]:
    """The parts of a compiled condition that look at an answer."""
    match condition:
        case ["and" | "or" | "not", *parts]:
            for part in parts:
                yield from comparisons_in(part)
        case [str(test), str(fact), *values]:
            yield [test, fact, *values]


def question_of(comparison: Comparison) -> str:
    """The name of the question whose answer a comparison looks at."""
    return str(comparison[1]).split(".")[1]


def _words(survey: Survey, index: int) -> Vocabulary:
    """The words for the condition of the question at `index`: the answers before it, and why not the others."""
    facts: dict[str, Fact] = {}
    for each in survey.questions[:index]:
        facts |= facts_of(each, survey, own_words=False)
    refused = dict(_refused(survey.questions[index:], survey))
    refused |= {
        each.name: (f"`{each.name}` is put in order", f"ask for its first place: `{each.name}.first`")
        for each in survey.questions[:index]
        if type_of(each.front, survey.scale) == "ranking"
    }
    facts |= {f"{KEY}.{name}": fact for name, fact in facts.items()}
    return replace(Vocabulary(facts, ()), refused=refused)


def _refused(later: Sequence[Written], survey: Survey) -> Mapping[str, tuple[str, str]]:
    help = "a condition looks back only: move the question up, or ask something that comes earlier"
    refused = {each.name: (f"`{each.name}` is asked later", help) for each in later}
    refused[later[0].name] = (f"`{later[0].name}` is this question itself", help)
    return refused
