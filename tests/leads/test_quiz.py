"""What a learner got right in a quiz, and the order in which the answers stand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.quiz import (
    MULTIPLE,
    NUMBER,
    SINGLE,
    TEXT,
    Choice,
    Quiz,
    QuizQuestion,
    count_right,
    in_order,
    is_over,
    is_right,
    needed,
    passes,
    read_answers,
)

CHOICES = (
    Choice("a", "A", right=True),
    Choice("b", "B"),
    Choice("c", "C", right=True),
    Choice("d", "All", last=True),
)
SEVERAL = QuizQuestion("several", MULTIPLE, "Which?", CHOICES)
ONE = QuizQuestion("one", SINGLE, "Which one?", (Choice("a", "A", right=True), Choice("b", "B")))
LENGTH = QuizQuestion("length", NUMBER, "How long?", answers=("48..50", "-3"))
NAME = QuizQuestion("name", TEXT, "Who?", answers=("Zoë Marsh", "Z. Marsh"))
QUIZ = Quiz((ONE, SEVERAL, LENGTH, NAME))


@pytest.mark.parametrize(
    ("question", "given", "right"),
    [
        (ONE, ["a"], True),
        (ONE, ["b"], False),
        (ONE, [], False),
        (ONE, ["a", "b"], False),
        (SEVERAL, ["a", "c"], True),
        (SEVERAL, ["c", "a"], True),
        (SEVERAL, ["a"], False),
        (SEVERAL, ["a", "b", "c"], False),
        (SEVERAL, [], False),
        (LENGTH, ["48"], True),
        (LENGTH, ["50"], True),
        (LENGTH, ["49,5"], True),
        (LENGTH, ["50.001"], False),
        (LENGTH, ["\N{MINUS SIGN}3"], True),
        (LENGTH, ["4e1"], False),
        (LENGTH, ["nan"], False),
        (LENGTH, ["048"], True),
        (LENGTH, [""], False),
        (NAME, ["  zoe\u0308   MARSH "], True),
        (NAME, ["Zoe Marsh"], False),
        (NAME, ["z. marsh"], True),
    ],
)
def test_what_counts_as_right(question, given, right):
    assert is_right(question, given) is right


def test_what_was_posted_counts_once_and_only_where_the_quiz_asks_it():
    posted = {
        "q-one": ["a", "a", "zzz"],
        "q-several": ["c", "a", "c"],
        "q-name": ["x" * 999],
        "q-none": ["a"],
    }
    found = read_answers(QUIZ, posted)
    assert found == {"one": ["a"], "several": ["a", "c"], "length": [], "name": ["x" * 200]}


def test_what_is_not_answered_is_not_right_and_the_count_is_over_all_questions():
    assert count_right(QUIZ, {"one": ["a"]}) == 1
    assert not passes(replace(QUIZ, passes=26), 1)
    assert passes(replace(QUIZ, passes=25), 1)


def test_a_pass_mark_is_reached_by_counting():
    three = replace(QUIZ, questions=QUIZ.questions[:3], passes=67)
    assert not passes(three, 2)  # 66.6… is not 67
    assert needed(three) == 3
    assert [passes(three, right) for right in range(4)] == [right >= needed(three) for right in range(4)]


def test_a_quiz_is_over_once_passed_or_when_its_attempts_are_used_up():
    assert not is_over(QUIZ, 99, passed=False)
    assert is_over(replace(QUIZ, attempts=2), 2, passed=False)
    assert is_over(QUIZ, 1, passed=True)


@given(st.text(min_size=1, max_size=8), st.integers(0, 9))
def test_the_order_is_the_same_at_each_look_and_the_last_stays_last(lead, attempt):
    order = in_order(SEVERAL, lead, attempt)
    assert order == in_order(SEVERAL, lead, attempt)
    assert sorted(each.id for each in order) == ["a", "b", "c", "d"]
    assert order[-1].id == "d"


def test_the_order_differs_by_learner_and_by_attempt():
    orders = {tuple(each.id for each in in_order(SEVERAL, lead, n)) for lead in "xyz" for n in range(8)}
    assert len(orders) == 6
