"""Conditions whose answer lies ahead: what a lead will have done by then, or what a stranger will have answered.

A condition is asked when its mail is due. Looked at from now, some of its parts are certain (an answer that was
given, a file that was downloaded) and others are open; together they may be certain all the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from leads.conditions import Facts, holds
from leads.funnel import Condition

#: A test that no version knows: with it `holds` is false, and so it is with its negation.
_OPEN: Condition = ["open"]

#: What people do moves these.
_MOVING = frozenset({"lead.score", "lead.stage"})


@dataclass(frozen=True)
class Known:
    """How much is known at an instant that is looked at from `now`.

    `answers`: whether the lead's own answers and origin are; `doubtful` are the mails of which it is open whether they
    will have been sent.
    """

    now: datetime
    answers: bool = True
    doubtful: Collection[str] = ()


def answer(condition: Condition, facts: Facts, at: datetime, known: Known) -> bool | None:
    """Whether the condition will hold at `at`; None where that is open."""
    certain = _certain(condition, facts, at, known)
    if holds(certain, facts, at):
        return True
    return False if holds(["not", certain], facts, at) else None


def _certain(condition: Condition, facts: Facts, at: datetime, known: Known) -> Condition:
    """The condition with what is open in it marked as such."""
    match condition:
        case ["and" | "or" | "not" as word, *parts]:
            return [word, *(_certain(part, facts, at, known) for part in parts)]
        case ["did", "mailed", _, _, detail]:
            return _OPEN if detail.get("step") in known.doubtful else condition
        case ["did", *_]:
            # What was done stays done; what was not may be done until then.
            return condition if at <= known.now or holds(condition, facts, at) else _OPEN
        case [_, str(fact), *_]:
            moved = fact in _MOVING and at > known.now
            return condition if known.answers and not moved else _OPEN
    return condition
