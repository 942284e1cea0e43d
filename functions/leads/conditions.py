"""Conditions, compiled: who gets a mail, who is on a branch, when a sequence ends.

Authors write text (`role = "owner" and no click in 7 days`); the build checks it against the form, the mails
and the links that exist (`lodestone.content.conditions`). The funnel definition holds it as plain JSON:

    ["and", condition, …]   ["or", condition, …]   ["not", condition]
    ["is", fact, text, …]                the fact is one of these texts
    ["has", fact, text]                  of several answers, this is one
    ["contains", fact, text]   ["starts", fact, text]
    ["number", fact, operator, number]   ["date", fact, operator, ISO date]
    ["given", fact]                      there is an answer
    ["did", activity, scope, seconds, {detail: value}]

`scope` is one of `SCOPES`; `seconds` is how long ago at most, 0 for any time. Numbers and dates are text.
"""

import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from leads.events import GOALS

#: Whose activities count: of this magnet alone; of any since the lead asked for this one; of any at any time.
SCOPES = HERE, JOINED, EVER = ("here", "joined", "ever")

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

#: Words of the language: a field with such a name is written `form.<name>`, such a value in quotes.
RESERVED = frozenset(
    ("and", "or", "not", "no", "in", "is", "one", "of", "contains", "does", "contain", "starts", "with")
    + ("before", "after", "given", "empty", "link", "step")
)

#: Facts of the lead, which need no `lead.` in front.
LEAD_FACTS = ("email", "email.domain", "phone", "stage", "score", "time_zone")

#: The main detail of an activity, written without its name; other details have their name before them.
_MAIN = "step"
_PHRASES = {activity: goal for goal, activity in GOALS.items()}
_BARE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60))
_UNKNOWN = "something this version does not know"


class Done(Protocol):
    """Something that the lead did (`leads.lead.Activity`)."""

    @property
    def at(self) -> datetime: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...


class Facts(Protocol):
    """What conditions may read of a lead."""

    def value(self, fact: str) -> str | None:
        """A fact as text, "" if the lead has none; several answers are joined by ", ". None: there is no such fact."""

    def activities(self, type: str, scope: str) -> Iterable[Done] | None:
        """What the lead did of this type, within the scope. None: there is no such type."""


def holds(condition: list[Any], facts: Facts, now: datetime) -> bool:
    """Whether a condition is true of a lead at this instant. Never raises, whatever was stored.

    A comparison with a number or a date that cannot be read is false. A part that this version of the
    functions does not know is neither true nor false, also when negated (Kleene's three-valued logic): the
    condition holds only if the other parts suffice.
    """
    return _truth(condition, facts, now) is True


def _truth(condition: Any, facts: Facts, now: datetime) -> bool | None:
    match condition:
        case ["and", *parts]:
            return _all(_truth(part, facts, now) for part in parts)
        case ["or", *parts]:
            return _not(_all(_not(_truth(part, facts, now)) for part in parts))
        case ["not", part]:
            return _not(_truth(part, facts, now))
        case ["did", str(type), str(scope), int(seconds), dict(detail)] if scope in SCOPES:
            done = facts.activities(type, scope)
            return None if done is None else any(_matches(each, seconds, detail, now) for each in done)
        case [str(test), str(fact), *values] if test in _TESTS and all(
            isinstance(each, str) for each in values
        ):
            value = facts.value(fact)
            return None if value is None else _TESTS[test](value, values)
    return None


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _all(truths: Iterable[bool | None]) -> bool | None:
    known = set(truths)
    return False if False in known else None if None in known else True


def _matches(done: Done, seconds: int, detail: Mapping[str, Any], now: datetime) -> bool:
    if seconds and (now - done.at).total_seconds() > seconds:
        return False
    return all(str(done.detail.get(name, "")) == value for name, value in detail.items())


