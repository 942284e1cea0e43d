"""What the build proves of a questionnaire is what trying every answer finds."""

import time
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.questionnaire.scores import score, tier_of
from leads.questionnaire.tree import (
    HIGHEST,
    TALLY,
    TIERS,
    Band,
    Choice,
    Dimension,
    Outcome,
    Question,
    Questionnaire,
    Tier,
)
from leads.questionnaire.walk import Walk, walk
from lodestone.questionnaire.proofs import find_ways
from lodestone.questionnaire.result_proofs import find_reached
from tests.hypothesis_profiles import examples
from tests.questionnaire.authored import write
from tests.questionnaire.trees import asked, every_answer, options, survey

DIMENSION = Dimension("nerve", "Nerve", (Tier(0, "low"), Tier(30, "middle"), Tier(75, "high")))


def condition(draw: Any, before: list[Question]) -> list[Any]:
    """A comparison of an earlier answer, or two of them, perhaps negated."""
    about = draw(st.sampled_from(before))
    fact = f"questions.{about.name}"
    found: list[Any] = ["given", fact]
    values = [each.value for each in about.options]
    if about.type == "number":
        sign = draw(st.sampled_from(["=", "<", "<=", ">", ">="]))
        found = ["number", fact, sign, draw(st.sampled_from(["0", "1", "1.5", "2", "2.5", "3"]))]
    elif about.type == "ranking":
        found = ["is", f"{fact}.first", draw(st.sampled_from(values))]
    elif about.type == "multiple":
        found = ["has", fact, draw(st.sampled_from(values))]
    elif values:
        found = ["is", fact, *draw(st.sets(st.sampled_from(values), min_size=1, max_size=2))]
    if draw(st.booleans()):
        found = ["not", found]
    if draw(st.integers(0, 2)) == 0:
        return [draw(st.sampled_from(["and", "or"])), found, condition(draw, before)]
    return found


def weights(draw: Any, *names: str) -> dict[str, int]:
    return {name: draw(st.integers(-2, 3)) for name in names} if draw(st.booleans()) else {}


@st.composite
def questionnaires(draw: Any) -> Questionnaire:
    """Up to four questions of any type, conditions, points and marks."""
    found: list[Question] = []
    for index in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["single", "multiple", "ranking", "number", "text", "scale"]))
        more: dict[str, Any] = {"required": draw(st.integers(0, 3)) > 0}
        if found and draw(st.booleans()):
            more["show_if"] = condition(draw, found)
        if kind == "number":
            more |= {"lowest": 0.0, "highest": 3.0, "whole": draw(st.booleans())}
            starts = (0.0, draw(st.sampled_from([0.5, 1.0, 2.0])))
            if draw(st.booleans()):
                more["bands"] = tuple(Band(each, {"nerve": draw(st.integers(-2, 3))}) for each in starts)
        elif kind != "text":
            alone = draw(st.integers(-1, 2)) if kind == "multiple" else -1
            more["options"] = tuple(
                Choice(name, name, weights(draw, "nerve"), weights(draw, "soft", "firm"), at == alone)
                for at, name in enumerate("abc"[: draw(st.integers(2, 3))])
            )
            if kind == "multiple":
                more["at_most"] = draw(st.integers(0, 2))
        found.append(asked(f"q{index}", kind, **more))
    decided_by = draw(st.sampled_from([TALLY, TIERS, HIGHEST, ""]))
    outcomes = (
        Outcome("soft", "Soft", dimension="nerve"),
        Outcome("firm", "Firm", start=60, dimension="other"),
    )
    return survey(
        *found,
        dimensions=(DIMENSION,),
        outcomes=outcomes if decided_by else (),
        decided_by=decided_by,
        tiers_of="nerve",
    )


def every_walk(tree: Questionnaire) -> Iterator[Walk]:
    for answers in product(*(list(every_answer(each)) for each in tree.questions)):
        posted = {
            each.name: [answer] if isinstance(answer, str) else answer
            for each, answer in zip(tree.questions, answers, strict=True)
        }
        yield walk(tree, posted)


