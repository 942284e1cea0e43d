"""The keys of a survey: its questions, what they count for, what comes of them."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from lodestone.content.schema import Line, LineOr, OneOrList, OneOrMapping, Picture, Strict, Text
from lodestone.content.shapes import Name

Points = Annotated[int, Field(ge=-1000, le=1000)]
Limit = Annotated[int, Field(ge=-100_000, le=100_000)]
QuestionType = Literal["single", "multiple", "scale", "number", "ranking", "text", "picture"]
#: What is asked, on one line; longer than a title, as items of questionnaires may be.
Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


#: The name of a dimension or an outcome, where one is meant that magnet.md has: which there are is checked later.
Meant = Line


def _one_or_more(value: str | list[str]) -> str | list[str]:
    if value == []:
        raise ValueError("name one dimension at least, or delete the line")
    return value


Dimensions = Annotated[OneOrList[Meant], AfterValidator(_one_or_more)]


class ScaleFront(Strict):
    """A row of numbers, with words for its two ends, or a label for each number."""

    lowest: Annotated[int, Field(ge=0, le=10)] = 1
    highest: Annotated[int, Field(ge=1, le=10)] = 5
    low: Line | None = None
    high: Line | None = None
    labels: list[Line] = []


class ChoiceFront(Strict):
    """One option. `value` is what is stored and what conditions say; left out, it is the label.

    `points` are a number, or one for each dimension; `outcome` is what choosing it speaks for, or several with marks.
    """

    label: Line
    value: Line | None = None
    points: OneOrMapping[dict[Meant, Points], Points] | None = None
    outcome: OneOrMapping[dict[Meant, Points], Meant] | None = None
    picture: Picture | None = None
    alone: bool = False


class BandFront(Strict):
    """The points of a number that is at least so much, up to where the next band begins."""

    at_least: Decimal
    points: Points


class QuestionFront(Strict):
    """One question. In a file of `questions/` the heading is `question`, and the list at the end are `options`."""

    name: Name | None = None
    question: Asked | None = None
    type: QuestionType | None = None
    required: bool = True
    help: str = ""  # Markdown
    options: list[LineOr[ChoiceFront]] = []
    points: list[Points] = []  # of the options, in their order
    outcomes: list[Meant] = []  # likewise
    at_most: Annotated[int, Field(ge=1, le=50)] | None = None
    scale: ScaleFront | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    whole: bool = False
    bands: list[BandFront] = []
    max_length: Annotated[int, Field(ge=1, le=4000)] = 500
    dimension: Dimensions | None = None
    reverse: bool = False
    show_if: Text | None = None
    sensitive: bool = False


class TierFront(Strict):
    """A part of a dimension: at least so much, up to where the next tier begins."""

    at_least: Limit
    label: Line
    text: str = ""  # Markdown


class DimensionFront(Strict):
    """What points are added up for. Tiers count in per cent, or in points."""

    name: Name
    label: Line
    tiers: list[TierFront] = []
    tiers_in: Literal["percent", "points"] = "percent"


class OutcomeFront(Strict):
    """What a visitor is told they are. `points` are added to the lead's score."""

    name: Name
    title: Line
    text: str = ""  # Markdown
    teaser: str = ""  # Markdown: for the page that may be shared
    at_least: Limit | None = None
    dimension: Meant | None = None
    points: Annotated[int, Field(ge=-1000, le=1000)] = 0


class SensitiveFront(Strict):
    """What the visitor agrees to where a question is sensitive, and for how long the answers are kept, if at all."""

    consent: Text
    keep_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class QuestionsFront(Strict):
    """The keys that a magnet with questions has."""

    questions: list[QuestionFront] = []
    scale: ScaleFront | None = None  # of every scale question that has none of its own
    dimensions: list[DimensionFront] = []
    outcomes: list[OutcomeFront] = []
    outcome_by: Line | None = None  # `most chosen`, `highest dimension`, `score`, or the name of a dimension
    contact: Literal["first", "before the result", "after the result", "skippable"] = "before the result"
    result: Literal["at once", "by mail"] = "at once"
    sensitive: SensitiveFront | None = None
