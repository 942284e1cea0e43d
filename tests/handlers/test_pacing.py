"""The worker at its slots: hundreds of mails due at once, a slow SES, an outage, and leads who do not wait."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aws.pacer import PACE, SES
from aws.queue import DripMessage
from handlers import drip
from leads.funnel import Sending, Step
from leads.pace import DRIP, FIRST, lane_of
from tests.world import DAY, ENVIRONMENT, START, ClientError, World, make_funnel

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
#: When the first mail of the sequence is due to everybody who signed up at the start.
DUE = START + timedelta(days=2)


class Busy(World):
    """A world in which so many workers poll that each message is looked at when it comes."""

    def __init__(self, leads: int, **funnel: object):
        super().__init__(make_funnel(opt_in="single", **funnel))
        for number in range(leads):
            self.post(f"email=lead{number}%40example.com&consent=yes")
        self.settle()
        self.sent.clear()
        self.queued: Counter = Counter()

    def slow_down(self, rate: float, quota: float = -1.0, sent: float = 0.0) -> None:
        """From now on SES allows so much: of its 12.5 a second the workers use 11.25, the drip 9 of those."""
        self.account = {"MaxSendRate": rate, "Max24HourSend": quota, "SentLast24Hours": sent}

    def run(self, until: datetime) -> None:
        """Poll, and let time go by from one thing that comes to the next, up to `until`."""
        while True:
            self.fire_schedules()
            self.deliver_stream()
            if batch := self._batch():
                records = [{"messageId": str(place), "body": body} for place, body in enumerate(batch)]
                answer = self.handle(drip, {"Records": records})
                failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
                self.messages += [record["body"] for record in records if record["messageId"] in failed]
                continue
            due = min((due for due, _ in self.schedules.values()), default=None)
            if due is None or due > until:
                break
            self.time = max(self.time, due)
        self.time = max(self.time, until)

    def _batch(self) -> list[str]:
        lanes: dict[str, list[str]] = {FIRST: [], DRIP: []}
        for body in self.messages:
            lanes[lane_of(DripMessage.from_json(body).step)].append(body)
        batch = lanes[FIRST] or lanes[DRIP]
        for body in batch:
            self.messages.remove(body)
            self.queued[body] += 1
        return batch

    def sent_at(self, step: str) -> list[datetime]:
        return [each["at"] for each in self.sent if each["step"] == step]

    def slots_waiting(self) -> Iterator[tuple[datetime, datetime]]:
        """Of each message that waits: when it comes back, and its slot."""
        for due, body in self.schedules.values():
            if slot := DripMessage.from_json(body).slot:
                yield due, slot


def most_within(instants: list[datetime], span: timedelta) -> int:
    return max(sum(1 for other in instants if at <= other < at + span) for at in instants)


@pytest.mark.slow
def test_mails_that_are_due_at_once_go_out_at_the_rate_each_once():
    world = Busy(200)
    world.slow_down(12.5)
    world.run(DUE + MINUTE)
    sent = world.sent_at("first")
    assert Counter(each["lead"] for each in world.sent).most_common(1)[0][1] == 1
    assert len(sent) == 200
    assert most_within(sent, SECOND) <= 10
    assert sent[-1] - DUE == pytest.approx(timedelta(seconds=199 / 9), abs=timedelta(milliseconds=2))


def test_a_mail_that_has_to_wait_is_put_back_once():
    world = Busy(200)
    world.slow_down(12.5)
    world.run(DUE - MINUTE)
    world.queued.clear()
    world.run(DUE + MINUTE)
    by_lead = Counter(json.loads(body)["lead"] for body in world.queued.elements())
    assert set(by_lead.values()) == {1, 2}
    assert len(world.sent_at("first")) == 200


def test_a_lead_who_signs_up_while_sequences_are_sent_gets_their_mail_at_once():
    world = Busy(200)
    world.slow_down(2)
    world.run(DUE + 20 * SECOND)
    assert 0 < len(world.sent_at("first")) < 40
    asked = world.time
    world.post("email=late%40example.com&consent=yes")
    world.run(asked + MINUTE)
    (answered,) = world.sent_at("delivery")
    assert answered - asked < 10 * SECOND


def test_a_slot_far_off_is_waited_for_by_a_schedule_and_then_by_the_queue_to_the_second(monkeypatch):
    monkeypatch.setitem(ENVIRONMENT, "SEND_RATE", "0.02")
    world = Busy(30)
    world.run(DUE + MINUTE)
    waiting = [(due, slot) for due, slot in world.slots_waiting() if slot - world.time > 15 * MINUTE]
    assert len(waiting) > 5
    assert all(MINUTE - SECOND < slot - due <= MINUTE for due, slot in waiting)
    slots = [slot for _, slot in waiting]
    world.run(max(slots) + MINUTE)
    sent = world.sent_at("first")
    assert len(sent) == 30
    assert set(slots) <= set(sent)


def test_who_finds_no_slot_within_the_hour_comes_back_without_one_and_none_is_lost():
    world = Busy(30)
    world.slow_down(1, quota=10.0)
    world.run(DUE + MINUTE)
    assert len(world.sent_at("first")) == 9  # a tenth of the quota is for others
    assert list(world.slots_waiting()) == []
    assert len(world.schedules) == 21 + 9  # those who got theirs wait for the next
    world.run(DUE + timedelta(days=5))
    sent = world.sent_at("first")
    assert len(sent) == 30
    assert most_within(sent, timedelta(days=1)) <= 9


def test_quiet_hours_cost_no_slots_while_a_quota_keeps_mails_waiting():
    quiet = Busy(100, sending=Sending(quiet=("21:00", "08:00")), steps=(Step("first", 2 * DAY),))
    quiet.slow_down(1, quota=20.0)
    days = 0
    while len(quiet.sent_at("first")) < 100:
        quiet.run(quiet.time + timedelta(days=1))
        days += 1
    # 18 a day, counted over 25 hours: a day's mails come an hour later than the day before's, until night.
    assert days <= 2 + 100 / 18 + 2
    hours = {each.astimezone(ZoneInfo("Europe/Berlin")).hour for each in quiet.sent_at("first")}
    assert hours <= set(range(8, 21))


def test_whoever_unsubscribes_before_their_slot_comes_gets_no_mail():
    world = Busy(60)
    world.slow_down(2)
    world.run(DUE + SECOND)
    waiting = {DripMessage.from_json(body).lead for _, body in world.schedules.values()}
    # Each lead's delivery mail had the link.
    lead = min(waiting - {each["lead"] for each in world.sent})
    token = world.wiring.signer.sign("unsubscribe", [lead, "guide"], world.time)
    answer = world.unsubscribe(f"/api/unsubscribe?t={token}", body="List-Unsubscribe=One-Click")
    assert answer["statusCode"] < 300
    world.run(DUE + 2 * MINUTE)
    assert lead not in {each["lead"] for each in world.sent}
    assert len(world.sent_at("first")) == 59


def test_what_an_outage_held_back_gets_new_slots_and_no_burst():
    world = Busy(100)
    world.slow_down(12.5)
    world.run(DUE + SECOND)
    before = len(world.sent_at("first"))
    world.time += timedelta(hours=1)  # nothing ran: every slot is long past
    world.run(world.time + MINUTE)
    sent = world.sent_at("first")
    assert len(sent) == 100
    assert most_within(sent[before:], SECOND) <= 10


def test_throttled_mails_go_out_later_and_none_is_lost_or_counted_as_refused():
    world = Busy(50)
    world.run(DUE - MINUTE)
    throttled = ClientError("TooManyRequestsException", 429)
    world.refusals += [throttled] * 20
    world.run(DUE + 10 * MINUTE)
    assert Counter(each["lead"] for each in world.sent).most_common(1)[0][1] == 1
    assert len(world.sent_at("first")) == 50
    assert (world.metrics["MailThrottled"], world.metrics["MailRefused"]) == (20, 0)
    # Each a second apart from there on: SES has said that the rate is not what it was.
    late = sorted(at for at in world.sent_at("first") if at > DUE + 30 * SECOND)
    assert len(late) == 20


def test_the_lane_waits_a_second_for_each_throttling():
    world = Busy(3)
    world.run(DUE - MINUTE)
    world.refusals.append(ClientError("TooManyRequestsException", 429))
    world.run(DUE)
    book = json.loads(world.items[PACE, SES]["book"]["S"])
    assert book["drip"] >= int((DUE + SECOND).timestamp() * 1e6)
    assert world.calls.count("get_account") == 2  # at the start, and two days later
    world.run(DUE + 5 * MINUTE)
    assert world.calls.count("get_account") == 3
    assert len(world.sent_at("first")) == 3


def test_a_mail_that_the_day_s_quota_refuses_waits_for_an_hour():
    world = Busy(1)
    world.run(DUE - MINUTE)
    refused = ClientError("ThrottlingException", 400)
    refused.args = ("Daily message quota exceeded.",)
    world.refusals.append(refused)
    world.run(DUE + timedelta(minutes=59))
    assert world.sent_at("first") == []
    world.run(DUE + timedelta(hours=2, minutes=1))
    assert len(world.sent_at("first")) == 1


def test_where_ses_cannot_be_asked_mails_go_out_at_one_a_second():
    world = Busy(0)
    world.account = None
    for number in range(5):
        world.post(f"email=late{number}%40example.com&consent=yes")
    world.run(START + MINUTE)
    sent = world.sent_at("delivery")
    assert [at - sent[0] for at in sent] == [each * SECOND for each in range(5)]
    assert world.metrics["LimitsUnknown"] >= 1


def test_a_batch_reserves_once_for_all_its_mails_and_reads_each_lead_once():
    world = Busy(10)
    world.run(DUE - MINUTE)
    world.passed_points.clear()
    world.run(DUE)
    # And one to note that SES is asked anew, after two days.
    assert world.passed_points["drip", "before update_item"] == 1 + 1
    assert world.passed_points["drip", "before query"] == 10
    assert len(world.sent_at("first")) == 10


def test_two_messages_of_one_lead_in_a_batch_send_one_mail():
    world = Busy(1, steps=(Step("first", 2 * DAY), Step("second", 0)))
    world.run(DUE - MINUTE)
    ((_, body),) = world.schedules.values()
    world.messages += [body, body]
    world.run(DUE)
    assert [each["step"] for each in world.sent].count("first") == 1


def test_a_lead_who_has_nothing_due_needs_no_slot():
    world = Busy(1)
    world.run(START + MINUTE)
    ((_, body),) = world.schedules.values()
    world.calls.clear()
    world.messages.append(body)
    world.run(START + 2 * MINUTE)
    assert "update_item" not in world.calls


def test_the_daily_repair_leaves_alone_what_waits_for_its_slot_and_mends_it_once_nothing_waits():
    world = Busy(60)
    world.slow_down(1, quota=40.0)
    world.run(DUE + MINUTE)
    booked, waiting = world.items[PACE, SES]["book"], dict(world.schedules)
    world.reconcile()
    world.run(world.time + MINUTE)
    assert len(world.sent_at("first")) == 36
    assert world.items[PACE, SES]["book"] == booked
    assert world.schedules == waiting
    del world.schedules[next(name for name, (_, body) in waiting.items() if '"first"' in body)]
    world.run(DUE + timedelta(hours=30))
    assert len(world.sent_at("first")) == 59
    world.run(DUE + timedelta(hours=50))
    world.reconcile()
    world.run(DUE + timedelta(hours=60))
    assert len(world.sent_at("first")) == 60


@pytest.mark.slow
def test_the_daily_repair_gives_no_second_slot_to_what_the_quota_keeps_waiting_for_days():
    world = Busy(0)
    world.publish(make_funnel())
    world.slow_down(1, quota=20.0)
    for number in range(100):
        world.post(f"email=lead{number}%40example.com&consent=yes")
    for _ in range(4):
        world.run(world.time + timedelta(days=1))
        world.reconcile()
    world.run(world.time + timedelta(days=1))
    assert len(world.sent_at("opt-in")) == 100


def test_the_daily_repair_mends_a_lost_opt_in_mail_while_others_come_and_go():
    world = Busy(0)
    world.publish(make_funnel())
    world.slow_down(1)
    for number in range(30):
        world.post(f"email=lead{number}%40example.com&consent=yes")
    world.deliver_stream()
    world.messages.pop()
    world.run(START + SECOND)
    world.reconcile()
    world.run(START + timedelta(hours=1))
    assert len(world.sent_at("opt-in")) == 30


def test_an_invocation_that_took_long_puts_back_the_rest_of_its_batch(monkeypatch):
    world = Busy(4)
    world.run(DUE - MINUTE)
    send = world.wiring.mailer.send

    def slow(letter):
        world.time += timedelta(seconds=15)
        return send(letter)

    monkeypatch.setattr(world.wiring.mailer, "send", slow)
    world.time = DUE
    world.fire_schedules()
    batch = world._batch()
    drip.respond({"Records": [{"messageId": body, "body": body} for body in batch]}, world.wiring)
    assert len(world.sent_at("first")) == 2
    assert len(world.messages) == 2
