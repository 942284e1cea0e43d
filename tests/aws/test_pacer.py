"""The shared book of slots: many containers, one item, and no more calls than needed."""

import heapq
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from aws.account import Account
from aws.pacer import ASKED_AGAIN, ASKED_EVERY, Contended, Pacer, SendingLimits
from leads.pace import DRIP, FIRST, Allowance

START = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
GENEROUS = Account(Allowance(100, 1_000_000), 0)


class Counted:
    """A boto3 client that keeps the names of its calls, and may have somebody come before."""

    def __init__(self, client: Any):
        self._client = client
        self.calls: list[str] = []
        self.before_update = lambda: None

    def update_item(self, **request: Any) -> dict:
        self.calls.append("update_item")
        come_before, self.before_update = self.before_update, lambda: None
        come_before()
        return self._client.update_item(**request)

    def get_item(self, **request: Any) -> dict:
        self.calls.append("get_item")
        return self._client.get_item(**request)


class Fleet:
    """Containers on one table, one clock, one SES account."""

    def __init__(self, client: Any):
        self.client = client
        self.time = START
        self.account: Account | None = GENEROUS
        self.asked = 0
        self.slept: list[float] = []

    def container(self, limits: SendingLimits | None = None) -> tuple[Pacer, Counted]:
        counted = Counted(self.client)
        pacer = Pacer(
            counted,
            "leads",
            self._ask,
            limits or SendingLimits(),
            lambda: self.time,
            self.slept.append,
            lambda: 0.5,
        )
        return pacer, counted

    def _ask(self) -> Account | None:
        self.asked += 1
        return self.account


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    for name, value in (
        ("ACCESS_KEY_ID", "test"),
        ("SECRET_ACCESS_KEY", "test"),
        ("DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="leads",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        yield Fleet(client)


def test_containers_never_share_a_slot_whoever_comes_between(fleet):
    containers = [fleet.container()[0] for _ in range(4)]
    given = [slot for _ in range(10) for each in containers for slot in each.reserve(DRIP, 3)]
    assert given == sorted(set(given))
    assert given[-1] - given[0] == timedelta(microseconds=13_889) * 119


def test_a_reservation_that_nobody_came_before_is_one_write_and_no_read(fleet):
    pacer, counted = fleet.container()
    pacer.reserve(DRIP, 1)
    counted.calls.clear()
    for _ in range(5):
        pacer.reserve(DRIP, 10)
    assert counted.calls == ["update_item"] * 5


def test_asking_ses_again_costs_no_write_where_the_limits_are_as_before(fleet):
    pacer, counted = fleet.container()
    pacer.reserve(DRIP, 1)
    counted.calls.clear()
    fleet.time += ASKED_EVERY
    pacer.reserve(DRIP, 1)
    assert fleet.asked == 2
    assert counted.calls == ["update_item"]


def test_a_container_that_somebody_came_before_learns_the_book_from_the_refusal(fleet):
    pacer, counted = fleet.container()
    other, _ = fleet.container()
    pacer.reserve(DRIP, 1)
    (taken,) = other.reserve(DRIP, 1)
    counted.calls.clear()
    fleet.slept.clear()
    (slot,) = pacer.reserve(DRIP, 1)
    assert slot > taken
    assert counted.calls == ["update_item"] * 2
    assert fleet.slept == [0.5 * 0.01]


def test_one_that_never_gets_its_turn_says_so(fleet):
    pacer, counted = fleet.container()
    other, _ = fleet.container()

    def come_before() -> None:
        other.reserve(DRIP, 1)
        counted.before_update = come_before

    pacer.reserve(DRIP, 1)
    counted.before_update = come_before
    with pytest.raises(Contended):
        pacer.reserve(DRIP, 1)
    assert max(fleet.slept) == 0.25
    # Afterwards all is as before.
    counted.before_update = lambda: None
    assert pacer.reserve(DRIP, 1)


def test_the_fleet_asks_ses_once_in_a_quarter_of_an_hour(fleet):
    containers = [fleet.container()[0] for _ in range(5)]
    for _ in range(4):
        for each in containers:
            each.reserve(DRIP, 1)
        fleet.time += ASKED_EVERY / 3
    assert fleet.asked == 2  # at the start, and 15 minutes later
    fresh, _ = fleet.container()
    fresh.reserve(DRIP, 1)
    assert fleet.asked == 2


def test_without_a_word_from_ses_one_mail_a_second_goes_out_and_it_is_asked_again_soon(fleet):
    fleet.account = None
    pacer, _ = fleet.container()
    slots = pacer.reserve(FIRST, 3)
    assert slots == tuple(START + timedelta(seconds=each) for each in range(3))
    fleet.time += ASKED_AGAIN
    fleet.account = GENEROUS
    pacer.reserve(FIRST, 1)
    first, second = pacer.reserve(FIRST, 2)
    assert second - first < timedelta(seconds=0.1)


def test_what_ses_said_last_holds_while_it_does_not_answer(fleet):
    pacer, _ = fleet.container()
    pacer.reserve(FIRST, 1)
    fleet.account = None
    fleet.time += ASKED_EVERY
    first, second = pacer.reserve(FIRST, 2)
    assert fleet.asked == 2
    assert second - first < timedelta(seconds=0.1)


def test_the_deployer_s_rate_and_the_ramp_of_a_new_domain_hold(fleet):
    pacer, _ = fleet.container(SendingLimits(send_rate=2))
    first, second = pacer.reserve(DRIP, 2)
    assert second - first == timedelta(seconds=0.5)
    warming, _ = fleet.container(SendingLimits(warm_up_since=date(2026, 3, 2)))
    slots = list(itertools.chain.from_iterable(warming.reserve(DRIP, 10) for _ in range(25)))
    assert len(slots) == 198  # two went before, of the first day's 200
    assert warming.next_free(DRIP).date() == date(2026, 3, 3)


def test_throttled_the_lane_pauses_and_ses_is_asked_for_its_limits_soon(fleet):
    pacer, _ = fleet.container()
    (slot,) = pacer.reserve(DRIP, 1)
    pacer.hold(DRIP, 3)
    assert pacer.reserve(DRIP, 1)[0] - slot >= timedelta(seconds=3)
    assert fleet.asked == 1
    fleet.account = Account(Allowance(10, 100), 100)
    fleet.time += ASKED_AGAIN
    pacer.reserve(DRIP, 1)
    assert pacer.reserve(DRIP, 1) == ()
    assert pacer.next_free(DRIP) - fleet.time > timedelta(hours=23)
    assert fleet.asked == 2


def test_a_raised_quota_ends_what_the_old_one_held_back(fleet):
    fleet.account = Account(Allowance(1, 200), 0)
    pacer, _ = fleet.container()
    assert len(pacer.reserve(DRIP, 1000)) == 180
    assert pacer.next_free(DRIP) - fleet.time > timedelta(days=1)
    fleet.account = Account(Allowance(14, 50_000), 180)
    fleet.time += ASKED_EVERY
    pacer.reserve(DRIP, 1)
    assert pacer.reserve(DRIP, 1)


@pytest.mark.slow
def test_a_backlog_drains_at_exactly_the_rate_and_whoever_signs_up_meanwhile_waits_for_seconds(fleet):
    """Ten workers, 20,000 mails due at once, five a second: those who find no slot in the hour come back."""
    workers = [fleet.container(SendingLimits(send_rate=5))[0] for _ in range(10)]
    backlog, slots, hops = [(START, 20_000)], [], 0
    while backlog:
        fleet.time, waiting = heapq.heappop(backlog)
        while waiting:
            taken = workers[hops % 10].reserve(DRIP, min(100, waiting))
            slots += taken
            waiting -= len(taken)
            hops += 1
            if not taken:
                back = max(workers[(hops - 1) % 10].next_free(DRIP) - timedelta(minutes=15), fleet.time)
                heapq.heappush(backlog, (back, waiting))
                break
        (opt_in,) = workers[0].reserve(FIRST, 1)
        assert opt_in - fleet.time < timedelta(seconds=5)
    assert len(slots) == len(set(slots)) == 20_000
    assert max(slots) - min(slots) == timedelta(seconds=0.2) * 19_999
    assert hops < 250  # 200 batches, and a few that came in vain


def test_how_far_the_drip_is_booked_ahead_is_read_from_the_item(fleet):
    pacer, counted = fleet.container()
    assert pacer.booked(DRIP) == timedelta(0)
    fleet.container(SendingLimits(send_rate=1))[0].reserve(DRIP, 180)
    assert pacer.booked(DRIP) == timedelta(0)  # read a moment ago
    fleet.time += timedelta(minutes=1)
    assert pacer.booked(DRIP) == timedelta(minutes=2)
    assert counted.calls == ["get_item"] * 2


def test_the_item_is_one_write_unit_with_two_days_of_slots_in_it(fleet):
    fleet.account = Account(Allowance(14, 100_000), 0)
    pacer, _ = fleet.container(SendingLimits(send_rate=0.02))
    for _ in range(24):
        pacer.reserve(DRIP, 100)
        pacer.reserve(FIRST, 500)
        fleet.time += timedelta(hours=1)
    (item,) = fleet.client.scan(TableName="leads")["Items"]
    size = sum(len(name) + len(next(iter(value.values()))) for name, value in item.items())
    assert 300 < size < 1024
