"""When a mail of a sequence is due: by a delay or a date, moved to its hour and days and out of quiet hours.

Hours and days are in the lead's time zone. A step has a set of allowed instants, at which it may go out. It
goes out at the first of them from the end of its delay on, or, for a mail before a date, at the last of them
up to its moment. So a repeated call gives the same instant, and a later start never gives an earlier one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leads.funnel import Step
from leads.instants import parse_iso
from leads.wall_clock import day_start, instant, local_day, local_time, parse_hour, shift

#: Local hours without mails: from the first until before the second ("21:00", "08:00"); None: no such hours.
Quiet = tuple[str, str] | None

#: A date that mails count from: an instant, or a calendar day in the lead's time zone.
Anchor = datetime | date

#: The date that every confirmed lead has: when they confirmed.
CONFIRMED = "confirmed"

#: The range of days in forms and definitions; a stored day outside it (by an import) is no date.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
#: A step has at least one weekday, and a zone skips at most one day: two weeks contain a suitable day.
_DAYS_AHEAD = 15


@dataclass(frozen=True, slots=True)
class Missed:
    """The step can never go out to this lead: skip it. `reason` is for people."""

    reason: str


def due(
    step: Step, base: datetime, anchor: Anchor | None, where: ZoneInfo, quiet: Quiet
) -> datetime | Missed:
    """When a step is due, in UTC.

    `base` is the instant that its delay counts from: no step is due before the mail that precedes it.
    `anchor` is the date that the step names (`find_anchor`), None if this lead has none. `where` is the
    lead's zone.

    If the step has an hour, its delay counts whole days by the local clock: three days after 09:00 is 09:00.
    A mail before a date is moved to an *earlier* allowed hour or day; it is missed if that is before `base`.
    A mail on a date is missed if its day is over. A mail after a date goes out as soon as it is allowed.
    """
    if step.anchor:
        return _due_by_date(step, base, anchor, where, quiet)
    delay = timedelta(seconds=step.after)
    return next_allowed(shift(base, step.after, where) if step.at else base + delay, step, where, quiet)


def deadline(step: Step, anchor: Anchor | None, where: ZoneInfo, quiet: Quiet) -> datetime | None:
    """The instant from which a late step (a cap, errors in sending) is to be skipped; None: never.

    A mail before a date makes no sense after the date, nor a mail for the day itself on the day after.
    """
    if not step.anchor or anchor is None or step.offset > 0:
        return None
    if step.offset < 0:
        return _instant_of(anchor, where)
    day = local_day(next_allowed(_moment(step, anchor, where), step, where, quiet), where)
    return day_start(day + _DAY, where)


def next_allowed(at: datetime, step: Step, where: ZoneInfo, quiet: Quiet) -> datetime:
    """The first instant from `at` on that suits the step's hour and days, and is outside quiet hours, in UTC.

    A step without an hour may go out at any time of its days: if `at` is not allowed, at the start of the
    next such day or at the end of quiet hours.
    """
    today = local_day(at, where)
    days = (today + n * _DAY for n in range(_DAYS_AHEAD))
    found = (_first_on(day, at, step, where, quiet) for day in days if _suits(day, step))
    return next((each for each in found if each), at.astimezone(UTC))


def find_anchor(
    name: str, dates: Mapping[str, str], own: Mapping[str, str], confirmed_at: datetime | None
) -> Anchor | None:
    """The date of that name: the magnet's, else `confirmed`, else one of the lead's `own` (`leads.facts.dates_of`).

    A magnet's date with an hour is an instant (the build read it in the site's zone: a webinar begins for
    everybody at the same time). A date without an hour is a day in the lead's zone, and so is a date of the
    lead's own.
    """
    if name in dates:
        return _parse(dates[name])
    if name == CONFIRMED:
        return confirmed_at
    return _parse(own.get(name, ""))


def lacking(name: str) -> str:
    """Why a mail is missed whose date this lead does not have."""
    return f"this lead has no date `{name}`"


def instant_of(anchor: Anchor | None, where: ZoneInfo) -> datetime | None:
    """The instant of a date: a day begins with its first one in the lead's zone. None of None."""
    return _instant_of(anchor, where) if anchor else None


def is_quiet(hour: time, quiet: Quiet) -> bool:
    """Whether a time of the day is within quiet hours, which may span midnight."""
    if quiet is None:
        return False
    begin, end = map(parse_hour, quiet)
    return begin <= hour < end if begin < end else hour >= begin or hour < end


