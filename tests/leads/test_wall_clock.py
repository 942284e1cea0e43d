"""Clocks that are put forward, back, and over a whole day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leads.wall_clock import day_start, instant, local_day, shift

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def wall(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "skipped", "instead"),
    [
        ("Europe/Berlin", datetime.fromisoformat("2026-03-29 02:30"), "2026-03-29 03:00"),
        ("America/New_York", datetime.fromisoformat("2026-03-08 02:00"), "2026-03-08 03:00"),
        ("Australia/Lord_Howe", datetime.fromisoformat("2026-10-04 02:15"), "2026-10-04 02:30"),
        ("Africa/Casablanca", datetime.fromisoformat("2026-03-22 02:59"), "2026-03-22 03:00"),
        ("Asia/Kathmandu", datetime.fromisoformat("1986-01-01 00:10"), "1986-01-01 00:15"),
        ("Pacific/Apia", datetime.fromisoformat("2011-12-30 09:00"), "2011-12-31 00:00"),
    ],
)
def test_a_wall_time_that_the_clocks_skip_is_the_first_instant_after_the_gap(zone, skipped, instead):
    assert wall(instant(skipped, ZoneInfo(zone)), zone) == instead


def test_a_wall_time_that_comes_twice_is_the_first_unless_the_last_is_asked_for():
    twice = datetime.fromisoformat("2026-10-25 02:30")
    assert instant(twice, BERLIN) == utc(2026, 10, 25, 0, 30)
    assert instant(twice, BERLIN, last=True) == utc(2026, 10, 25, 1, 30)


def test_a_day_begins_with_its_first_instant_also_where_midnight_is_skipped():
    assert day_start(date(2026, 3, 29), BERLIN) == utc(2026, 3, 28, 23)
    cairo = ZoneInfo("Africa/Cairo")  # puts its clocks forward at midnight
    assert wall(day_start(date(2026, 4, 24), cairo), "Africa/Cairo") == "2026-04-24 01:00"


def test_whole_days_are_counted_on_the_clock_and_hours_as_they_pass():
    evening = utc(2026, 3, 28, 19)  # 20:00 in Berlin, the night the clocks go forward
    assert shift(evening, DAY, BERLIN) == utc(2026, 3, 29, 18)
    assert shift(evening, DAY - 3600, BERLIN) == utc(2026, 3, 29, 18)
    assert shift(evening, DAY + 3600, BERLIN) == utc(2026, 3, 29, 19)
    assert shift(utc(2026, 3, 29, 18), -DAY, BERLIN) == evening


def test_less_than_a_day_is_time_that_passes_whatever_the_clock_shows():
    twice = utc(2026, 10, 25, 1, 10)  # 02:10 in Berlin, the second time
    assert shift(twice, 600, BERLIN) == twice + timedelta(minutes=10)
    assert shift(utc(2026, 3, 29, 2), -7200, BERLIN) == utc(2026, 3, 29, 0)


def test_a_later_start_in_the_hour_that_comes_twice_never_ends_earlier():
    starts = [utc(2026, 10, 24, 23, 30) + timedelta(minutes=n) for n in range(200)]
    ends = [shift(each, DAY, BERLIN) for each in starts]
    assert ends == sorted(ends)
    assert wall(ends[0], "Europe/Berlin") == "2026-10-26 01:30"
    assert wall(ends[75], "Europe/Berlin") == "2026-10-26 02:45"
    assert wall(ends[100], "Europe/Berlin") == "2026-10-26 03:00"


def test_the_local_day_counts_where_it_differs_from_the_utc_day():
    assert local_day(utc(2026, 3, 2, 23), ZoneInfo("Pacific/Auckland")) == date(2026, 3, 3)
