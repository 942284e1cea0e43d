"""Local hours, daylight saving, instants as text."""

from datetime import UTC, datetime

import pytest

from leads.instants import due_at, iso, parse_iso, zone

BERLIN = zone("Europe/Berlin")
DAY = 86_400


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_without_an_hour_a_step_is_due_its_delay_after_the_mail_before():
    assert due_at(utc(2026, 3, 2, 8), 2 * DAY, "", BERLIN) == utc(2026, 3, 4, 8)


def test_an_hour_moves_the_step_on_never_back():
    assert due_at(utc(2026, 3, 2, 7, 59), DAY, "09:00", BERLIN) == utc(2026, 3, 3, 8)
    assert due_at(utc(2026, 3, 2, 8, 0), DAY, "09:00", BERLIN) == utc(2026, 3, 3, 8)
    assert due_at(utc(2026, 3, 2, 8, 1), DAY, "09:00", BERLIN) == utc(2026, 3, 4, 8)


def test_the_hour_is_local_on_both_sides_of_a_change_of_clocks():
    assert due_at(utc(2026, 3, 27, 7), DAY, "09:00", BERLIN) == utc(2026, 3, 28, 8)
    assert due_at(utc(2026, 3, 28, 8, 30), 0, "09:00", BERLIN) == utc(2026, 3, 29, 7)


def test_three_days_after_nine_is_nine_also_where_the_clocks_change_in_between():
    assert due_at(utc(2026, 3, 27, 8), 3 * DAY, "09:00", BERLIN) == utc(2026, 3, 30, 7)
    assert due_at(utc(2026, 10, 23, 7), 3 * DAY, "09:00", BERLIN) == utc(2026, 10, 26, 8)


def test_an_hour_the_clocks_skip_is_taken_an_hour_later():
    assert due_at(utc(2026, 3, 28, 12), 0, "02:30", BERLIN) == utc(2026, 3, 29, 1, 30)  # 03:30 on the wall


def test_an_hour_that_comes_twice_is_taken_the_first_time():
    assert due_at(utc(2026, 10, 24, 12), 0, "02:30", BERLIN) == utc(2026, 10, 25, 0, 30)


def test_the_local_day_counts_where_it_differs_from_the_utc_day():
    assert due_at(utc(2026, 3, 2, 23, 0), 0, "09:00", zone("Pacific/Auckland")) == utc(2026, 3, 3, 20)


@pytest.mark.parametrize("claim", ["", "Mars/Olympus", "../../etc/passwd", "\x00", "x" * 300])
def test_a_zone_that_is_none_gives_the_next_and_in_the_end_utc(claim):
    assert zone(claim, "Europe/Berlin").key == "Europe/Berlin"
    assert zone(claim).key == "UTC"


def test_instants_survive_as_text():
    at = datetime(2026, 11, 22, 6, 0, 0, 123_000, UTC)
    assert iso(at) == "2026-11-22T06:00:00.123Z"
    assert parse_iso(iso(at)) == at
