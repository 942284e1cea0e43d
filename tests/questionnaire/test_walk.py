"""The walk: who is asked what, which answers are valid, and what is said of those that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.questionnaire.walk import walk
from tests.questionnaire.trees import answered, asked, options, survey

ROLE = asked("role", "single", options=options("owner", "clerk", "0"))
TEAM = asked(
    "team", "number", show_if=["is", "questions.role", "owner"], lowest=0.0, highest=500.0, whole=True
)
SIZE = asked(
    "size", "single", show_if=["number", "questions.team", ">", "10"], options=options("big", "huge")
)
NOTE = asked("note", "text", required=False, max_length=10)


def one(question, *values: str, name: str = ""):
    """The answer to a single question, or its message."""
    found = walk(survey(question), {question.name: values})
    return found.errors.get(question.name) or found.answers.get(question.name, "")


def test_a_question_is_asked_if_its_condition_holds_for_the_answers_before_it():
    tree = survey(ROLE, TEAM, SIZE, NOTE)
    assert [each.name for each in answered(tree, role="owner", team="11").visible] == [
        "role",
        "team",
        "size",
        "note",
    ]
    assert [each.name for each in answered(tree, role="owner", team="10").visible] == ["role", "team", "note"]
    assert [each.name for each in answered(tree, role="clerk", team="11").visible] == ["role", "note"]


def test_the_answer_to_a_hidden_question_opens_nothing_and_is_not_read():
    found = answered(survey(ROLE, TEAM, SIZE, NOTE), role="clerk", team="11", size="big")
    assert found.answers == {"role": "clerk"}
    assert found.errors == {}


def test_a_condition_never_looks_ahead():
    early = asked("early", "text", show_if=["is", "questions.role", "owner"])
    assert [each.name for each in answered(survey(early, ROLE), role="owner", early="x").visible] == ["role"]


def test_an_invalid_answer_is_an_error_and_counts_as_none_for_what_follows():
    left_out = asked("why", "text", show_if=["not", ["given", "questions.role"]], required=False)
    found = answered(survey(ROLE, TEAM, left_out), role="boss", team="11")
    assert [each.name for each in found.visible] == ["role", "why"]
    assert found.errors == {"role": "Choose one of the answers offered."}
    assert found.answers == {}


def test_a_required_question_without_an_answer_says_what_to_do_by_its_type():
    kinds = {
        "single": "Choose an answer to: What about it?",
        "scale": "Choose an answer to: What about it?",
        "picture": "Choose an answer to: What about it?",
        "multiple": "Choose at least one answer to: What about it?",
        "ranking": "Give each answer a place: What about it?",
        "number": "Enter a number for: What about it?",
        "text": "Write an answer to: What about it?",
    }
    for kind, message in kinds.items():
        question = asked("it", kind, options=options("a", "b"))
        assert one(question) == message
        assert one(question, "") == message
        assert one(question, " \t\u3000") == message
        assert one(asked("it", kind, options=options("a", "b"), required=False), "") == ""


@pytest.mark.parametrize("kind", ["single", "scale", "picture"])
def test_of_one_choice_the_last_value_counts_and_zero_is_an_answer(kind):
    question = asked("it", kind, options=options("0", "1"))
    assert one(question, "0") == "0"
    assert one(question, "1", "0") == "0"
    assert one(question, "0", "") == "0"
    assert one(question, "2") == "Choose one of the answers offered."
    assert one(question, "00") == "Choose one of the answers offered."


def test_several_choices_are_taken_in_the_order_of_the_options_each_once():
    question = asked("it", "multiple", options=options("a", "b", "c"))
    assert one(question, "c", "a", "c", "") == ("a", "c")
    assert one(question, "c", "d") == "Choose one of the answers offered."


def test_several_choices_have_a_limit_and_one_that_stands_alone():
    question = asked("it", "multiple", options=options("a", "b", "c", "none", alone=("none",)), at_most=2)
    assert one(question, "a", "b") == ("a", "b")
    assert one(question, "a", "a", "b") == ("a", "b")
    assert one(question, "a", "b", "c") == "Choose 2 at most."
    assert one(question, "none") == ("none",)
    assert one(question, "a", "none") == "“NONE” goes with no other answer. Choose it alone, or leave it out."


def test_a_ranking_has_every_option_once():
    question = asked("it", "ranking", options=options("a", "b", "c"))
    assert one(question, "c", "a", "b") == ("c", "a", "b")
    for wrong in (("c", "a"), ("c", "a", "a"), ("c", "a", "b", "b"), ("c", "", "b")):
        assert one(question, *wrong) == "Give each answer a place of its own."
    assert one(question, "c", "a", "x") == "Choose one of the answers offered."


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("5", "5"),
        ("007", "007"),
        ("0", "0"),
        ("-0", "-0"),
        (" 5,5 ", "5.5"),
        ("+5", "+5"),
        ("5\u00a0", "5"),
        ("1e3", "Enter a number."),
        ("0x10", "Enter a number."),
        ("5.", "Enter a number."),
        (".5", "Enter a number."),
        ("1.000,5", "Enter a number."),
        ("Infinity", "Enter a number."),
        ("NaN", "Enter a number."),
        ("٥", "Enter a number."),
        ("5\n6", "Enter a number."),
        ("1" * 16, "Enter a number."),
        ("1" * 15, "1" * 15),
    ],
)
def test_a_number_is_digits_with_a_point_or_a_comma(typed, read):
    assert one(asked("it", "number"), typed) == read


def test_a_number_keeps_its_limits_and_is_whole_where_that_is_asked():
    question = asked("it", "number", lowest=0.0, highest=10.5)
    assert one(question, "-0.1") == "Enter 0 or more."
    assert one(question, "10,6") == "Enter 10.5 or less."
    assert one(question, "10.5") == "10.5"
    whole = asked("it", "number", whole=True)
    assert one(whole, "5.0") == "Enter a whole number."
    assert one(whole, "-5") == "-5"


def test_leading_zeros_do_not_change_what_conditions_see():
    tree = survey(ROLE, TEAM, SIZE)
    assert "size" in [each.name for each in answered(tree, role="owner", team="0011").visible]


def test_a_text_is_cleaned_before_its_length_counts():
    assert one(NOTE, "1234567890") == "1234567890"
    assert one(NOTE, "12345678901") == "Shorten this to 10 characters."
    assert one(NOTE, "  1234567890\r\n") == "1234567890"
    assert one(NOTE, "a\r\nb") == "a\nb"
    assert one(NOTE, "a\x00b\u0085c\ue000") == "a b c"
    assert one(NOTE, "😀" * 10) == "😀" * 10
    assert one(NOTE, "e\u0301" * 10) == "é" * 10


def test_the_form_of_accents_makes_no_difference():
    question = asked("it", "single", options=options("café", "thé"))
    assert one(question, "cafe\u0301") == "café"


def test_conditions_ask_for_the_first_place_of_a_ranking_and_for_one_of_several():
    order = asked("order", "ranking", options=options("a", "b"))
    uses = asked("uses", "multiple", options=options("x", "y"), required=False)
    first = asked("first", "text", show_if=["is", "questions.order.first", "b"])
    has = asked("has", "text", show_if=["has", "questions.uses", "y"])
    tree = survey(order, uses, first, has)
    names = lambda **posted: [each.name for each in answered(tree, **posted).visible]  # noqa: E731
    assert names(order=["b", "a"], uses=["x", "y"]) == ["order", "uses", "first", "has"]
    assert names(order=["a", "b"], uses=["x"]) == ["order", "uses"]
    assert names() == ["order", "uses"]


@given(
    st.dictionaries(st.sampled_from(["role", "team", "size", "note", "x"]), st.lists(st.text(), max_size=4))
)
def test_whatever_is_posted_is_walked_and_what_is_hidden_or_wrong_has_no_answer(posted):
    found = walk(survey(ROLE, TEAM, SIZE, NOTE), posted)
    names = {each.name for each in found.visible}
    assert set(found.answers) | set(found.errors) <= names
    assert not set(found.answers) & set(found.errors)
    assert all(each.name in {**found.answers, **found.errors} for each in found.visible if each.required)
