"""The rules by which written questions count: what decides the outcome, which points go where."""

from collections.abc import Mapping
from dataclasses import dataclass

from leads.questionnaire.tree import HIGHEST, SCORE, TALLY, TIERS
from lodestone.questionnaire.schema import (
    DimensionFront,
    OutcomeFront,
    QuestionFront,
    QuestionsFront,
    ScaleFront,
)
from lodestone.questionnaire.written import Written

#: Authors' words for what decides the outcome.
MOST_CHOSEN, HIGHEST_DIMENSION = "most chosen", "highest dimension"

#: Points of one option or band, by dimension.
Worth = Mapping[str, int]


def type_of(front: QuestionFront, scale: ScaleFront | None) -> str:
    """The type of a question; where it is not written, what its other keys say. `scale` is the survey's own."""
    if front.type:
        return front.type
    if front.options:
        return "single"
    if front.scale:
        return "scale"
    if front.bands or front.whole or front.min is not None or front.max is not None:
        return "number"
    return "scale" if scale else "text"


@dataclass(frozen=True)
class Survey:
    """The questions of a magnet and the keys of magnet.md that concern all of them.

    `unread` are those of the keys that have problems of their own, so that what they name is not known.
    """

    front: QuestionsFront
    questions: tuple[Written, ...]
    unread: frozenset[str] = frozenset()

    @property
    def scale(self) -> ScaleFront | None:
        """The scale of the questions that have none of their own."""
        return ScaleFront() if "scale" in self.unread else self.front.scale

    @property
    def dimensions(self) -> tuple[DimensionFront, ...]:
        return tuple(self.front.dimensions)

    @property
    def outcomes(self) -> tuple[OutcomeFront, ...]:
        return tuple(self.front.outcomes)

    @property
    def decided_by(self) -> str:
        """What decides the outcome, as the tree names it; "" where there are no outcomes."""
        if not self.outcomes:
            return ""
        written = self.front.outcome_by
        if written is None:
            return TIERS if any(each.at_least is not None for each in self.outcomes) else TALLY
        return {MOST_CHOSEN: TALLY, HIGHEST_DIMENSION: HIGHEST}.get(written, TIERS)

    @property
    def tiers_of(self) -> str:
        """The dimension whose tiers decide the outcome."""
        written = self.front.outcome_by
        return written if written and self.decided_by == TIERS else SCORE

    def dimensions_of(self, each: Written) -> tuple[str, ...]:
        """The dimensions that a question counts for."""
        named = each.front.dimension
        return (named,) if isinstance(named, str) else tuple(named or ())

    def is_worth_something(self, each: Written) -> bool:
        """Whether any answer of a question has points."""
        if type_of(each.front, self.scale) == "scale":
            return True
        return bool(
            each.front.points or each.front.bands or any(choice.points is not None for choice in each.choices)
        )

    def counts(self, each: Written) -> bool:
        """Whether any answer of a question has points that are added up."""
        is_scale = type_of(each.front, self.scale) == "scale"
        return self.scale_counts(each) if is_scale else self.is_worth_something(each)

    def always_asked(self, each: Written) -> bool:
        """Whether everybody answers a question, and the answer is kept."""
        return each.front.required and not each.front.show_if and not each.front.sensitive

    def counted_for(self, each: Written) -> frozenset[str]:
        """The dimensions that a question has points for."""
        own = (set(choice.points) for choice in each.choices if isinstance(choice.points, dict))
        return frozenset({*self.dimensions_of(each)}.union(*own))

    def always_scored(self, dimension: str) -> bool:
        """Whether every result has a number for a dimension, or for SCORE, and it is kept."""
        counting = [
            each
            for each in self.questions
            if self.counts(each) and (dimension == SCORE or dimension in self.counted_for(each))
        ]
        return any(map(self.always_asked, counting)) and not any(each.front.sensitive for each in counting)

    def scale_counts(self, each: Written) -> bool:
        """Whether a scale's numbers are points: it names a dimension, or the score alone decides the outcome."""
        decides = self.decided_by == TIERS and self.tiers_of == SCORE and not self.dimensions
        return bool(each.front.dimension) or decides

    def worth(self, each: Written, points: int | Mapping[str, int] | None) -> Worth:
        """The points of an option by dimension, and in all (`score`)."""
        if points is None:
            return {}
        if isinstance(points, int):
            return {**dict.fromkeys(self.dimensions_of(each), points), SCORE: points}
        return {**points, SCORE: sum(points.values())}
