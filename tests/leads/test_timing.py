"""When a mail is due: delays, hours, days, quiet hours, dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leads.funnel import Step
from leads.instants import zone
from leads.timing import Missed, deadline, due, find_anchor, is_quiet, next_allowed
from leads.wall_clock import parse_hour

BERLIN = zone("Europe/Berlin")
AUCKLAND = zone("Pacific/Auckland")
DAY = 86_400
NIGHT = ("21:00", "08:00")
WEEKDAYS = (0, 1, 2, 3, 4)
#: Thursday, 18:00 in Berlin.
WEBINAR = datetime(2026, 12, 3, 17, tzinfo=UTC)
LONG_BEFORE = datetime(2026, 11, 2, 9, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def when(step: Step, base: datetime, anchor=None, where=BERLIN, quiet=None) -> str:
    """When it is due, on the lead's clock."""
    found = due(step, base, anchor, where, quiet)
    return f"{found.astimezone(where):%a %d %b %H:%M}" if isinstance(found, datetime) else found.reason


def before(seconds: int, at: str = "", days=(), anchor="webinar") -> Step:
    return Step("reminder", anchor=anchor, offset=-seconds, at=at, days=days)


class TestAfterADelay:
    def test_without_an_hour_a_step_is_due_its_delay_after_the_mail_before(self):
        assert due(Step("x", 2 * DAY), utc(2026, 3, 2, 8), None, BERLIN, None) == utc(2026, 3, 4, 8)

    def test_an_hour_moves_the_step_on_never_back(self):
        step = Step("x", DAY, "09:00")
        assert when(step, utc(2026, 3, 2, 7, 59)) == "Tue 03 Mar 09:00"
        assert when(step, utc(2026, 3, 2, 8, 0)) == "Tue 03 Mar 09:00"
        assert when(step, utc(2026, 3, 2, 8, 1)) == "Wed 04 Mar 09:00"

    def test_the_hour_is_local_on_both_sides_of_a_change_of_clocks(self):
        assert due(Step("x", DAY, "09:00"), utc(2026, 3, 27, 7), None, BERLIN, None) == utc(2026, 3, 28, 8)
        assert due(Step("x", 0, "09:00"), utc(2026, 3, 28, 8, 30), None, BERLIN, None) == utc(2026, 3, 29, 7)

    def test_three_days_after_nine_is_nine_also_where_the_clocks_change_in_between(self):
        assert when(Step("x", 3 * DAY, "09:00"), utc(2026, 3, 27, 8)) == "Mon 30 Mar 09:00"
        assert when(Step("x", 3 * DAY, "09:00"), utc(2026, 10, 23, 7)) == "Mon 26 Oct 09:00"

    def test_an_hour_that_the_clocks_skip_is_the_first_moment_after_the_gap(self):
        assert when(Step("x", 0, "02:30"), utc(2026, 3, 28, 12)) == "Sun 29 Mar 03:00"

    def test_an_hour_that_comes_twice_is_taken_the_first_time(self):
        assert due(Step("x", 0, "02:30"), utc(2026, 10, 24, 12), None, BERLIN, None) == utc(
            2026, 10, 25, 0, 30
        )

    def test_a_day_that_the_clocks_skip_whole_is_passed_over(self):
        assert (
            when(Step("x", 0, "09:00"), utc(2011, 12, 30, 0), where=zone("Pacific/Apia"))
            == "Sat 31 Dec 09:00"
        )
        friday = Step("x", 0, "09:00", days=(4,))
        assert when(friday, utc(2011, 12, 30, 0), where=zone("Pacific/Apia")) == "Fri 06 Jan 09:00"

    def test_the_local_day_counts_where_it_differs_from_the_utc_day(self):
        assert when(Step("x", 0, "09:00"), utc(2026, 3, 2, 23, 0), where=AUCKLAND) == "Wed 04 Mar 09:00"
        assert when(Step("x", 0, "09:00"), utc(2026, 3, 2, 19, 0), where=AUCKLAND) == "Tue 03 Mar 09:00"

    def test_a_day_that_does_not_suit_moves_it_on_to_the_next_that_does(self):
        saturday = utc(2026, 3, 7, 14)
        assert when(Step("x", 0, "09:00", WEEKDAYS), saturday) == "Mon 09 Mar 09:00"
        assert when(Step("x", 0, "", WEEKDAYS), saturday) == "Mon 09 Mar 00:00"
        assert when(Step("x", 0, "", WEEKDAYS), saturday, quiet=NIGHT) == "Mon 09 Mar 08:00"
        assert when(Step("x", 0, "", (5,)), saturday) == "Sat 07 Mar 15:00"

    @pytest.mark.parametrize(
        ("hour", "moved"),
        [
            (20, "Mon 02 Mar 20:00"),
            (21, "Tue 03 Mar 08:00"),
            (7, "Mon 02 Mar 08:00"),
            (8, "Mon 02 Mar 08:00"),
        ],
    )
    def test_in_quiet_hours_it_waits_for_their_end(self, hour, moved):
        assert when(Step("x"), utc(2026, 3, 2, hour - 1), quiet=NIGHT) == moved

    def test_the_end_of_quiet_hours_may_fall_on_a_day_that_does_not_suit(self):
        assert when(Step("x", 0, "", (4,)), utc(2026, 3, 6, 21), quiet=NIGHT) == "Fri 13 Mar 08:00"

    def test_an_hour_within_quiet_hours_stands_for_their_end(self):
        assert when(Step("x", 0, "22:00"), utc(2026, 3, 2, 12), quiet=NIGHT) == "Tue 03 Mar 08:00"

    def test_quiet_hours_need_not_span_midnight(self):
        assert when(Step("x"), utc(2026, 3, 2, 12), quiet=("12:30", "14:00")) == "Mon 02 Mar 14:00"

    def test_quiet_hours_that_end_in_an_hour_that_comes_twice_hold_in_both(self):
        quiet = ("21:00", "02:30")
        assert next_allowed(utc(2026, 10, 25, 0, 10), Step("x"), BERLIN, quiet) == utc(2026, 10, 25, 0, 30)
        assert next_allowed(utc(2026, 10, 25, 1, 10), Step("x"), BERLIN, quiet) == utc(2026, 10, 25, 1, 30)


