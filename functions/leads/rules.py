"""The owner's numbers for the pure functions: scores, caps, and the pauses and retries of sending."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the fold: one set for the whole site.

    `points` replace an event type's own (`leads.event_types.EventType.points`); `warm` and `hot` are the
    minimum scores of these stages.

    `ask_pause` and `asks_a_day` cap the mails that a stranger causes by typing someone else's address (list
    bombing): a new ask counts at most every ten minutes and three times in 24 hours. `asks_a_day_in_all` caps
    all magnets together, and `requests_a_day` how often a lead is mailed the link to their data.
    """

    points: Mapping[str, int] = field(default_factory=dict)
    warm: int = 20
    hot: int = 40
    soft_bounces_in_a_row: int = 5
    ask_pause: timedelta = timedelta(minutes=10)
    asks_a_day: int = 3
    asks_a_day_in_all: int = 6
    requests_a_day: int = 3


DEFAULT = Rules()


def rules_to_json(rules: Rules) -> dict[str, Any]:
    """What an owner may set of the rules, as plain JSON."""
    return {"points": dict(rules.points), "warm": rules.warm, "hot": rules.hot}


def rules_from_json(raw: Mapping[str, Any]) -> Rules:
    """The inverse of `rules_to_json`. A key that is missing has its default, an unknown one is ignored."""
    return Rules(**{key: value for key, value in raw.items() if key in ("points", "warm", "hot")})


@dataclass(frozen=True, slots=True)
class SendingPolicy:
    """The pauses and retries of the drip. It is part of every definition (`leads.funnel.Sending.policy`).

    A claim without an outcome is settled after `lease`, which must be longer than the worker's time-out. If
    the owner wants each mail at least once, it is sent again when SES has not reported it within `settle`, at
    most `tries` times in all. `backoff` are the pauses between attempts of a mail that SES certainly refused
    for a reason that may pass; the last one repeats until `give_up`, as the owner may notice a sandbox or an
    unverified identity only after days. After throttling by rate the pause is `breather`, after a used-up
    quota `quota_pause`; each grows at random up to double. The next step's delay counts from when a mail was
    due, or from when it went out if that was more than `held_up` later.
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


def policy_to_json(policy: SendingPolicy) -> dict[str, Any]:
    """A policy as plain JSON: durations in seconds."""
    return {each.name: _to_json(getattr(policy, each.name)) for each in fields(SendingPolicy)}


def policy_from_json(raw: Mapping[str, Any]) -> SendingPolicy:
    """The inverse of `policy_to_json`. A key that is missing has its default, an unknown one is ignored."""
    known = {each.name: each.name == "tries" for each in fields(SendingPolicy)}
    return SendingPolicy(
        **{key: value if known[key] else _from_json(value) for key, value in raw.items() if key in known}
    )


def _to_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    return value.total_seconds() if isinstance(value, timedelta) else value


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_from_json(each) for each in value)
    return timedelta(seconds=value)
