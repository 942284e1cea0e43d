"""The compiled questionnaire, as the funnel definition holds it: plain data, ready to be walked and scored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from leads.placeholders import Parts, decode

#: The implicit dimension of all points together.
SCORE = "score"

#: The types whose answer is one of the options, and those whose answer is several of them.
ONE_OF, SEVERAL = frozenset({"single", "scale", "picture"}), frozenset({"multiple", "ranking"})

#: What decides the outcome: the options chosen most, the tiers of a dimension, or the highest dimension.
TALLY, TIERS, HIGHEST = "tally", "tiers", "highest"

#: Where the contact questions stand.
FIRST, BEFORE, AFTER, SKIPPABLE = "first", "before the result", "after the result", "skippable"

#: Points by dimension, or marks by outcome.
Weights = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. `points` count for dimensions, `marks` for outcomes; an `alone` one goes with no other."""

    value: str
    label: str
    points: Weights = field(default_factory=dict)
    marks: Weights = field(default_factory=dict)
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The points of a number from `start` on, up to the next band's start."""

    start: float
    points: Weights


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `text` is what is asked, for messages; `show_if` is a condition (`leads.conditions`).

    `type`: single, scale, picture, multiple, ranking, number or text. `at_most` limits the choices of a multiple
    one (0: no limit), `lowest` and `highest` the value of a number, `max_length` the characters of a text. The
    answer to a `sensitive` question is no part of what a lead is known by (`kept.without_sensitive`).
    """

    name: str
    type: str
    text: str
    required: bool = True
    options: tuple[Choice, ...] = ()
    show_if: list[Any] | None = None
    at_most: int = 0
    lowest: float | None = None
    highest: float | None = None
    whole: bool = False
    bands: tuple[Band, ...] = ()
    max_length: int = 500
    sensitive: bool = False

    def choice(self, value: str) -> Choice | None:
        """The option with this value."""
        return next((each for each in self.options if each.value == value), None)


@dataclass(frozen=True, slots=True)
class Tier:
    """A half-open interval of a dimension: from `start` (included) up to the next tier's start."""

    start: int
    label: str
    text: Parts = ()


@dataclass(frozen=True, slots=True)
class Dimension:
    """What points are added up for. Tiers are in per cent, or `in_points`; ascending, the first from the lowest."""

    name: str
    label: str
    tiers: tuple[Tier, ...] = ()
    in_points: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a visitor is told they are. `points` warm the lead; `url` is the page that they may share.

    `start` is the lower end of its interval where tiers decide, `dimension` what it stands for where the
    highest dimension does.
    """

    name: str
    title: str
    text: Parts = ()
    points: int = 0
    url: str = ""
    start: int = 0
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The whole. `edition` changes with every question, option and rule; outcomes stand in the order of ties.

    `decided_by` is one of TALLY, TIERS, HIGHEST, "" where there are no outcomes; `tiers_of` is the dimension
    whose tiers decide. `contact` says where the contact questions stand; where `at_once` is false, the result
    comes by mail alone. Sensitive answers need `sensitive_consent`, and are kept apart for `keep_days` (0: not at all).
    """

    edition: str
    questions: tuple[Question, ...]
    dimensions: tuple[Dimension, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    decided_by: str = ""
    tiers_of: str = SCORE
    contact: str = BEFORE
    at_once: bool = True
    sensitive_consent: str = ""
    keep_days: int = 0

    def question(self, name: str) -> Question | None:
        """The question of this name."""
        return next((each for each in self.questions if each.name == name), None)

    def outcome(self, name: str) -> Outcome | None:
        """The outcome of this name."""
        return next((each for each in self.outcomes if each.name == name), None)


def from_json(raw: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire of a definition (`lodestone.questionnaire.compile` writes it). It ignores unknown keys."""
    lists = {
        "questions": tuple(map(_question, raw["questions"])),
        "dimensions": tuple(map(_dimension, raw.get("dimensions", ()))),
        "outcomes": tuple(
            Outcome(**_known(Outcome, each) | {"text": decode(each.get("text", ()))})
            for each in raw.get("outcomes", ())
        ),
    }
    return Questionnaire(**_known(Questionnaire, raw) | lists)


def _question(raw: Mapping[str, Any]) -> Question:
    options = tuple(Choice(**_known(Choice, each)) for each in raw.get("options", ()))
    bands = tuple(Band(**_known(Band, each)) for each in raw.get("bands", ()))
    return Question(**_known(Question, raw) | {"options": options, "bands": bands})


def _dimension(raw: Mapping[str, Any]) -> Dimension:
    tiers = (
        Tier(**_known(Tier, each) | {"text": decode(each.get("text", ()))}) for each in raw.get("tiers", ())
    )
    return Dimension(**_known(Dimension, raw) | {"tiers": tuple(tiers)})


def _known(cls: type, raw: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {name: value for name, value in raw.items() if name in names}
