"""The numbers that the pure rules take, as the owner published them: scores and caps, and how trouble is met."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Rules:
    """What the fold decides with: one set for the whole site.

    `points` stand in for an event type's own (`leads.event_types.EventType.points`); `warm` and `hot` are the scores
    from which on a lead is at that stage.

    `ask_pause` and `asks_a_day` cap what a stranger who types someone else's address can make us send: a
    new ask counts at most every ten minutes and three times in 24 hours (list bombing); `asks_a_day_in_all`
    caps all magnets together, and `requests_a_day` how often a lead is mailed the link to what is stored of them.
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
    """How the drip deals with trouble. It is part of every definition (`leads.funnel.Sending.policy`).

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


def policy_to_json(policy: SendingPolicy) -> dict[str, Any]:
    """A policy as plain JSON: spans of time in seconds."""
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
