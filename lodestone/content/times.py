"""Parses times as authors write them: durations, hours, days of the week, quiet hours, dates, mails by a date.

Each parser returns what the funnel definition holds. Raises ValueError, with the form to write, if it cannot.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from leads.timing import FIRST_DAY, LAST_DAY

_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_SPAN = r"(?P<count>\d+)\s*(?P<unit>minute|hour|day|week)s?"
_DURATION = re.compile(_SPAN)
_BY_DATE = re.compile(rf"(?:{_SPAN}\s+(?P<side>before|after)|on|at)\s+(?P<anchor>\S+)")
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]+(\d{2}:\d{2}(?::\d{2})?)\s*(Z|[+-]\d{2}:?\d{2})?)?")

#: Longer than any sequence, and short enough to be added to any date.
_LONGEST = timedelta(days=3660)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEVERAL = {"weekdays": WEEKDAYS[:5], "weekends": WEEKDAYS[5:], "weekend": WEEKDAYS[5:]}
_DAYS_HELP = "write `weekdays`, `weekends`, or a list of days: `[mon, wed]`"
_BY_DATE_HELP = "write `1 day before webinar`, `2 hours after webinar`, or `on webinar`"
_MOMENT_HELP = "write year, month, day, and the hour where there is one: `2026-12-03 18:00`"


@dataclass(frozen=True)
class ByDate:
    """When a mail is due that counts from a date: `offset` in seconds, negative for before it."""

    anchor: str
    offset: int


def parse_duration(value: object) -> timedelta:
    """Parse `2 days`. Raises ValueError if it is no such text, or more than ten years."""
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError("write a number and a unit: `30 minutes`, `6 hours`, `2 days`, `1 week`")
    return timedelta(seconds=_seconds(match))


def _seconds(match: re.Match[str]) -> int:
    seconds = int(match["count"][:12]) * _UNITS[match["unit"]]
    if seconds > _LONGEST.total_seconds():
        raise ValueError("this is more than ten years; write a shorter time")
    return seconds


def parse_by_date(value: object) -> ByDate:
    """Parse `1 day before webinar`, `on renewal_date`, `at …`. Raises ValueError if it is none of them."""
    match = _BY_DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError(_BY_DATE_HELP)
    seconds = _seconds(match) if match["side"] else 0
    return ByDate(match["anchor"], -seconds if match["side"] == "before" else seconds)


def _parse_hour(value: object) -> str:
    if not isinstance(value, str) or not _HOUR.fullmatch(value):
        raise ValueError("write an hour as `09:00` or `17:30`")
    return value


def _expand_days(value: object) -> object:
    """`weekdays` as a list of them, and one day as a list of one; a list is left as it is."""
    if not isinstance(value, str):
        return value
    words = re.split(r"[\s,]+", value.strip().lower())
    return [day for word in words for day in _SEVERAL.get(word) or (_day_name(word),)]


def _parse_day(value: object) -> int:
    return WEEKDAYS.index(_day_name(value))


def _day_name(value: object) -> str:
    """Return "monday" for `mon` or `Monday`; three letters are enough. Raises ValueError if no day fits."""
    word = value.strip().lower() if isinstance(value, str) else ""
    found = [day for day in WEEKDAYS if len(word) >= 3 and day.startswith(word)]
    if not found:
        near = get_close_matches(word, (*WEEKDAYS, *_SEVERAL), n=1)
        raise ValueError(f"did you mean `{near[0]}`? {_DAYS_HELP}" if near else _DAYS_HELP)
    return found[0]


def _in_order(days: list[int]) -> list[int]:
    return sorted(set(days))


def parse_quiet_hours(value: object) -> tuple[str, str]:
    """Parse `21:00-08:00`: first hour and end; the span crosses midnight if the end is smaller.

    Raises ValueError if it is no pair of hours, or both are the same.
    """
    hours = re.split(r"\s*(?:-|–|to)\s*", value.strip()) if isinstance(value, str) else []
    if len(hours) != 2 or not all(_HOUR.fullmatch(each) for each in hours):
        raise ValueError("write two hours: `21:00-08:00`")
    if hours[0] == hours[1]:
        raise ValueError("that is the whole day, and no mail could go out; write two different hours")
    return hours[0], hours[1]


def parse_moment(value: object) -> datetime | date:
    """Parse `2026-12-03` to a date, `2026-12-03 18:00` to a datetime, aware if it has an offset from UTC.

    Raises ValueError if it is neither, or its year is not one of `leads.timing.FIRST_DAY` to `LAST_DAY`.
    """
    match = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError(_MOMENT_HELP)
    day, hour, offset = match.groups()
    try:
        found = datetime.fromisoformat(f"{day}T{hour}{offset or ''}") if hour else date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"there is no such day or hour; {_MOMENT_HELP}") from None
    if not FIRST_DAY.year <= found.year <= LAST_DAY.year:
        raise ValueError(f"write a year from {FIRST_DAY.year} to {LAST_DAY.year}")
    return found


def _known_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"unknown time zone `{value}`; write an IANA name such as `Europe/Berlin`")
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
LocalHour = Annotated[str, BeforeValidator(_parse_hour)]
#: Days of the week as numbers, Monday is 0.
Days = Annotated[
    list[Annotated[int, BeforeValidator(_parse_day)]],
    BeforeValidator(_expand_days),
    AfterValidator(_in_order),
]
QuietHours = Annotated[tuple[str, str], PlainValidator(parse_quiet_hours)]
Moment = Annotated[datetime | date, PlainValidator(parse_moment)]
MailByDate = Annotated[ByDate, PlainValidator(parse_by_date)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
