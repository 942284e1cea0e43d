"""An instant in words names its zone as people do, and is never later than the instant."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from leads.moment_words import full_moment_in_words, moment_in_words, zone_in_words

AT = datetime(2026, 11, 30, 17, 0, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "Berlin time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("Asia/Kolkata", "Kolkata time"),
        ("UTC", "UTC"),
        ("Etc/GMT+5", "UTC−05:00"),
        ("CET", "UTC+01:00"),
    ],
)
def test_a_zone_is_named_by_its_place_or_its_offset(zone, words):
    assert zone_in_words(AT, ZoneInfo(zone)) == words


def test_a_mail_says_day_hour_and_zone_and_a_page_year_and_offset_too():
    assert moment_in_words(AT, ZoneInfo("Europe/Berlin")) == "Monday 30 November, 18:00 (Berlin time)"
    assert full_moment_in_words(AT, ZoneInfo("Asia/Kathmandu")) == (
        "Monday 30 November 2026, 22:45 Kathmandu time (UTC+05:45)"
    )
    assert full_moment_in_words(AT, ZoneInfo("UTC")) == "Monday 30 November 2026, 17:00 UTC"
