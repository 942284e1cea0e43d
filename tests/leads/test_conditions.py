"""Whether a condition holds for a lead, whatever is stored of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.conditions import EVER, HERE, JOINED, describe, holds
from leads.lead import Activity

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = 86400


@dataclass
class Known:
    """Facts as a test gives them."""

    values: dict[str, str] = field(default_factory=dict)
    done: dict[tuple[str, str], list[Activity]] = field(default_factory=dict)

    def value(self, fact: str) -> str:
        return self.values.get(fact, "")

    def activities(self, type: str, scope: str) -> list[Activity]:
        return self.done.get((type, scope), [])


def so(condition: list, **answers: str) -> bool:
    return holds(condition, Known({f"form.{name}": value for name, value in answers.items()}), NOW)


def clicked(days_ago: float, **detail: str) -> Known:
    activity = Activity("clicked", NOW - timedelta(days=days_ago), "guide", detail)
    return Known(done={("clicked", HERE): [activity]})


def test_a_text_is_one_of_those_asked_for():
    assert so(["is", "form.role", "owner", "partner"], role="partner")
    assert not so(["is", "form.role", "owner"], role="partner")
    assert not so(["is", "form.role", "owner"])


@pytest.mark.parametrize("stored", ["Café  Berlin ", "CAFE\u0301 BERLIN", "ｃafé berlin"])
def test_capital_letters_blanks_and_the_spelling_of_accents_make_no_difference(stored):
    assert so(["is", "form.company", "café berlin"], company=stored)
    assert so(["contains", "form.company", "FÉ B"], company=stored)
    assert so(["starts", "form.company", "Café"], company=stored)


def test_of_several_answers_each_counts_whole():
    stored = "Prices, and costs, Law"
    for option in ("Prices, and costs", "law"):
        assert so(["has", "form.topics", option], topics=stored)
    assert not so(["has", "form.topics", "price"], topics=stored)
    assert not so(["has", "form.topics", "Law"])


@pytest.mark.parametrize(
    ("sign", "true_of", "false_of"),
    [
        ("=", ["500", "500.0"], ["499", ""]),
        ("<", ["499.99", "-3"], ["500", "abc", ""]),
        ("<=", ["500"], ["500.01", "abc"]),
        (">", ["1000"], ["500", "abc", "nan"]),
        (">=", ["500", "1e3"], ["99", "lots", ""]),
    ],
)
def test_numbers_compare_as_numbers_and_what_is_none_is_neither_more_nor_less(sign, true_of, false_of):
    condition = ["number", "form.budget", sign, "500"]
    assert [value for value in true_of if not so(condition, budget=value)] == []
    assert [value for value in false_of if so(condition, budget=value)] == []


def test_dates_compare_as_dates():
    assert so(["date", "form.renewal", "<", "2027-01-31"], renewal="2026-12-01")
    assert not so(["date", "form.renewal", "<", "2027-01-31"], renewal="2027-01-31")
    assert not so(["date", "form.renewal", "<", "2027-01-31"], renewal="soon")


def test_an_answer_of_blanks_is_none():
    assert so(["given", "form.company"], company="Acme")
    assert not so(["given", "form.company"], company="  ")


def test_a_deed_counts_within_its_time_to_the_second():
    week = ["did", "clicked", HERE, 7 * DAY, {}]
    assert holds(week, clicked(7), NOW)
    assert not holds(week, clicked(7 + 1 / DAY), NOW)
    assert holds(["did", "clicked", HERE, 0, {}], clicked(4000), NOW)
    assert not holds(["did", "clicked", EVER, 0, {}], clicked(1), NOW)


def test_a_deed_must_have_every_detail_that_is_asked_for():
    facts = clicked(1, step="two", link="pricing", by="person")
    assert holds(["did", "clicked", HERE, 0, {"step": "two", "link": "pricing"}], facts, NOW)
    assert not holds(["did", "clicked", HERE, 0, {"step": "two", "link": "terms"}], facts, NOW)
    assert not holds(["did", "clicked", HERE, 0, {"lesson": "two"}], facts, NOW)


# ── parts that a newer build writes ──

NEWER = ["moon_phase", "form.role", "full"]
TRUE, FALSE = ["given", "form.role"], ["given", "form.none"]


@pytest.mark.parametrize(
    "condition", [NEWER, ["not", NEWER], ["and", TRUE, NEWER], ["or", FALSE, ["not", NEWER]]]
)
def test_what_this_version_does_not_know_makes_nothing_happen(condition):
    assert not so(condition, role="owner")


@pytest.mark.parametrize("condition", [["or", NEWER, TRUE], ["not", ["and", NEWER, FALSE]]])
def test_what_is_known_may_suffice(condition):
    assert so(condition, role="owner")


_COMPARISONS = ["is", "has", "contains", "starts", "given", "number", "date"]
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=2)
        | st.tuples(st.sampled_from([*_COMPARISONS, "and", "or", "not", "did"]), inner, inner, inner).map(
            list
        )
        | st.tuples(st.sampled_from(_COMPARISONS), st.just("form.role"), inner, inner).map(list)
    ),
    max_leaves=12,
)


@given(_json, st.text(max_size=8))
def test_nothing_that_was_stored_makes_it_raise(condition, answer):
    facts = Known({"form.role": answer}, clicked(1).done)
    assert holds(condition, facts, NOW) in (True, False)
    assert isinstance(describe(condition), str)


# ── the rules of logic ──

_leaves = st.sampled_from(
    [["is", "form.role", "owner"], ["given", "form.company"], ["number", "form.budget", ">", "5"]]
)
_trees = st.recursive(
    _leaves,
    lambda inner: (
        st.tuples(st.just("not"), inner).map(list)
        | st.tuples(st.sampled_from(["and", "or"]), inner, inner, inner).map(list)
    ),
    max_leaves=10,
)


def reckoned(tree: list, answers: dict[str, str]) -> bool:
    """The same by Python's own operators."""
    match tree:
        case ["not", part]:
            return not reckoned(part, answers)
        case ["and", *parts]:
            return all(reckoned(part, answers) for part in parts)
        case ["or", *parts]:
            return any(reckoned(part, answers) for part in parts)
    return so(tree, **answers)


@given(
    _trees,
    st.sampled_from(["owner", "staff"]),
    st.sampled_from(["", "Acme"]),
    st.sampled_from(["", "5", "6", "abc"]),
)
def test_and_or_and_not_mean_what_they_do_everywhere(tree, role, company, budget):
    answers = {"role": role, "company": company, "budget": budget}
    assert so(tree, **answers) == reckoned(tree, answers)


# ── in words ──


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (["not", ["did", "clicked", HERE, 7 * DAY, {}]], "not clicked in 7 days"),
        (["did", "clicked", HERE, 0, {"step": "two", "link": "home page"}], 'clicked two link "home page"'),
        (["did", "became_customer", EVER, 0, {}], "customer"),
        (["did", "passed_quiz", JOINED, 3600, {"quiz": "basics"}], "passed quiz quiz basics in 1 hour"),
        (["not", ["is", "form.role", "a", "b"]], 'role is not one of ("a", "b")'),
        (
            ["and", ["or", TRUE, FALSE], ["is", "lead.stage", "hot"]],
            '(role is given or none is given) and stage = "hot"',
        ),
        (["not", ["and", TRUE, FALSE]], "not (role is given and none is given)"),
        (["is", "form.stage", 'the "old" quay'], "form.stage = 'the \"old\" quay'"),
        (NEWER, "something this version does not know"),
    ],
)
def test_a_condition_reads_as_its_author_wrote_it(condition, words):
    assert describe(condition) == words