class TestByADate:
    def test_before_it_by_days_or_hours(self):
        assert when(before(DAY), LONG_BEFORE, WEBINAR) == "Wed 02 Dec 18:00"
        assert when(before(2 * 3600), LONG_BEFORE, WEBINAR) == "Thu 03 Dec 16:00"

    def test_an_hour_is_taken_on_the_day_before_as_the_leads_own_calendar_has_it(self):
        assert when(before(DAY, "09:00"), LONG_BEFORE, WEBINAR) == "Wed 02 Dec 09:00"
        assert when(before(DAY, "20:00"), LONG_BEFORE, WEBINAR) == "Wed 02 Dec 20:00"
        # In Auckland the webinar is on Friday at 06:00.
        assert when(before(DAY, "09:00"), LONG_BEFORE, WEBINAR, AUCKLAND) == "Thu 03 Dec 09:00"

    def test_what_is_due_before_a_date_moves_to_an_earlier_day_or_hour_never_later(self):
        monday = utc(2026, 12, 7, 8)  # 09:00
        assert when(before(DAY, "09:00", WEEKDAYS), LONG_BEFORE, monday) == "Fri 04 Dec 09:00"
        assert when(before(DAY, "", WEEKDAYS), LONG_BEFORE, monday) == "Fri 04 Dec 23:59"
        assert when(before(DAY, "", WEEKDAYS), LONG_BEFORE, monday, quiet=NIGHT) == "Fri 04 Dec 20:59"
        assert when(before(2 * 3600), LONG_BEFORE, monday, quiet=NIGHT) == "Sun 06 Dec 20:59"
        assert when(before(DAY, "22:00"), LONG_BEFORE, monday, quiet=NIGHT) == "Sun 06 Dec 08:00"

    def test_quiet_hours_that_begin_in_an_hour_that_comes_twice_begin_twice(self):
        quiet, four = ("02:30", "08:00"), utc(2026, 10, 25, 3)
        assert due(before(1800), LONG_BEFORE - timedelta(days=30), four, BERLIN, quiet) == utc(
            2026, 10, 25, 1, 29
        )
        in_the_first = utc(2026, 10, 25, 0, 50)
        assert due(before(60), utc(2026, 10, 1), in_the_first, BERLIN, quiet) == utc(2026, 10, 25, 0, 29)

    def test_who_comes_after_the_moment_before_a_date_has_missed_that_mail(self):
        moment = WEBINAR - timedelta(days=1)
        assert due(before(DAY), moment, WEBINAR, BERLIN, None) == moment
        assert (
            when(before(DAY), moment + timedelta(seconds=1), WEBINAR)
            == "too late for a mail before `webinar`"
        )

    def test_what_is_due_after_a_date_goes_then_or_as_soon_as_the_lead_is_there(self):
        step = Step("replay", anchor="webinar", offset=2 * 3600)
        assert when(step, LONG_BEFORE, WEBINAR) == "Thu 03 Dec 20:00"
        assert when(step, utc(2027, 1, 4, 22), WEBINAR, quiet=NIGHT) == "Tue 05 Jan 08:00"

    def test_on_a_day_means_that_day(self):
        step = Step("today", anchor="renewal", at="09:00")
        assert when(step, LONG_BEFORE, date(2026, 12, 6)) == "Sun 06 Dec 09:00"
        assert when(step, utc(2026, 12, 6, 9), date(2026, 12, 6)) == "the day `renewal` is over"

    def test_a_day_on_which_nothing_may_go_out_is_made_up_for_on_the_next_that_suits(self):
        step = Step("today", anchor="renewal", at="09:00", days=WEEKDAYS)
        assert when(step, LONG_BEFORE, date(2026, 12, 6)) == "Mon 07 Dec 09:00"
        assert when(step, utc(2026, 12, 6, 18), date(2026, 12, 6)) == "Mon 07 Dec 09:00"
        assert when(step, utc(2026, 12, 7, 9), date(2026, 12, 6)) == "the day `renewal` is over"

    def test_a_day_of_the_calendar_is_that_day_where_the_lead_lives(self):
        assert when(before(DAY, "09:00"), LONG_BEFORE, date(2026, 12, 6), AUCKLAND) == "Sat 05 Dec 09:00"

    def test_a_lead_without_the_date_is_passed_over(self):
        assert due(before(DAY), LONG_BEFORE, None, BERLIN, None) == Missed("this lead has no date `webinar`")


