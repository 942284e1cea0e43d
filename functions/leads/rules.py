"""The numbers that the pure rules take: passed in, so that a change of policy is a change of one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


def _points() -> dict[str, int]:
    return {"confirmed": 10, "downloaded": 10, "clicked": 10, "called": 20}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the fold decides with.

    `ask_pause` and `asks_a_day` cap what a stranger who types someone else's address can make us send: a
    new ask counts at most every ten minutes and three times in 24 hours (list bombing); `asks_a_day_in_all`
    caps all magnets together, and `requests_a_day` how often a lead is mailed the link to what is stored of them.
    """

    points: Mapping[str, int] = field(default_factory=_points)
    warm: int = 20
    hot: int = 40
    soft_bounces_in_a_row: int = 5
    ask_pause: timedelta = timedelta(minutes=10)
    asks_a_day: int = 3
    asks_a_day_in_all: int = 6
    requests_a_day: int = 3


DEFAULT = Rules()


@dataclass(frozen=True, slots=True)
class SendingPolicy:
    """How the drip deals with trouble.

    A claim without an outcome is settled after `lease`; it must outlast the worker's time-out. Where the owner
    wants each mail at least once, it is sent again when SES has not reported of it within `settle`, `tries` times
    in all. `backoff` is the pause before each further attempt of a mail that SES certainly refused for a passing
    reason, the last of them again and again until `give_up`: a sandbox or a lapsed identity may take days to be
    noticed. Where SES only wants us slower, `breather` is the pause and as much again by chance; where the day's
    quota is spent, `quota_pause`. A mail that went out more than `held_up` after it was due is what the next delay
    counts from.
    """

    lease: timedelta = timedelta(minutes=15)
    backoff: tuple[timedelta, ...] = (
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
        timedelta(days=1),
    )
    give_up: timedelta = timedelta(days=30)
    held_up: timedelta = timedelta(hours=6)
    settle: timedelta = timedelta(hours=1)
    tries: int = 3
    breather: timedelta = timedelta(seconds=45)
    quota_pause: timedelta = timedelta(hours=1)
