"""What may be asked of the clock."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from lodestone.local.time_travel import CannotMove, move_clock, parse_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("3 days", timedelta(days=3)),
        ("1 hour", timedelta(hours=1)),
        (" +90 minutes ", timedelta(minutes=90)),
        ("2weeks", timedelta(weeks=2)),
        ("30 seconds", timedelta(seconds=30)),
        ("0 days", timedelta(0)),
    ],
)
def test_spans_are_read_as_people_write_them(text, span):
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["", "soon", "3", "days", "-3 days", "1.5 days", "1 year", "99999 weeks", 3, None]
)
def test_a_span_that_makes_no_sense_is_refused_with_an_example(text):
    with pytest.raises(CannotMove, match=r"3 days|at most"):
        parse_span(text)


@pytest.mark.parametrize(
    "request_body",
    [{}, [], "3 days", None, {"to": "tomorrow"}, {"advance": "1 day", "to": "next mail"}],
)
def test_a_request_that_makes_no_sense_is_refused_with_an_example(request_body):
    machine = SimpleNamespace(mails=SimpleNamespace(count=lambda: 0))
    with pytest.raises(CannotMove, match="next mail"):
        move_clock(machine, request_body)