def _parse(text: str) -> Anchor | None:
    try:
        found: Anchor = parse_iso(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
    if isinstance(found, datetime) and found.tzinfo is None:
        return None
    return found if FIRST_DAY.year <= found.year <= LAST_DAY.year else None


def _due_by_date(
    step: Step, base: datetime, anchor: Anchor | None, where: ZoneInfo, quiet: Quiet
) -> datetime | Missed:
    if anchor is None:
        return Missed(lacking(step.anchor))
    moment = _moment(step, anchor, where)
    if step.offset < 0:
        found = _last_allowed(min(moment, _instant_of(anchor, where)), step, where, quiet)
        return Missed(f"too late for a mail before `{step.anchor}`") if found < base else found
    found = next_allowed(max(moment, base), step, where, quiet)
    end = deadline(step, anchor, where, quiet)
    return Missed(f"the day `{step.anchor}` is over") if end and found >= end else found


def _moment(step: Step, anchor: Anchor, where: ZoneInfo) -> datetime:
    """The instant that the step names, before days and quiet hours are applied.

    If the step has an hour, `1 day before` is that hour on the day before the date's day, in the lead's zone.
    """
    at = shift(_instant_of(anchor, where), step.offset, where)
    hour = _hour(step, None)
    return instant(datetime.combine(local_day(at, where), hour), where) if hour is not None else at


def _instant_of(anchor: Anchor, where: ZoneInfo) -> datetime:
    return anchor if isinstance(anchor, datetime) else day_start(anchor, where)


def _hour(step: Step, quiet: Quiet) -> time | None:
    """The hour at which the step goes out: its own, or the end of quiet hours if its own is within them."""
    if not step.at:
        return None
    hour = parse_hour(step.at)
    return parse_hour(quiet[1]) if quiet and is_quiet(hour, quiet) else hour


def _suits(day: date, step: Step) -> bool:
    return not step.days or day.weekday() in step.days


def _first_on(day: date, at: datetime, step: Step, where: ZoneInfo, quiet: Quiet) -> datetime | None:
    """The first instant of that day, from `at` on, at which the step may go out."""
    hour = _hour(step, quiet)
    if hour is not None:
        found = _at_hour(day, hour, where, quiet)
        return found if found and found >= at else None
    found = _after_quiet(max(at.astimezone(UTC), day_start(day, where)), where, quiet)
    return found if local_day(found, where) == day else None


def _last_allowed(at: datetime, step: Step, where: ZoneInfo, quiet: Quiet) -> datetime:
    """The last instant up to `at` at which the step may go out, to the minute."""
    today = local_day(at, where)
    days = (today - n * _DAY for n in range(_DAYS_AHEAD))
    found = (_last_on(day, at, step, where, quiet) for day in days if _suits(day, step))
    return next((each for each in found if each), at.astimezone(UTC))


def _last_on(day: date, at: datetime, step: Step, where: ZoneInfo, quiet: Quiet) -> datetime | None:
    hour = _hour(step, quiet)
    if hour is not None:
        found = _at_hour(day, hour, where, quiet)
        return found if found and found <= at else None
    end = day_start(day + _DAY, where) - _MINUTE
    found = _before_quiet(min(at.astimezone(UTC), end), where, quiet)
    return found if local_day(found, where) == day else None


def _at_hour(day: date, hour: time, where: ZoneInfo, quiet: Quiet) -> datetime | None:
    """The instant of an hour on a day; None if the clocks skip the day. A skipped hour may become quiet."""
    found = _after_quiet(instant(datetime.combine(day, hour), where), where, quiet)
    return found if local_day(found, where) == day else None


def _after_quiet(at: datetime, where: ZoneInfo, quiet: Quiet) -> datetime:
    """`at`, or the end of the quiet hours it falls in."""
    if quiet is None or not is_quiet(local_time(at, where), quiet):
        return at
    end = parse_hour(quiet[1])
    day = local_day(at, where) + (_DAY if end <= local_time(at, where) else timedelta())
    wall = datetime.combine(day, end)
    found = instant(wall, where)
    return found if found >= at else instant(wall, where, last=True)


def _before_quiet(at: datetime, where: ZoneInfo, quiet: Quiet) -> datetime:
    """`at`, or the last minute before the quiet hours it falls in."""
    if quiet is None or not is_quiet(local_time(at, where), quiet):
        return at
    begin = parse_hour(quiet[0])
    day = local_day(at, where) - (_DAY if begin > local_time(at, where) else timedelta())
    wall = datetime.combine(day, begin)
    found = instant(wall, where, last=True)
    return (found if found <= at else instant(wall, where)) - _MINUTE
