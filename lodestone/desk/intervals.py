"""Confidence intervals of a share and of the difference of two shares.

Shares are from 0 to 1. Counts may be fractions, so that they can be scaled.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

#: The share of intervals that contain the true value.
CONFIDENCE = 0.95
#: A test that needs more leads than this counts as one that cannot be decided.
MOST_LEADS = 1_000_000


@dataclass(frozen=True)
class Count:
    """`some` successes in `of` trials; `of` must not be 0 for a share."""

    some: float
    of: float

    @property
    def share(self) -> float:
        return self.some / self.of

    def times(self, factor: float) -> "Count":
        """Scale both numbers."""
        return Count(self.some * factor, self.of * factor)


Interval = tuple[float, float]


def z_for(comparisons: int = 1) -> float:
    """Return the half-width of an interval in standard errors, so that all `comparisons` hold together (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / (2 * max(1, comparisons)))


def wilson(count: Count, z: float) -> Interval:
    """Return the score interval of a share, which is valid for small numbers too and stays within 0 to 1.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), 209-212.
    """
    share, of = count.share, count.of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def newcombe(count: Count, other: Count, z: float) -> Interval:
    """Return the interval of `count`'s share minus `other`'s, made of the score intervals of the two.

    R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven
    methods, Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    low, high = wilson(count, z)
    other_low, other_high = wilson(other, z)
    share, other_share = count.share, other.share
    below = math.hypot(share - low, other_high - other_share)
    above = math.hypot(high - share, other_share - other_low)
    return share - other_share - below, share - other_share + above


def leads_to_decide(count: Count, other: Count, z: float) -> int | None:
    """Return how many more leads it takes until the interval excludes 0, if the shares stay the same.

    None if it takes more than `MOST_LEADS`.
    """
    leads = count.of + other.of
    too_few, enough = 1.0, 2.0
    while not _decides(count.times(enough), other.times(enough), z):
        too_few, enough = enough, enough * 2
        if leads * too_few > MOST_LEADS:
            return None
    while (enough - too_few) * leads > 1:
        middle = (too_few + enough) / 2
        if _decides(count.times(middle), other.times(middle), z):
            enough = middle
        else:
            too_few = middle
    return math.ceil((enough - 1) * leads)


def _decides(count: Count, other: Count, z: float) -> bool:
    low, high = newcombe(count, other, z)
    return low > 0 or high < 0