def tried(tree: Questionnaire) -> tuple[set[str], set[str], set[int], tuple[int, int]]:
    """The questions, outcomes and tiers that any answers lead to, and the fewest and most questions."""
    names, outcomes, tiers, lengths = set(), set(), set(), set()
    for each in every_walk(tree):
        assert not each.errors
        names |= {question.name for question in each.visible}
        lengths.add(len(each.visible))
        result = score(tree, each)
        outcomes |= {result.outcome} - {""}
        tier = tier_of(DIMENSION, result.scores["nerve"]) if "nerve" in result.scores else None
        tiers |= {DIMENSION.tiers.index(tier)} if tier else set()
    return names, outcomes, tiers, (min(lengths), max(lengths))


@examples(5)
@given(questionnaires())
def test_what_is_proved_is_what_trying_every_answer_finds(tree):
    ways = find_ways(tree)
    names, outcomes, tiers, lengths = tried(tree)
    assert ways.complete
    assert ways.reached == names
    assert (
        min(len(each.visible) for each in ways.ways),
        max(len(each.visible) for each in ways.ways),
    ) == lengths
    reached = find_reached(tree, ways)
    assert reached.outcomes <= outcomes
    assert reached.tiers["nerve"] <= tiers
    if reached.exact:
        assert reached.tiers["nerve"] == tiers
        if tree.decided_by != HIGHEST:  # there only what is found is told, never that there is no way
            assert reached.outcomes == outcomes


def test_a_number_between_two_that_are_asked_about_is_tried():
    number = asked("n", "number", lowest=0.0, highest=10.0)
    between = asked("between", "text", show_if=["and", ["number", "questions.n", ">", "1"], ["number", "questions.n", "<", "1.2"]])  # fmt: skip  # noqa: E501
    assert "between" in find_ways(survey(number, between)).reached


def test_a_whole_number_is_never_between_two_neighbours():
    number = asked("n", "number", lowest=0.0, highest=10.0, whole=True)
    between = lambda low, high: asked(  # noqa: E731
        "between",
        "text",
        show_if=["and", ["number", "questions.n", ">", low], ["number", "questions.n", "<", high]],
    )
    assert "between" not in find_ways(survey(number, between("1", "2"))).reached
    assert "between" in find_ways(survey(number, between("2.5", "3.5"))).reached


TENTHS = tuple(Outcome(f"from_{start}", "A tenth", start=start) for start in range(0, 101, 10))
LEADING = {
    "number": asked(
        "first",
        "number",
        lowest=0.0,
        highest=9.0,
        whole=True,
        bands=(Band(0.0, {"score": 0}), Band(5.0, {"score": 1})),
    ),
    "multiple": asked("first", "multiple", options=options("a", "b", "c", points={"a": 1, "b": 1, "c": 2})),
    "ranking": asked("first", "ranking", options=options("a", "b", "c", points={"a": 0, "b": 1, "c": 2})),
}
CONDITIONS = {
    "number": ["number", "questions.first", "<", "5"],
    "multiple": ["has", "questions.first", "a"],
    "ranking": ["is", "questions.first.first", "a"],
}


@pytest.mark.parametrize("kind", LEADING)
def test_an_answer_that_leads_along_a_way_is_worth_what_it_is_worth_there(kind):
    """Who answers 5 or more has a point and is asked no more, and who is asked more has none: never 1 of 4."""
    choices = options("x", "y", points={"x": 0, "y": 3})
    more = asked("more", "single", show_if=CONDITIONS[kind], options=choices)
    tree = survey(LEADING[kind], more, outcomes=TENTHS, decided_by=TIERS)
    walks = [score(tree, each).outcome for each in every_walk(tree)]
    reached = find_reached(tree, find_ways(tree))
    assert reached.exact
    assert reached.outcomes == set(walks)
    assert len(reached.outcomes) < len(TENTHS)


def test_all_sums_of_many_options_are_tried_at_once():
    names = [f"o{each}" for each in range(30)]
    uses = asked("uses", "multiple", options=options(*names, points=dict.fromkeys(names, 1)))
    outcomes = (Outcome("few", "Few"), Outcome("all", "All", start=100))
    tree = survey(uses, outcomes=outcomes, decided_by=TIERS)
    reached = find_reached(tree, find_ways(tree))
    assert reached.outcomes == {"few", "all"}
    assert reached.exact


