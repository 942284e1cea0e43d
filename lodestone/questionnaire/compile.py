"""Compiles checked questions to the tree that page and functions walk, and the tree to JSON."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from typing import Any

from leads.placeholders import Parts, Placeholder, encode
from leads.questionnaire.tree import (
    Band,
    Choice,
    Dimension,
    Outcome,
    Question,
    Questionnaire,
    Tier,
)
from leads.questionnaire.walk import clean
from lodestone.questionnaire.piping import plain_text
from lodestone.questionnaire.schema import ChoiceFront, DimensionFront, OutcomeFront, ScaleFront
from lodestone.questionnaire.survey import Survey, type_of
from lodestone.questionnaire.written import Written

#: Markdown to a text that is filled in for each visitor; the second argument makes its ids unique.
Prose = Callable[[str, str], Parts]

#: Conditions by question (`conditions.read_show_if`).
Conditions = Mapping[str, list[Any]]


def compile_questions(survey: Survey, conditions: Conditions, prose: Prose, url: str) -> Questionnaire:
    """The tree. `url` is the magnet's: the pages of outcomes, which may be shared, lie below it."""
    questions = tuple(_question(each, survey, conditions.get(each.name)) for each in survey.questions)
    dimensions = tuple(_dimension(each, prose) for each in survey.dimensions)
    outcomes = tuple(_outcome(each, prose, url) for each in survey.outcomes)
    front = survey.front
    return Questionnaire(
        edition=_edition(survey, questions),
        questions=questions,
        dimensions=dimensions,
        outcomes=outcomes,
        decided_by=survey.decided_by,
        tiers_of=survey.tiers_of,
        contact=front.contact,
        at_once=front.result == "at once",
        sensitive_consent=front.sensitive.consent if front.sensitive else "",
        keep_days=(front.sensitive.keep_days or 0) if front.sensitive else 0,
    )


def outcome_path(url: str, name: str) -> str:
    """The address of the page of an outcome that may be shared."""
    return f"{url}{name.replace('_', '-')}/"


def _question(each: Written, survey: Survey, show_if: list[Any] | None) -> Question:
    front, kind = each.front, type_of(each.front, survey.scale)
    return Question(
        name=each.name,
        type=kind,
        text=plain_text(each.asked),
        required=front.required,
        options=_scale(each, survey) if kind == "scale" else _options(each, survey),
        show_if=show_if,
        at_most=front.at_most or 0,
        lowest=_number(front.min),
        highest=_number(front.max),
        whole=front.whole,
        bands=tuple(Band(float(band.at_least), survey.worth(each, band.points)) for band in front.bands),
        max_length=front.max_length,
        sensitive=front.sensitive,
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _options(each: Written, survey: Survey) -> tuple[Choice, ...]:
    front, choices = each.front, each.choices
    points = [*front.points] if front.points else [choice.points for choice in choices]
    numbers = [each for each in points if isinstance(each, int)]
    if front.reverse and numbers:
        turned = min(numbers) + max(numbers)
        points = [turned - each if isinstance(each, int) else each for each in points]
    marks = [*front.outcomes] if front.outcomes else [choice.outcome for choice in choices]
    return tuple(
        _choice(choice, survey.worth(each, points[index]), marks[index])
        for index, choice in enumerate(choices)
    )


def _choice(front: ChoiceFront, points: Mapping[str, int], mark: str | Mapping[str, int] | None) -> Choice:
    marks = {mark: 1} if isinstance(mark, str) else dict(mark or {})
    return Choice(clean(front.value or front.label), front.label, points, marks, front.alone)


def _scale(each: Written, survey: Survey) -> tuple[Choice, ...]:
    scale = each.front.scale or survey.scale or ScaleFront()
    turned = scale.lowest + scale.highest
    choices = []
    for index, number in enumerate(range(scale.lowest, scale.highest + 1)):
        label = scale.labels[index] if scale.labels else str(number)
        value = turned - number if each.front.reverse else number
        worth = survey.worth(each, value) if survey.scale_counts(each) else {}
        choices.append(Choice(str(number), label, worth))
    return tuple(choices)


def _dimension(front: DimensionFront, prose: Prose) -> Dimension:
    tiers = tuple(
        Tier(each.at_least, each.label, prose(each.text, f"{front.name}-{number}."))
        for number, each in enumerate(front.tiers, 1)
    )
    return Dimension(front.name, front.label, tiers, front.tiers_in == "points")


def _outcome(front: OutcomeFront, prose: Prose, url: str) -> Outcome:
    return Outcome(
        name=front.name,
        title=front.title,
        text=prose(front.text, f"{front.name}."),
        points=front.points,
        url=outcome_path(url, front.name),
        start=front.at_least or 0,
        dimension=front.dimension or "",
    )


def _edition(survey: Survey, questions: tuple[Question, ...]) -> str:
    """Twelve hex digits that change with every question, option, condition and rule, and with no result's text."""
    rules = [
        survey.decided_by,
        survey.tiers_of,
        [[each.name, each.at_least, each.dimension] for each in survey.outcomes],
    ]
    tiers = [[each.name, each.tiers_in, [tier.at_least for tier in each.tiers]] for each in survey.dimensions]
    content = json.dumps([as_json(questions), rules, tiers], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def as_json(value: Any) -> Any:
    """A tree as JSON that `leads.questionnaire.tree.from_json` reads; what has its default is left out."""
    if is_dataclass(value):
        return {
            each.name: as_json(getattr(value, each.name))
            for each in fields(value)
            if not _is_default(each.default, getattr(value, each.name))
        }
    if isinstance(value, Mapping):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return (
            encode(value)
            if any(isinstance(each, str | Placeholder) for each in value)
            else list(map(as_json, value))
        )
    return value


def _is_default(default: Any, value: Any) -> bool:
    return value == ({} if default is MISSING and isinstance(value, Mapping) else default)