def plain(text: str) -> str:
    """Normalise text for comparison: it ignores case, width, the form of accents and the number of blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _is(value: str, texts: list[str]) -> bool:
    return plain(value) in map(plain, texts)


def _has(value: str, texts: list[str]) -> bool | None:
    """Whether one of several answers is this text. They are joined by ", ", and may hold commas."""
    return f", {plain(texts[0])}, " in f", {plain(value)}, " if len(texts) == 1 else None


def _contains(value: str, texts: list[str]) -> bool | None:
    return plain(texts[0]) in plain(value) if len(texts) == 1 else None


def _starts(value: str, texts: list[str]) -> bool | None:
    return plain(value).startswith(plain(texts[0])) if len(texts) == 1 else None


def _given(value: str, texts: list[str]) -> bool:
    return bool(value.strip())


def _compared(read: Callable[[str], Any]) -> Callable[[str, list[str]], bool | None]:
    def compare(value: str, texts: list[str]) -> bool | None:
        if len(texts) != 2 or texts[0] not in OPERATORS:
            return None
        try:
            return OPERATORS[texts[0]](read(value.strip()), read(texts[1]))
        except ValueError:
            return False

    return compare


_TESTS: Mapping[str, Callable[[str, list[str]], bool | None]] = {
    "is": _is,
    "has": _has,
    "contains": _contains,
    "starts": _starts,
    "given": _given,
    "number": _compared(float),
    "date": _compared(date.fromisoformat),
}


def phrase(activity: str) -> str:
    """An activity's word in conditions: `customer` for `became_customer`, `passed quiz` for `passed_quiz`."""
    return _PHRASES.get(activity, activity.replace("_", " "))


def describe(condition: Any) -> str:
    """A compiled condition as text that compiles to the same again. Never raises."""
    match condition:
        case ["and" | "or" as word, *parts]:
            return f" {word} ".join(_part(part) for part in parts)
        case ["not", part]:
            return _negated(part)
        case ["did", str(activity), str(), int(seconds), dict(detail)]:
            return " ".join((phrase(activity), *_details(detail), *_within(seconds)))
        case ["is", str(fact), str(text)]:
            return f"{_name(fact)} = {_quoted(text)}"
        case ["is", str(fact), *texts]:
            return f"{_name(fact)} is one of {_list(texts)}"
        case ["has" | "contains", str(fact), str(text)]:
            return f"{_name(fact)} contains {_quoted(text)}"
        case ["starts", str(fact), str(text)]:
            return f"{_name(fact)} starts with {_quoted(text)}"
        case ["number", str(fact), str(sign), str(number)]:
            return f"{_name(fact)} {sign} {number}"
        case ["date", str(fact), str(sign), str(day)]:
            return f"{_name(fact)} {sign} {_quoted(day)}"
        case ["given", str(fact)]:
            return f"{_name(fact)} is given"
    return _UNKNOWN


def _negated(part: Any) -> str:
    match part:
        case ["is", str(fact), str(text)]:
            return f"{_name(fact)} != {_quoted(text)}"
        case ["is", str(fact), *texts]:
            return f"{_name(fact)} is not one of {_list(texts)}"
        case ["has" | "contains", str(fact), str(text)]:
            return f"{_name(fact)} does not contain {_quoted(text)}"
        case ["number" | "date" as kind, str(fact), "=", str(value)]:
            return f"{_name(fact)} != {value if kind == 'number' else _quoted(value)}"
        case ["given", str(fact)]:
            return f"{_name(fact)} is empty"
    return f"not {_part(part)}"


def _part(part: Any) -> str:
    """A part as text, in parentheses if it is an `and` or an `or`, so that precedence is visible."""
    joined = isinstance(part, list) and part[:1] in (["and"], ["or"])
    return f"({describe(part)})" if joined else describe(part)


def _name(fact: str) -> str:
    source, _, name = fact.partition(".")
    if source == "lead" or (source == "form" and name not in RESERVED and name not in LEAD_FACTS):
        return name
    return fact


def _details(detail: Mapping[str, Any]) -> list[str]:
    written = []
    for name, value in detail.items():
        bare = _BARE.fullmatch(str(value)) and value not in RESERVED
        text = value if bare else _quoted(str(value))
        written.append(text if name == _MAIN else f"{name} {text}")
    return written


def _within(seconds: int) -> list[str]:
    if not seconds:
        return []
    unit, size = next((each for each in _UNITS if seconds % each[1] == 0), ("minute", 60))
    count = seconds // size
    return [f"in {count} {unit}{'' if count == 1 else 's'}"]


def _list(texts: list[Any]) -> str:
    return f"({', '.join(_quoted(str(text)) for text in texts)})"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'
