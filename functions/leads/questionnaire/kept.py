"""What is kept of a filled questionnaire: answers, scores, tiers and outcome, as plain JSON in the submission.

The result stands in the event, and is not made again from the answers: a later edition may ask and score
otherwise, and a lead keeps what they were told. Answers to sensitive questions are not in it, nor is what they
decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leads.questionnaire.scores import Result, Score, dimensions_of, score, tier_of
from leads.questionnaire.tree import HIGHEST, TALLY, TIERS, Questionnaire
from leads.questionnaire.walk import Answers, Walk


@dataclass(frozen=True, slots=True)
class Kept:
    """A result as it is stored and shown. `tiers` are the labels of the tiers, by dimension."""

    edition: str = ""
    answers: Answers = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    points: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, without what is empty."""
        answers = {name: each if isinstance(each, str) else list(each) for name, each in self.answers.items()}
        known = {
            "edition": self.edition,
            "answers": answers,
            "scores": {name: list(each) for name, each in self.scores.items()},
            "tiers": dict(self.tiers),
            "outcome": self.outcome,
            "points": self.points,
        }
        return {name: value for name, value in known.items() if value}


def result_of(questionnaire: Questionnaire, walk: Walk) -> Kept:
    """The whole result of a walk, as it is shown to who answered."""
    return _kept(questionnaire, walk.answers, score(questionnaire, walk))


def without_sensitive(questionnaire: Questionnaire, shown: Kept) -> Kept:
    """The same without the answers to sensitive questions, and without what they count for."""
    private = [each for each in questionnaire.questions if each.sensitive]
    if not private:
        return shown
    counted = {name for each in private for name in dimensions_of(each)}
    decides = {
        TALLY: any(choice.marks for each in private for choice in each.options),
        TIERS: questionnaire.tiers_of in counted,
        HIGHEST: any(each.dimension in counted for each in questionnaire.outcomes),
    }.get(questionnaire.decided_by, False)
    names = {each.name for each in private}
    return Kept(
        shown.edition,
        {name: each for name, each in shown.answers.items() if name not in names},
        {name: each for name, each in shown.scores.items() if name not in counted},
        {name: each for name, each in shown.tiers.items() if name not in counted},
        "" if decides else shown.outcome,
        0 if decides else shown.points,
    )


def from_json(raw: Mapping[str, Any]) -> Kept:
    """The inverse of `Kept.to_json`; unknown keys are passed over."""
    answers = {
        name: each if isinstance(each, str) else tuple(each) for name, each in raw.get("answers", {}).items()
    }
    scores = {name: Score(*each) for name, each in raw.get("scores", {}).items()}
    outcome, points = raw.get("outcome", ""), raw.get("points", 0)
    return Kept(raw.get("edition", ""), answers, scores, raw.get("tiers", {}), outcome, points)


def _kept(questionnaire: Questionnaire, answers: Answers, result: Result) -> Kept:
    tiers = {
        each.name: tier.label
        for each in questionnaire.dimensions
        if each.name in result.scores and (tier := tier_of(each, result.scores[each.name]))
    }
    outcome = questionnaire.outcome(result.outcome)
    points = outcome.points if outcome else 0
    return Kept(questionnaire.edition, answers, result.scores, tiers, result.outcome, points)