@pytest.mark.slow
def test_what_is_too_much_to_try_is_not_proved_and_takes_no_minutes(tmp_path):
    questions = [
        {"name": f"q{at}", "question": "Which?", "options": ["a", "b", "c"], "points": [0, 1, 2]}
        for at in range(20)
    ]
    every = " and ".join(f'q{at} = "c"' for at in range(20))
    questions.append({"name": "last", "question": "And?", "type": "text", "show_if": every})
    outcomes = [
        {"name": "low", "title": "Low", "at_least": 0},
        {"name": "high", "title": "High", "at_least": 99},
    ]
    authored = write(tmp_path, questions, outcomes=outcomes)
    began = time.perf_counter()
    asked = authored.look.site.magnets[0].features["questions"]
    assert time.perf_counter() - began < 30
    assert "that `last` is ever asked" in asked.proved.unproved


LOST = {"name": "lost", "question": "And?", "type": "text", "show_if": 'q = "A" and q = "B"'}
Q = {"name": "q", "question": "Which?", "options": ["A", "B"], "points": [0, 1], "dimension": "nerve"}


@pytest.mark.parametrize(
    ("questions", "front", "message"),
    [
        ([Q, LOST], {}, "nobody is ever asked this: no answers before it make the condition true"),
        (
            [Q],
            {
                "outcomes": [
                    {"name": "a", "title": "A", "at_least": 0},
                    {"name": "b", "title": "B", "at_least": 30},
                    {"name": "c", "title": "C", "at_least": 60},
                ]
            },
            "no answers lead to `b`",
        ),
        (
            [
                {**Q, "outcomes": ["a", "a"]},
                {"name": "r", "question": "R?", "options": ["A", "B"], "outcomes": ["a", "b"]},
            ],
            {"outcomes": [{"name": "a", "title": "A"}, {"name": "b", "title": "B"}]},
            "no answers lead to `b`",
        ),
        (
            [Q],
            {
                "dimensions": [
                    {
                        "name": "nerve",
                        "label": "Nerve",
                        "tiers": [
                            {"at_least": 0, "label": "low"},
                            {"at_least": 40, "label": "middle"},
                            {"at_least": 70, "label": "high"},
                        ],
                    }
                ]
            },
            "no answers lead to “middle” of `nerve`",
        ),
    ],
)
def test_an_author_is_told_what_nobody_reaches(tmp_path, questions, front, message):
    front = {"dimensions": [{"name": "nerve", "label": "Nerve"}], **front}
    assert write(tmp_path, questions, **front).messages() == [message]


def test_an_author_is_told_how_long_the_ways_are(tmp_path):
    more = {"name": "more", "question": "And?", "type": "text", "show_if": 'q = "A"'}
    authored = write(
        tmp_path, [{**Q, "dimension": "nerve"}, more], dimensions=[{"name": "nerve", "label": "Nerve"}]
    )
    assert authored.look.site.magnets[0].features["questions"].proved.lengths == ("1 to 2 questions", "1 min")


def long_survey(tmp_path, last_condition: str):
    """Thirty questions, each second one asked after a certain answer to the one before."""
    questions = []
    for at in range(0, 30, 2):
        questions.append({"name": f"q{at}", "question": "Which?", "options": ["a", "b"]})
        more = {"name": f"q{at + 1}", "question": "And?", "type": "text", "show_if": f'q{at} = "b"'}
        questions.append(more)
    questions[-1]["show_if"] = last_condition
    return write(tmp_path, questions)


def test_of_a_survey_too_long_to_try_each_question_is_proved_by_those_that_decide_it(tmp_path):
    proved = long_survey(tmp_path, 'q0 = "b" and q4 = "b"').look.site.magnets[0].features["questions"].proved
    assert proved.unproved == ()
    assert proved.lengths[0] == "15 to 30 questions"


def test_a_question_that_nobody_is_asked_is_found_in_a_survey_too_long_to_try(tmp_path):
    messages = long_survey(tmp_path, 'q0 = "a" and q1 is given').messages()
    assert messages == ["nobody is ever asked this: no answers before it make the condition true"]
