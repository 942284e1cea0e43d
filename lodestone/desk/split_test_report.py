"""The results of split tests, in words that need no statistics."""

from collections.abc import Iterator, Sequence

from lodestone.desk.display import columns
from lodestone.desk.split_tests import Comparison, SplitTest, Version

_DID = {"clicks": "clicked", "goal": "reached the goal"}


def lines_of_tests(tests: Sequence[SplitTest], where: str) -> Iterator[str]:
    """Describe each mail under test: its versions side by side, and whether one is better."""
    if not tests:
        yield f"no mail is under test in {where}"
        yield "help: docs/authoring.md, Testing two versions"
    for number, test in enumerate(tests):
        if number:
            yield ""
        yield f"{test.magnet}/{test.step}, by {test.metric}"
        yield from columns([_row(each, test.metric) for each in test.versions])
        yield from (f"  {verdict(each)}" for each in test.comparisons())


def verdict(comparison: Comparison) -> str:
    """Format a comparison: `b is better than a by 3.1 to 11.4 points`, or what it takes to decide.

    A point is one in a hundred leads.
    """
    version, first = comparison.version, comparison.first
    if comparison.difference is None:
        return f"nothing to compare: {version} or {first} has gone out to nobody yet"
    low, high = comparison.difference
    if comparison.better == version:
        return f"{version} is better than {first} by {_points(low, high)}"
    if comparison.better == first:
        return f"{first} is better than {version} by {_points(-high, -low)}"
    so_far = f"not decided yet: {version} may be {-low * 100:.1f} points worse than {first} or {high * 100:.1f} better"
    if comparison.more is None:
        return f"{so_far}; they are too alike to tell"
    return f"{so_far}; at this rate about {_roughly(comparison.more):,} more leads will tell"


def _roughly(number: int) -> int:
    """Round up to two digits, because the number is an estimate."""
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit


def _points(low: float, high: float) -> str:
    return f"{low * 100:.1f} to {high * 100:.1f} points"


def _row(version: Version, metric: str) -> tuple[str, ...]:
    interval = version.interval()
    share = f"{version.count.share:.1%} ({interval[0]:.1%} to {interval[1]:.1%})" if interval else ""
    machines = f"machines: {version.machine_activities}" if version.machine_activities else ""
    return version.name, f"sent {version.sent}", f"{_DID[metric]} {version.reached}", share, machines