class TestHeldUp:
    def test_a_mail_before_a_date_may_wait_until_the_date_and_no_longer(self):
        assert deadline(before(DAY), WEBINAR, BERLIN, None) == WEBINAR
        assert deadline(before(DAY), date(2026, 12, 3), BERLIN, None) == utc(2026, 12, 2, 23)

    def test_a_mail_for_a_day_may_wait_until_the_day_it_goes_on_is_over(self):
        step = Step("today", anchor="renewal", at="09:00", days=WEEKDAYS)
        assert deadline(step, date(2026, 12, 6), BERLIN, None) == utc(2026, 12, 7, 23)

    def test_no_other_mail_has_an_end(self):
        assert deadline(Step("x", DAY), None, BERLIN, None) is None
        assert deadline(Step("x", anchor="webinar", offset=3600), WEBINAR, BERLIN, None) is None

    def test_it_goes_at_the_next_hour_on_a_day_that_suits_outside_quiet_hours(self):
        late = utc(2026, 3, 6, 8, 5)  # Friday, 09:05
        assert next_allowed(late, Step("x", 0, "09:00", WEEKDAYS), BERLIN, NIGHT) == utc(2026, 3, 9, 8)
        assert next_allowed(late, Step("x"), BERLIN, NIGHT) == late


class TestDates:
    DATES = {"webinar": "2026-12-03T17:00:00.000Z", "sale": "2026-11-27"}

    def find(self, name: str, answers=None, confirmed_at=None):
        return find_anchor(name, self.DATES, answers or {}, confirmed_at)

    def test_the_magnets_own_are_instants_or_days(self):
        assert self.find("webinar") == WEBINAR
        assert self.find("sale") == date(2026, 11, 27)

    def test_the_leads_own_are_answers_to_the_form_and_when_they_confirmed(self):
        assert self.find("renewal", {"renewal": "2027-01-31"}) == date(2027, 1, 31)
        assert self.find("confirmed", confirmed_at=WEBINAR) == WEBINAR

    def test_the_magnets_date_is_not_for_a_visitor_to_choose(self):
        assert self.find("webinar", {"webinar": "2030-01-01"}) == WEBINAR

    @pytest.mark.parametrize(
        "stored", ["", "soon", "2026-02-30", "0001-01-01", "9999-12-31", "2026-12-03T10:00"]
    )
    def test_what_is_no_date_is_none(self, stored):
        assert self.find("renewal", {"renewal": stored}) is None


@pytest.mark.parametrize(
    ("hour", "quiet", "expected"),
    [
        ("21:00", NIGHT, True),
        ("20:59", NIGHT, False),
        ("07:59", NIGHT, True),
        ("08:00", NIGHT, False),
        ("12:00", ("12:00", "13:00"), True),
        ("13:00", ("12:00", "13:00"), False),
        ("03:00", None, False),
    ],
)
def test_quiet_hours_hold_from_their_beginning_up_to_their_end(hour, quiet, expected):
    assert is_quiet(parse_hour(hour), quiet) is expected
