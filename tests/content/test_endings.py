"""An end as an author writes it is one instant, wherever the clocks change, or none that can be taken."""

from datetime import UTC, datetime

import pytest

from lodestone.content.endings import parse_ending
from lodestone.content.prices import parse_money


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-12-15 18:00", "2026-12-15T17:00:00"),
        ("2026-12-15 18:00:30", "2026-12-15T17:00:30"),
        ("2026-12-15 18:00 America/New_York", "2026-12-15T23:00:00"),
        ("2026-12-15 18:00 UTC", "2026-12-15T18:00:00"),
        ("2026-12-15 18:00Z", "2026-12-15T18:00:00"),
        ("2026-12-15 18:00-11:00", "2026-12-16T05:00:00"),
        ("2026-12-31 23:59 Pacific/Kiritimati", "2026-12-31T09:59:00"),
        ("2026-12-31 23:59 Pacific/Apia", "2026-12-31T10:59:00"),
    ],
)
def test_an_end_is_one_instant(written, instant):
    found = parse_ending(written).instants("Europe/Berlin")
    assert found == (datetime.fromisoformat(instant).replace(tzinfo=UTC),)


def test_an_hour_that_comes_twice_has_two_instants_and_one_that_is_skipped_none():
    assert len(parse_ending("2026-10-25 02:30").instants("Europe/Berlin")) == 2
    assert parse_ending("2026-03-29 02:30").instants("Europe/Berlin") == ()
    assert parse_ending("2011-12-30 12:00 Pacific/Apia").instants("UTC") == ()
    assert len(parse_ending("2026-10-25 02:30+02:00").instants("Europe/Berlin")) == 1


@pytest.mark.parametrize(
    "written", ["2026-12-15", "tomorrow", "2026-12-15 25:00", "2026-12-15 18:00 Mars/Base", "", 7, None]
)
def test_what_is_no_end_is_refused(written):
    with pytest.raises(ValueError, match="2026-12-15 18:00"):
        parse_ending(written)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("19 EUR", "19 EUR"), ("19.5 EUR", "19.50 EUR"), ("19.50 USD", "19.50 USD"), ("0.10EUR", "0.10 EUR")],
)
def test_a_price_is_exact(written, shown):
    assert str(parse_money(written)) == shown


@pytest.mark.parametrize("written", ["19", "19 euro", "€ 19", "-1 EUR", "1.999 EUR", "1,50 EUR", 19, None])
def test_what_is_no_price_is_refused(written):
    with pytest.raises(ValueError, match="19 EUR"):
        parse_money(written)
