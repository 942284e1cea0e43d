"""What a lead did, in a condition: `clicked step-2 link pricing in 7 days`."""

from typing import Any

from lodestone.content.conditions.tokens import ConditionError, Cursor, Token
from lodestone.content.conditions.vocabulary import MAIL, ActivityWords, Detail
from lodestone.content.validate import did_you_mean

_LONGEST_AGO = 3650 * 86400
_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_SPAN_HELP = "write a number and a unit: `in 6 hours`, `in 7 days`, `in 2 weeks`"


def read_activity(cursor: Cursor, activity: ActivityWords, length: int, unsent: frozenset[str]) -> list[Any]:
    """Read an activity of `length` words with its details and span; `unsent` mails are not allowed."""
    cursor.take(length)
    given: dict[str, str] = {}
    while detail := _next_detail(cursor, activity, given):
        token = cursor.take()
        cursor.tell(token, _trouble_with_detail(token, activity, detail, given, unsent))
        given[detail.name] = token.value
    return ["did", activity.type, activity.scope, _read_span(cursor), given]


def _next_detail(cursor: Cursor, activity: ActivityWords, given: dict[str, str]) -> Detail | None:
    """The detail that comes next: one that is named, or the activity's first without its name."""
    named = {each.name: each for each in activity.details if each.name not in given}
    if cursor.here.word in named and cursor.ahead(1).is_value:
        return named[cursor.take().word]
    return activity.details[0] if activity.details and not given and cursor.here.is_value else None


def _trouble_with_detail(
    token: Token, activity: ActivityWords, detail: Detail, given: dict[str, str], unsent: frozenset[str]
) -> tuple[str, str] | None:
    known, suffix = detail.values, ""
    main = activity.details[0]
    first = given.get(main.name)
    if detail.of_first is not None and first:
        if main.values is not None and first not in main.values:
            return None  # the unknown mail is reported already
        known, suffix = detail.of_first.get(first, ()), f" in `{first}`"
    if known is not None and token.value not in known:
        return _unknown_detail(detail.called, token, known, suffix)
    if detail.name == MAIL and token.value in unsent:
        message = f"nobody has had the mail `{token.value}` when this is asked"
        return message, "name a mail that goes out earlier"
    return None


def _unknown_detail(called: str, token: Token, known: tuple[str, ...], suffix: str) -> tuple[str, str]:
    message = f"there is no {called} `{token.value}`{suffix}"
    if not known:
        return message, "there is none to name: leave it out"
    return message, did_you_mean(token.value, known, f"there are{suffix}")


def _read_span(cursor: Cursor) -> int:
    """Return the seconds of `in 7 days`, 0 if there is none. Raises ConditionError if it is no valid time."""
    if cursor.here.word != "in":
        return 0
    first = cursor.take()
    while cursor.here.word in ("the", "last"):
        cursor.take()
    count, unit = cursor.here, cursor.ahead(1)
    size = _UNITS.get(unit.word.removesuffix("s"), 0)
    if not (count.written.isdecimal() and size):
        raise ConditionError(first, "`in` asks for a time", _SPAN_HELP)
    seconds = int(count.written[:20]) * size
    if not 0 < seconds <= _LONGEST_AGO:
        raise ConditionError(count, "a time is at least a minute and at most ten years", _SPAN_HELP, unit)
    cursor.take(2)
    return seconds
