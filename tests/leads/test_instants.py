"""Time zones by name, instants as text."""

from datetime import UTC, datetime

import pytest

from leads.instants import iso, known_zone, parse_iso, zone


@pytest.mark.parametrize("claim", ["", "Mars/Olympus", "../../etc/passwd", "\x00", "x" * 300])
def test_a_zone_that_is_none_gives_the_next_and_in_the_end_utc(claim):
    assert zone(claim, "Europe/Berlin").key == "Europe/Berlin"
    assert zone(claim).key == "UTC"
    assert known_zone(claim, "Europe/Berlin") == "Europe/Berlin"
    assert known_zone(claim) == ""


def test_instants_survive_as_text():
    at = datetime(2026, 11, 22, 6, 0, 0, 123_000, UTC)
    assert iso(at) == "2026-11-22T06:00:00.123Z"
    assert parse_iso(iso(at)) == at
