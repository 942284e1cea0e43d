"""What answers are worth: exact sums, per cent of what could be reached, tiers, outcomes and their ties."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.questionnaire.kept import from_json, result_of, without_sensitive
from leads.questionnaire.scores import Score, score, score_of, tier_of
from leads.questionnaire.tree import (
    HIGHEST,
    TALLY,
    TIERS,
    Band,
    Choice,
    Dimension,
    Outcome,
    Question,
    Tier,
)
from leads.questionnaire.walk import Walk
from leads.questionnaire.words import facts, placeholders, rounded
from tests.hypothesis_profiles import examples
from tests.questionnaire.trees import answered, asked, every_answer, options, survey


def of(question: Question, answer) -> Score:
    return score_of(question, answer, "score")


def test_per_cent_is_exact_and_a_tier_begins_where_it_says():
    low, high = Tier(0, "low"), Tier(80, "high")
    dimension = Dimension("score", "Score", (low, high))
    nearly = Score(398, 0, 500)
    assert nearly.percent == Fraction(796, 10)
    assert rounded(nearly.percent) == "80"
    assert tier_of(dimension, nearly) == low
    assert tier_of(dimension, Score(400, 0, 500)) == high


def test_conditions_read_the_number_cut_and_people_read_it_rounded():
    question = asked("q", "single", options=options("a", "b", "c", points={"a": 0, "b": 398, "c": 500}))
    tree = survey(question, dimensions=(Dimension("score", "All"),))
    kept = result_of(tree, answered(tree, q="b"))
    assert facts(tree, kept)["score"] == "79.6"
    assert placeholders(tree, kept)["score"] == "80"
    third = asked("q", "single", options=options("a", "b", "c", points={"a": 0, "b": 2, "c": 3}))
    tree = survey(third)
    assert facts(tree, result_of(tree, answered(tree, q="b")))["score"] == "66.666666"


def test_a_dimension_whose_answers_are_all_worth_the_same_has_no_per_cent():
    question = asked("q", "single", options=options("a", "b", points={"a": 3, "b": 3}))
    assert of(question, "a") == Score(3, 3, 3)
    assert of(question, "a").percent is None
    assert tier_of(Dimension("score", "S", (Tier(0, "low"),)), of(question, "a")) is None


def test_tiers_in_points_count_the_points_themselves():
    dimension = Dimension("score", "S", (Tier(-5, "low"), Tier(3, "high")), in_points=True)
    assert tier_of(dimension, Score(2, -10, 10)).label == "low"
    assert tier_of(dimension, Score(3, -10, 10)).label == "high"
    assert tier_of(dimension, Score(-6, -10, 10)) is None


def test_a_hidden_question_changes_neither_points_nor_what_could_be_reached():
    first = asked("first", "single", options=options("a", "b", points={"a": 0, "b": 1}))
    more = asked(
        "more", "single", show_if=["is", "questions.first", "a"], options=options("x", "y", points={"y": 9})
    )
    tree = survey(first, more)
    assert score(tree, answered(tree, first="b", more="y")).scores["score"] == Score(1, 0, 1)
    assert score(tree, answered(tree, first="a", more="y")).scores["score"] == Score(9, 0, 10)


def test_a_dimension_that_was_not_asked_about_has_no_score():
    first = asked("first", "single", options=options("a", "b"))
    points = (Choice("x", "X", {"nerve": 0, "score": 0}), Choice("y", "Y", {"nerve": 1, "score": 1}))
    more = asked("more", "single", show_if=["is", "questions.first", "a"], options=points)
    tree = survey(first, more, dimensions=(Dimension("nerve", "Nerve", (Tier(0, "low"),)),))
    kept = result_of(tree, answered(tree, first="b"))
    assert kept.scores == {}
    assert kept.tiers == {}
    assert "nerve" not in facts(tree, kept)


def test_an_optional_question_that_is_left_out_counts_for_nothing():
    first = asked("first", "single", options=options("a", "b", points={"a": 0, "b": 1}))
    more = asked("more", "single", required=False, options=options("x", "y", points={"x": 0, "y": 9}))
    tree = survey(first, more)
    assert score(tree, answered(tree, first="b")).scores["score"] == Score(1, 0, 1)
    assert score(tree, answered(tree, first="b", more="x")).scores["score"] == Score(1, 0, 10)


def test_choosing_none_of_several_is_an_answer_worth_nothing():
    points = {"a": 2, "b": 3, "c": -1}
    uses = asked("uses", "multiple", required=False, options=options("a", "b", "c", points=points))
    tree = survey(uses)
    assert score(tree, answered(tree)).scores["score"] == Score(0, -1, 5)


def test_several_choices_with_limit_negative_points_and_one_alone():
    points = {"a": 2, "b": 3, "c": -4, "d": -1, "none": -9}
    choices = options("a", "b", "c", "d", "none", alone=("none",), points=points)
    question = asked("it", "multiple", options=choices, at_most=1)
    assert of(question, ("d",)) == Score(-1, -9, 3)
    assert of(asked("it", "multiple", options=choices), ("a", "b")) == Score(5, -9, 5)


def test_who_must_choose_something_cannot_choose_nothing():
    best = options("a", "b", points={"a": 2, "b": 3})
    assert of(asked("it", "multiple", options=best), ("a",)) == Score(2, 2, 5)
    assert of(asked("it", "multiple", options=best, required=False), ("a",)) == Score(2, 0, 5)
    worst = options("a", "b", points={"a": -2, "b": -3})
    assert of(asked("it", "multiple", options=worst), ("a",)) == Score(-2, -5, -2)


def test_a_ranking_counts_each_option_by_the_places_behind_it():
    question = asked("it", "ranking", options=options("a", "b", "c", points={"a": 1, "b": 2, "c": 3}))
    assert of(question, ("c", "b", "a")) == Score(8, 4, 8)
    assert of(question, ("a", "b", "c")) == Score(4, 4, 8)


def test_a_number_has_the_points_of_its_band():
    bands = (Band(0.0, {"score": 1}), Band(3.0, {"score": 3}), Band(9.0, {"score": 0}))
    question = asked("it", "number", lowest=0.0, highest=10.0, bands=bands)
    assert [of(question, each).points for each in ("0", "2.9", "3", "8.99", "9", "10")] == [1, 1, 3, 3, 0, 0]
    assert of(question, "3") == Score(3, 0, 3)


POINTS = st.integers(-20, 20)


@st.composite
def questions(draw) -> Question:
    """A question of any type that counts, with any points."""
    kind = draw(st.sampled_from(["single", "scale", "picture", "multiple", "ranking", "number"]))
    required = draw(st.booleans())
    if kind == "number":
        starts = sorted(draw(st.sets(st.integers(0, 8), min_size=1, max_size=4)))
        bands = tuple(Band(float(each), {"score": draw(POINTS)}) for each in starts)
        return asked("it", kind, required=required, bands=bands, lowest=float(starts[0]), highest=9.0)
    count = draw(st.integers(2, 5))
    alone = draw(st.sets(st.integers(0, count - 1), max_size=2)) if kind == "multiple" else set()
    choices = tuple(
        Choice(
            str(each), str(each), {"score": draw(POINTS)} if draw(st.booleans()) else {}, alone=each in alone
        )
        for each in range(count)
    )
    at_most = draw(st.integers(0, count)) if kind == "multiple" else 0
    return asked("it", kind, options=choices, required=required, at_most=at_most)


@examples(3)
@given(questions())
def test_least_and_most_are_those_of_all_valid_answers(question):
    found = [of(question, each) for each in every_answer(question) if each or question.type == "multiple"]
    least, most = min(each.points for each in found), max(each.points for each in found)
    assert {(each.least, each.most) for each in found} == {(least, most)}
    assert all(each.percent is None or 0 <= each.percent <= 100 for each in found)


def marked(**marks: Mapping[str, int]) -> tuple[Choice, ...]:
    return tuple(Choice(name, name, marks=each) for name, each in marks.items())


OUTCOMES = (Outcome("first", "First", points=3), Outcome("second", "Second"))


def test_of_outcomes_chosen_equally_often_the_author_s_first_is_it():
    one = asked("one", "single", options=marked(a={"second": 1}, b={"first": 1}))
    two = asked("two", "single", options=marked(a={"first": 1}, b={"second": 1}))
    tree = survey(one, two, outcomes=OUTCOMES, decided_by=TALLY)
    outcome = lambda one, two: score(tree, answered(tree, one=one, two=two)).outcome  # noqa: E731
    assert outcome("a", "a") == "first"
    assert outcome("b", "b") == "first"
    assert outcome("a", "b") == "second"


def test_where_nothing_speaks_for_any_outcome_there_is_none():
    one = asked("one", "single", options=marked(a={"second": 1}, b={}))
    tree = survey(one, outcomes=OUTCOMES, decided_by=TALLY)
    assert score(tree, answered(tree, one="b")).outcome == ""


def test_marks_of_a_ranking_weigh_by_place():
    order = asked("order", "ranking", options=marked(a={"first": 1}, b={"second": 1}, c={}))
    tree = survey(order, outcomes=OUTCOMES, decided_by=TALLY)
    assert score(tree, answered(tree, order=["b", "a", "c"])).outcome == "second"
    assert score(tree, answered(tree, order=["c", "a", "b"])).outcome == "first"


def test_of_dimensions_of_equal_per_cent_the_author_s_first_outcome_is_it():
    def both(name: str, dimension: str, most: int) -> Question:
        return asked(
            name, "single", options=(Choice("0", "0", {dimension: 0}), Choice("1", "1", {dimension: most}))
        )

    outcomes = (Outcome("one", "One", dimension="x"), Outcome("two", "Two", dimension="y"))
    tree = survey(both("a", "x", 2), both("b", "y", 7), outcomes=outcomes, decided_by=HIGHEST)
    outcome = lambda a, b: score(tree, answered(tree, a=a, b=b)).outcome  # noqa: E731
    assert [outcome("1", "1"), outcome("0", "0"), outcome("0", "1")] == ["one", "one", "two"]


def test_tiers_of_all_points_decide_the_outcome():
    question = asked("q", "scale", options=options("0", "1", "2", points={"0": 0, "1": 1, "2": 2}))
    outcomes = (Outcome("low", "Low"), Outcome("high", "High", start=50, points=7))
    tree = survey(question, outcomes=outcomes, decided_by=TIERS)
    assert [result_of(tree, answered(tree, q=each)).outcome for each in "012"] == ["low", "high", "high"]
    assert result_of(tree, answered(tree, q="2")).points == 7


@pytest.mark.parametrize("decided_by", ["", TALLY, TIERS, HIGHEST])
def test_a_walk_without_answers_has_no_outcome_and_raises_nothing(decided_by):
    tree = survey(outcomes=OUTCOMES, decided_by=decided_by)
    assert score(tree, Walk((), {})).outcome == ""


def test_what_is_kept_is_json_and_comes_back():
    uses = asked("uses", "multiple", options=options("a", "b", points={"a": 1}))
    text = asked("text", "text")
    tree = survey(uses, text, outcomes=(Outcome("low", "Low", points=2),), decided_by=TIERS)
    kept = result_of(tree, answered(tree, uses=["a", "b"], text="x"))
    assert from_json(kept.to_json()) == kept
    assert from_json({**kept.to_json(), "newer": 1}) == kept


def test_sensitive_answers_and_what_they_decide_are_not_kept():
    health = asked("health", "scale", sensitive=True, options=options("0", "1", points={"0": 0, "1": 1}))
    other = asked("other", "single", options=options("a", "b"))
    outcomes = (Outcome("low", "Low", points=1), Outcome("high", "High", start=50, points=2))
    tree = survey(health, other, outcomes=outcomes, decided_by=TIERS)
    shown = result_of(tree, answered(tree, health="1", other="a"))
    assert shown.outcome == "high"
    kept = without_sensitive(tree, shown)
    assert (kept.answers, kept.scores, kept.outcome, kept.points) == ({"other": "a"}, {}, "", 0)
