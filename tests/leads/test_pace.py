"""Pacing, by property: whatever is asked in whatever order, SES is never asked for more than it allows."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.pace import (
    DRIP,
    FIRST,
    WARM_UP_GROWTH,
    WARM_UP_START,
    Allowance,
    Limits,
    Pace,
    booked,
    hold,
    lane_of,
    limits_of,
    next_free,
    observe,
    reserve,
)
from tests.hypothesis_profiles import examples

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(**{each: 1}) for each in ("seconds", "minutes", "hours", "days"))

#: What workers may ask over a few days: a lane, how many at once, and how long after the one before.
REQUESTS = st.lists(
    st.tuples(
        st.sampled_from([FIRST, DRIP]),
        st.integers(1, 30),
        st.sampled_from([0, 0, 0, 1, 40, 900, 7200, 40_000]),
    ),
    min_size=1,
    max_size=40,
)
RATES = st.sampled_from([0.7, 1, 12.6, 45, 900])


def run(requests: list, limits: Limits) -> list[tuple[str, datetime, datetime]]:
    """Each slot with its lane and the instant it was asked for at."""
    pace, now, given = Pace(), NOW, []
    for lane, count, pause in requests:
        now += timedelta(seconds=pause)
        slots, pace = reserve(pace, lane, count, now, limits)
        given += [(lane, slot, now) for slot in slots]
    return given


def most_within(instants: list[datetime], span: timedelta) -> int:
    """The largest number of instants in any half-open window of that length."""
    instants, first, most = sorted(instants), 0, 0
    for last, at in enumerate(instants):
        while instants[first] <= at - span:
            first += 1
        most = max(most, last - first + 1)
    return most


def backlog(limits: Limits, count: int, at: datetime = NOW) -> tuple[list[datetime], Pace]:
    """So many drip mails that are due at once, reserved in batches of ten."""
    pace, given = Pace(), []
    for _ in range(count // 10):
        slots, pace = reserve(pace, DRIP, 10, at, limits)
        given += slots
    return given, pace


@examples(1.5)
@given(REQUESTS, RATES)
def test_no_second_has_more_than_the_rate_and_the_two_that_stand_at_its_edges(requests, rate):
    given = run(requests, Limits(rate, rate * 0.8))
    assert most_within([slot for _, slot, _ in given], SECOND) <= rate + 2


@examples(1.5)
@given(REQUESTS, st.sampled_from([1, 7, 40, 200]))
def test_no_24_hours_have_more_than_the_quota(requests, quota):
    given = run(requests, Limits(12.6, 10, quota))
    assert most_within([slot for _, slot, _ in given], DAY) <= quota


@examples(1.5)
@given(REQUESTS, st.sampled_from([None, 7, 200]), RATES)
def test_every_mail_gets_one_slot_which_is_not_in_the_past_and_no_earlier_than_its_lane_s_last(
    requests, quota, rate
):
    given = run(requests, Limits(rate, rate * 0.8, quota))
    assert len(given) == sum(count for _, count, _ in requests)
    assert all(slot >= asked for _, slot, asked in given)
    for lane in (FIRST, DRIP):
        slots = [slot for each, slot, _ in given if each == lane]
        assert slots == sorted(set(slots))


@examples(0.5)
@given(REQUESTS, st.sampled_from([20, 200]))
def test_sequences_leave_a_tenth_of_the_quota_to_what_leads_wait_for(requests, quota):
    given = run([(DRIP, count, pause) for _, count, pause in requests], Limits(45, 40, quota))
    assert most_within([slot for _, slot, _ in given], DAY) <= quota * 0.9


@pytest.mark.slow
def test_100000_due_mails_drain_at_exactly_the_rate_that_was_set():
    limits = limits_of(Allowance(14, 1_000_000), send_rate=10)
    slots, _ = backlog(limits, 100_000)
    assert slots[0] == NOW
    assert slots[-1] - slots[0] == timedelta(seconds=99_999 / 10)


@pytest.mark.slow
def test_a_lead_who_signs_up_before_100000_due_mails_has_a_slot_at_once():
    limits = limits_of(Allowance(14, 1_000_000))
    _, pace = backlog(limits, 100_000)
    for minute in range(5):  # 20 leads a minute, all at once
        now = NOW + minute * MINUTE
        slots, pace = reserve(pace, FIRST, 20, now, limits)
        assert slots[0] == now
        assert slots[-1] - now < 10 * SECOND


def test_a_backlog_that_the_quota_holds_back_for_days_does_not_hold_back_an_opt_in_mail():
    limits = limits_of(Allowance(14, 1_000))
    slots, pace = backlog(limits, 3_000)
    assert slots[-1] - NOW > 3 * DAY
    first, _ = reserve(pace, FIRST, 1, NOW + 2 * HOUR, limits)
    assert first == (NOW + 2 * HOUR,)


def test_the_first_lane_has_the_whole_rate_while_the_drip_idles_and_the_drip_stays_behind_it():
    limits = Limits(10, 8)
    slots, pace = reserve(Pace(), FIRST, 21, NOW, limits)
    assert slots[-1] - slots[0] == 2 * SECOND
    (drip,), pace = reserve(pace, DRIP, 1, NOW, limits)
    assert drip == slots[-1] + SECOND / 10
    _, pace = reserve(pace, DRIP, 100, NOW, limits)
    slots, _ = reserve(pace, FIRST, 3, drip, limits)
    assert slots[-1] - slots[0] == SECOND  # two a second are left


def test_an_idle_lane_saves_nothing_up():
    limits = Limits(10, 8)
    _, pace = reserve(Pace(), DRIP, 1, NOW, limits)
    slots, _ = reserve(pace, DRIP, 9, NOW + HOUR, limits)
    assert (slots[0], slots[-1]) == (NOW + HOUR, NOW + HOUR + SECOND)


def test_what_no_window_can_see_any_more_is_forgotten():
    limits = Limits(1, 0.8, 1_000_000)
    pace = Pace()
    for hour in range(100):
        _, pace = reserve(pace, DRIP, 1, NOW + hour * HOUR, limits)
    assert len(pace.hours) == 25


def test_a_new_domain_begins_slowly_with_its_sequences_and_makes_nobody_wait_who_asked():
    limits = limits_of(Allowance(100, 50_000), warm_up_since=date(2026, 3, 2))
    slots, pace = backlog(limits, 2_000, at=datetime(2026, 3, 2, tzinfo=UTC))
    first = [slot for slot in slots if slot.date() == date(2026, 3, 2)]
    assert len(first) == WARM_UP_START
    for day in range(6):
        reached = datetime(2026, 3, 2, tzinfo=UTC) + day * DAY
        of_the_day = [slot for slot in slots if reached <= slot < reached + DAY]
        assert len(of_the_day) <= WARM_UP_START * WARM_UP_GROWTH**day
    waiting, _ = reserve(pace, FIRST, 500, NOW, limits)
    assert waiting[-1] - NOW < MINUTE


def test_the_ramp_has_an_end_and_before_its_first_day_it_is_at_its_start():
    long_ago = limits_of(Allowance(100, None), warm_up_since=date(2020, 1, 1))
    assert backlog(long_ago, 5_000)[0][-1] - NOW < MINUTE + 10 * SECOND
    to_come = limits_of(Allowance(100, None), warm_up_since=date(2026, 4, 1))
    assert Counter(slot.date() for slot in backlog(to_come, 210)[0])[NOW.date()] == WARM_UP_START


@pytest.mark.parametrize(
    ("allowance", "send_rate", "rate", "drip"),
    [
        (Allowance(14, 50_000), 0, 12.6, 10.08),
        (Allowance(14, 50_000), 5, 12.6, 5),
        (Allowance(14, 50_000), 100, 12.6, 11.34),  # the first lane keeps a tenth
        (None, 0, 1, 0.8),
        (None, 4, 5, 4),
    ],
)
def test_the_limits_follow_ses_and_a_deployer_may_lower_the_drip_s(allowance, send_rate, rate, drip):
    limits = limits_of(allowance, send_rate)
    assert (limits.rate, limits.drip) == (pytest.approx(rate), pytest.approx(drip))
    assert limits.quota == (allowance and allowance.quota)


def test_an_account_without_quota_is_bound_by_the_rate_alone():
    slots, _ = backlog(limits_of(Allowance(100, None)), 10_000)
    assert slots[-1] - NOW < timedelta(seconds=10_000 / 72 + 1)


def test_a_throttled_lane_comes_later_and_the_other_as_before():
    limits = Limits(10, 8)
    pace = hold(Pace(), DRIP, NOW, 3 * SECOND)
    assert reserve(pace, DRIP, 1, NOW, limits)[0] == (NOW + 3 * SECOND,)
    assert reserve(pace, FIRST, 1, NOW, limits)[0] == (NOW,)
    assert reserve(hold(Pace(), FIRST, NOW, SECOND), FIRST, 1, NOW, limits)[0] == (NOW + SECOND,)


def test_what_others_sent_from_the_account_counts_against_the_quota_once():
    limits = Limits(100, 80, 100)
    _, pace = reserve(Pace(), FIRST, 30, NOW, limits)
    pace = observe(observe(pace, NOW, 90), NOW + 15 * MINUTE, 90)
    slots, _ = reserve(pace, FIRST, 11, NOW, limits)
    assert [slot - NOW < MINUTE for slot in slots] == [True] * 10 + [False]
    assert observe(pace, NOW, 20) == pace  # SES is behind with its counting


def test_no_slot_is_given_behind_the_horizon_and_the_next_free_one_is_told():
    limits = Limits(2, 1, 100)
    slots, pace = reserve(Pace(), DRIP, 100, NOW, limits, NOW + MINUTE)
    assert len(slots) == 61
    assert reserve(pace, DRIP, 5, NOW, limits, NOW + MINUTE)[0] == ()
    assert next_free(pace, DRIP, NOW, limits) == NOW + 61 * SECOND
    _, pace = reserve(pace, DRIP, 29, NOW, limits)
    assert next_free(pace, DRIP, NOW, limits) - NOW > 24 * HOUR  # the day's quota is spent


def test_how_far_a_lane_is_booked_ahead():
    limits = Limits(10, 8)
    assert booked(Pace(), DRIP, NOW, limits) == timedelta(0)
    _, pace = reserve(Pace(), DRIP, 80, NOW, limits)
    assert booked(pace, DRIP, NOW, limits) == 10 * SECOND
    assert booked(pace, DRIP, NOW + MINUTE, limits) == timedelta(0)


@pytest.mark.parametrize(
    ("step", "lane"),
    [("opt-in", FIRST), ("delivery", FIRST), ("your-data", FIRST), ("still-there", DRIP), ("second", DRIP)],
)
def test_what_a_lead_waits_for_has_a_lane_of_its_own(step, lane):
    assert lane_of(step) == lane
