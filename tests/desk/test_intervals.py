"""Intervals of shares and differences: against the figures that their authors printed, and against the truth."""

from itertools import product
from math import comb

import pytest

from lodestone.desk.intervals import MOST_LEADS, Count, leads_to_decide, newcombe, wilson, z_for

Z = z_for()


@pytest.mark.parametrize(
    ("some", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_the_interval_that_newcombe_prints_for_wilson_s_method(some, of, low, high):
    """Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), 857-872, table I."""
    assert wilson(Count(some, of), Z) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("count", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_has_the_interval_that_newcombe_prints_for_his_tenth_method(count, other, low, high):
    """The article that `newcombe` names, table II."""
    assert newcombe(Count(*count), Count(*other), Z) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("share", "other"), [(0.1, 0.1), (0.3, 0.5), (0.05, 0.4), (0.5, 0.5)])
def test_an_interval_holds_the_true_difference_nearly_as_often_as_it_says(share, other):
    """Over every outcome that 30 leads a version can have, each weighed by its chance."""

    def chance(some: int, of: int, true: float) -> float:
        return comb(of, some) * true**some * (1 - true) ** (of - some)

    held = 0.0
    for first, second in product(range(31), repeat=2):
        low, high = newcombe(Count(first, 30), Count(second, 30), Z)
        if low <= share - other <= high:
            held += chance(first, 30, share) * chance(second, 30, other)
    assert 0.93 < held <= 1


def test_each_of_several_comparisons_has_to_be_surer():
    assert pytest.approx(1.96, abs=0.001) == z_for(1)
    assert z_for(1) < z_for(2) < z_for(5)


@pytest.mark.parametrize(
    ("count", "other"),
    [((30, 200), (24, 200)), ((3, 20), (2, 21)), ((0, 40), (1, 35)), ((500, 999), (470, 999))],
)
def test_so_many_more_leads_decide_and_fewer_do_not(count, other):
    count, other = Count(*count), Count(*other)
    more = leads_to_decide(count, other, Z)

    def decides(leads: int) -> bool:
        factor = 1 + leads / (count.of + other.of)
        low, high = newcombe(count.times(factor), other.times(factor), Z)
        return low > 0 or high < 0

    assert decides(more)
    assert not decides(more - 2)


@pytest.mark.parametrize(
    ("count", "other"), [((3, 20), (3, 20)), ((0, 9), (0, 12)), ((5_001, 10_000), (5_000, 10_000))]
)
def test_what_takes_more_leads_than_anybody_has_is_not_promised(count, other):
    assert leads_to_decide(Count(*count), Count(*other), Z) is None
    assert MOST_LEADS >= 1_000_000
