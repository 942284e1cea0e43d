"""Conditions evaluated ahead of time, in three-valued logic: true, false or undecided.

A condition is evaluated when its mail is due. Before that, some of its parts are certain (an answer that was given, a
file that was downloaded) and others are undecided; the whole may be certain all the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from leads.conditions import Facts, holds
from leads.features import FEATURES
from leads.funnel import Condition

#: An operator that no version knows: `holds` is false for it, and for its negation.
_UNDECIDED: Condition = ["undecided"]

#: The lead's own facts that change with what people do.
_CHANGING = frozenset({"lead.score", "lead.stage"})


@dataclass(frozen=True)
class Knowledge:
    """What is known at `now` of a later instant.

    `answers`: whether the lead's answers and origin are known; `doubtful` are the mails that may or may not have been
    sent by then.
    """

    now: datetime
    answers: bool = True
    doubtful: Collection[str] = ()


def evaluate(condition: Condition, facts: Facts, at: datetime, known: Knowledge) -> bool | None:
    """Whether the condition will hold at `at`; None where that is undecided."""
    certain = _certain(condition, facts, at, known)
    if holds(certain, facts, at):
        return True
    return False if holds(["not", certain], facts, at) else None


def _changes(fact: str) -> bool:
    """Whether a fact changes with what people do: one of the core's, or one that a feature says so of."""
    source, _, name = fact.partition(".")
    return fact in _CHANGING or (source in FEATURES and name in FEATURES[source].changing)


def _certain(condition: Condition, facts: Facts, at: datetime, known: Knowledge) -> Condition:
    """Return the condition with its undecided parts marked."""
    match condition:
        case ["and" | "or" | "not" as word, *parts]:
            return [word, *(_certain(part, facts, at, known) for part in parts)]
        case ["did", "mailed", _, _, detail]:
            return _UNDECIDED if detail.get("step") in known.doubtful else condition
        case ["did", *_]:
            # What was done stays done; what was not done may be done by then.
            return condition if at <= known.now or holds(condition, facts, at) else _UNDECIDED
        case [_, str(fact), *_]:
            moved = _changes(fact) and at > known.now
            return condition if known.answers and not moved else _UNDECIDED
    return condition
