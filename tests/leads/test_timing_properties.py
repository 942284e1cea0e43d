"""Whatever the zone, the year, the hour and the quiet hours: what holds of every due mail."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from leads.funnel import Step
from leads.timing import Missed, deadline, due, is_quiet, next_allowed
from leads.wall_clock import instant, local_day, parse_hour

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
#: Clocks that change by one hour, by half of one, not at all; one that once skipped a day; one that changes
#: about Ramadan; and one that once moved by a quarter of an hour.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
)
#: The days about a change of clocks, where mistakes are made; and the years between.
CHANGES = (
    *(datetime(2026, 3, day) for day in (8, 22, 29)),  # noqa: DTZ001 (hypothesis adds the zone)
    *(datetime(2026, 10, day) for day in (4, 25)),  # noqa: DTZ001
    datetime(2026, 4, 5),  # noqa: DTZ001
    datetime(2026, 11, 1),  # noqa: DTZ001
    datetime(2011, 12, 30),  # noqa: DTZ001
    datetime(1986, 1, 1),  # noqa: DTZ001
)

zones = st.sampled_from(ZONES).map(ZoneInfo)
near_changes = st.builds(
    lambda day, minutes: (day + timedelta(minutes=minutes)).replace(tzinfo=UTC),
    st.sampled_from(CHANGES),
    st.integers(-3 * 1440, 3 * 1440),
)
any_time = st.datetimes(datetime(1985, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
bases = near_changes | any_time
hours = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 10, 30, 45]))
quiets = st.none() | st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1])
days = st.sets(st.integers(0, 6)).map(lambda chosen: tuple(sorted(chosen)))
delays = st.sampled_from([0, 60, 3600, 7 * 3600]) | st.integers(0, 40).map(lambda n: n * 86_400)
steps = st.builds(Step, st.just("x"), delays, st.just("") | hours, days)
offsets = st.sampled_from([-7200, -60, 0, 60, 7200]) | st.integers(-30, 30).map(lambda n: n * 86_400)
dated = st.builds(Step, st.just("x"), st.just(0), st.just("") | hours, days, st.just("event"), offsets)
anchors = bases | bases.map(datetime.date)


def earliest(step: Step, base: datetime, where: ZoneInfo) -> datetime:
    """When the delay is over, by the rule as it is written: with an hour, whole days on the clock on the wall."""
    span = timedelta(seconds=step.after)
    if not step.at or span < DAY:
        return base + span
    wall = base.astimezone(where).replace(tzinfo=None, fold=0)
    return instant(wall + span, where)


def exists(day: date, hour: time, where: ZoneInfo) -> bool:
    wall = datetime.combine(day, hour)
    return instant(wall, where).astimezone(where).replace(tzinfo=None) == wall


def check_suits(at: datetime, step: Step, where: ZoneInfo, quiet) -> None:
    local = at.astimezone(where)
    assert not is_quiet(local.time(), quiet)
    assert not step.days or local.weekday() in step.days
    if not step.at:
        return
    hour = parse_hour(step.at)
    if is_quiet(hour, quiet):
        hour = parse_hour(quiet[1])
    if exists(local.date(), hour, where):
        assert local.time() == hour
        assert at == instant(datetime.combine(local.date(), hour), where)


@given(steps, bases, zones, quiets)
@example(Step("x", 0, "09:00", (4,)), datetime(2011, 12, 29, 20, tzinfo=UTC), ZoneInfo("Pacific/Apia"), None)
def test_a_mail_goes_at_its_hour_on_its_days_and_never_in_quiet_hours(step, base, where, quiet):
    check_suits(due(step, base, None, where, quiet), step, where, quiet)


@given(steps, bases, zones, quiets)
def test_a_mail_never_goes_before_its_delay_is_over(step, base, where, quiet):
    assert due(step, base, None, where, quiet) >= earliest(step, base, where)


@given(steps, bases, zones, quiets)
def test_a_mail_goes_on_the_first_day_that_suits(step, base, where, quiet):
    found = local_day(due(step, base, None, where, quiet), where)
    start = local_day(earliest(step, base, where), where)
    between = [start + n * DAY for n in range(1, (found - start).days)]
    suiting = [each for each in between if not step.days or each.weekday() in step.days]
    assert not [each for each in suiting if exists(each, time(12), where)]


@given(steps, bases, zones, quiets)
def test_asking_again_moves_nothing(step, base, where, quiet):
    once = next_allowed(base, step, where, quiet)
    assert once >= base
    assert next_allowed(once, step, where, quiet) == once


@given(steps, bases, bases | st.integers(0, 180), zones, quiets)
@example(Step("x", 86_400, "02:30"), datetime(2026, 10, 25, 0, 45, tzinfo=UTC), 30, ZoneInfo(ZONES[0]), None)
def test_a_later_start_is_never_due_earlier(step, base, other, where, quiet):
    other = base + other * MINUTE if isinstance(other, int) else other
    first, second = sorted([base, other])
    assert due(step, first, None, where, quiet) <= due(step, second, None, where, quiet)


@given(dated, bases, anchors, zones, quiets)
def test_a_mail_by_a_date_keeps_to_hour_days_and_quiet_hours_too(step, base, anchor, where, quiet):
    found = due(step, base, anchor, where, quiet)
    if not isinstance(found, Missed):
        assert found >= base
        check_suits(found, step, where, quiet)
        assert next_allowed(found, step, where, quiet) == found


@given(dated, bases, anchors, zones, quiets)
def test_a_mail_before_a_date_never_goes_once_it_has_come(step, base, anchor, where, quiet):
    found, end = due(step, base, anchor, where, quiet), deadline(step, anchor, where, quiet)
    assert (end is None) == (step.offset > 0)
    if not isinstance(found, Missed):
        assert end is None or found < end or (step.offset < 0 and found == end)


@given(dated, bases, bases, anchors, zones, quiets)
def test_who_comes_later_gets_a_mail_by_a_date_no_earlier_and_never_one_that_others_missed(
    step, base, other, anchor, where, quiet
):
    first, second = (due(step, each, anchor, where, quiet) for each in sorted([base, other]))
    if isinstance(first, Missed):
        assert isinstance(second, Missed)
    elif not isinstance(second, Missed):
        assert first <= second


@given(steps, st.integers(1, 30), anchors, zones, quiets)
def test_a_mail_before_a_date_goes_at_the_last_moment_that_suits(step, days_before, anchor, where, quiet):
    asked = Step("x", 0, step.at, step.days, "event", -86_400 * days_before)
    free = Step("x", 0, step.at, (), "event", asked.offset)
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    found, moment = due(asked, long_ago, anchor, where, quiet), due(free, long_ago, anchor, where, None)
    assert found <= moment
    assert next_allowed(found + MINUTE, asked, where, quiet) > moment - MINUTE
