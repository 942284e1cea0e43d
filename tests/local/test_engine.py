"""Triggers, schedules, timers and a clock that is moved, with functions that are plain Python here."""

import json
from datetime import timedelta

import pytest

from lodestone.errors import CannotServe
from lodestone.local.engine import Engine, ScheduleSource, TimerSource, next_turn
from lodestone.local.functions import Functions
from lodestone.local.schedules import Schedules
from lodestone.local.stack import Function, Queue, Timer, Trigger
from lodestone.local.triggers import QueueMapping, StreamMapping, stream_channel
from tests.local.conftest import START

QUEUE = Queue("drip", "arn:drip", "https://drip", visibility=60, delay=0, dead_letters="dead", max_receives=3)


class FakeFunctions:
    """Functions by name; each is called with the event and its calls are kept."""

    def __init__(self) -> None:
        self.events = []
        self.answer = lambda event: None

    def invoke(self, name, event):
        self.events.append((name, event))
        return self.answer(event)

    @property
    def bodies(self) -> list[list[str]]:
        return [[record["body"] for record in event["Records"]] for _, event in self.events]


def trigger(**changes) -> Trigger:
    known = {
        "function": "worker",
        "source": "arn:drip",
        "batch_size": 10,
        "patterns": (),
        "partial": True,
        "retries": -1,
        "on_failure": "",
    }
    return Trigger(**known | changes)


@pytest.fixture
def functions() -> FakeFunctions:
    return FakeFunctions()


@pytest.fixture
def schedules(store) -> Schedules:
    return Schedules(store)


@pytest.fixture
def make_engine(clock, messages, schedules, store, functions, faults):
    def make(worker=None, timers=()) -> Engine:
        worker = worker or QueueMapping(trigger(), QUEUE, messages, functions, faults)
        lasting = [TimerSource(timer, store, functions, faults, clock.now) for timer in timers]
        return Engine(clock, [ScheduleSource(schedules, messages, store), worker], lasting, faults)

    return make


@pytest.fixture
def stream(messages, functions, faults, clock):
    def make(**changes) -> StreamMapping:
        return StreamMapping(
            trigger(**{"source": "arn:stream", **changes}), messages, functions, faults, clock.now
        )

    return make


def schedule(schedules: Schedules, name: str, after: timedelta) -> None:
    definition = {"Target": {"Arn": "arn:aws:sqs:::drip", "Input": name}, "ActionAfterCompletion": "DELETE"}
    assert schedules.add("group", name, START + after, definition)


def fail_all(event):
    raise RuntimeError("broken")


def test_messages_reach_their_function_in_batches(make_engine, messages, functions):
    for number in range(12):
        messages.send("drip", str(number))
    make_engine().advance(timedelta(0))
    assert functions.bodies == [[str(n) for n in range(10)], ["10", "11"]]
    assert messages.waiting("drip") == []


def test_a_delayed_message_comes_when_its_time_has_come(make_engine, messages, functions):
    messages.send("drip", "later", delay=120)
    engine = make_engine()
    engine.advance(timedelta(seconds=119))
    assert functions.bodies == []
    engine.advance(timedelta(seconds=1))
    assert functions.bodies == [["later"]]


def test_schedules_fire_in_due_order_each_at_its_own_time(make_engine, schedules, functions, clock):
    seen = []
    functions.answer = lambda event: seen.append((event["Records"][0]["body"], clock.now()))
    schedule(schedules, "second", timedelta(days=2))
    schedule(schedules, "first", timedelta(days=1))
    schedule(schedules, "beyond", timedelta(days=9))
    now = make_engine().advance(timedelta(days=3))
    assert seen == [("first", START + timedelta(days=1)), ("second", START + timedelta(days=2))]
    assert now == START + timedelta(days=3)
    assert [each.name for each in schedules.all()] == ["beyond"]


def test_what_a_function_schedules_on_the_way_happens_on_the_way(make_engine, schedules, functions, clock):
    def chain(event):
        (record,) = event["Records"]
        if len(record["body"]) < 4:
            due = clock.now() + timedelta(days=1) - START
            schedule(schedules, record["body"] + "x", due)

    functions.answer = chain
    schedule(schedules, "x", timedelta(days=1))
    make_engine().advance(timedelta(days=7))
    assert functions.bodies == [["x"], ["xx"], ["xxx"], ["xxxx"]]


def test_a_failed_message_comes_back_and_then_lies_with_the_dead_letters(
    make_engine, messages, functions, faults
):
    functions.answer = fail_all
    messages.send("drip", "poison")
    engine = make_engine()
    engine.advance(timedelta(0))
    assert len(functions.events) == 1
    engine.advance(timedelta(minutes=10))
    assert len(functions.events) == QUEUE.max_receives
    assert [each.body for each in messages.waiting("dead")] == ["poison"]
    assert "gave up" in faults.latest()[0].message
    assert "RuntimeError: broken" in faults.latest()[1].message
    assert "Traceback" in faults.latest()[1].detail


def test_only_the_messages_that_a_function_names_come_back(make_engine, messages, functions):
    def second_fails(event):
        named = [each["messageId"] for each in event["Records"] if each["body"] == "b"]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in named]}

    functions.answer = second_fails
    for body in "abc":
        messages.send("drip", body)
    engine = make_engine()
    engine.advance(timedelta(0))
    assert [each.body for each in messages.waiting("drip")] == ["b"]
    engine.advance(timedelta(seconds=QUEUE.visibility))
    assert functions.bodies == [["a", "b", "c"], ["b"]]
    assert functions.events[1][1]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "2"


def test_a_name_that_is_not_in_the_batch_means_the_whole_batch_failed(make_engine, messages, functions):
    functions.answer = lambda event: {"batchItemFailures": [{"itemIdentifier": "nonsense"}]}
    messages.send("drip", "a")
    make_engine().advance(timedelta(0))
    assert len(messages.waiting("drip")) == 1


def test_a_message_that_no_filter_wants_is_dropped(make_engine, messages, functions, faults):
    wanted = trigger(patterns=({"body": {"kind": ["mail"]}},))
    for body in ({"kind": "mail"}, {"kind": "other"}):
        messages.send("drip", json.dumps(body))
    messages.send("drip", "no JSON")
    make_engine(QueueMapping(wanted, QUEUE, messages, functions, faults)).advance(timedelta(0))
    assert functions.bodies == [['{"kind": "mail"}']]
    assert messages.waiting("drip") == []


def record(name: str) -> str:
    return json.dumps({"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": name}}}})


def names(event) -> list[str]:
    return [each["dynamodb"]["Keys"]["pk"]["S"] for each in event["Records"]]


def test_a_stream_keeps_its_order_behind_a_failure(make_engine, messages, functions, stream):
    failing = {"b"}

    def answer(event):
        bad = [each for each in event["Records"] if each["dynamodb"]["Keys"]["pk"]["S"] in failing]
        return {"batchItemFailures": [{"itemIdentifier": each["dynamodb"]["SequenceNumber"]} for each in bad]}

    functions.answer = answer
    worker = stream()
    for name in "abc":
        messages.send(worker.channel, record(name))
    engine = make_engine(worker)
    engine.advance(timedelta(0))
    failing.clear()
    engine.advance(timedelta(seconds=5))
    assert [names(event) for _, event in functions.events] == [["a", "b", "c"], ["b"], ["c"]]
    assert messages.waiting(worker.channel) == []


def test_a_stream_record_that_never_succeeds_moves_aside_after_its_retries(
    make_engine, messages, functions, stream, faults
):
    def answer(event):
        if "poison" in names(event):
            raise RuntimeError("broken")

    functions.answer = answer
    worker = stream(retries=2, on_failure="arn:aws:sqs:::stream-dead")
    for name in ("poison", "good"):
        messages.send(worker.channel, record(name))
    make_engine(worker).advance(timedelta(minutes=5))
    handled = [names(event) for _, event in functions.events]
    assert handled == [["poison", "good"], ["poison"], ["poison"], ["good"]]
    assert len(messages.waiting("stream-dead")) == 1


def test_each_reader_of_a_stream_has_a_channel_of_its_own():
    assert stream_channel(trigger(function="a")) != stream_channel(trigger(function="b"))


def test_a_timer_runs_at_its_rhythm_and_takes_its_turn_over_a_restart(make_engine, functions):
    daily = Timer("reconcile", "rate(1 day)")
    make_engine(timers=[daily]).advance(timedelta(hours=30))
    make_engine(timers=[daily]).advance(timedelta(hours=23))
    assert [name for name, _ in functions.events] == ["reconcile"]
    make_engine(timers=[daily]).advance(timedelta(hours=1))
    assert [name for name, _ in functions.events] == ["reconcile", "reconcile"]


def test_of_the_turns_that_a_moved_clock_passes_a_timer_takes_one(make_engine, functions):
    make_engine(timers=[Timer("reconcile", "rate(1 day)")]).advance(timedelta(days=30))
    assert [name for name, _ in functions.events] == ["reconcile"]


def test_a_timer_whose_function_fails_is_a_fault_and_runs_again(make_engine, functions, faults):
    functions.answer = fail_all
    engine = make_engine(timers=[Timer("reconcile", "rate(1 day)")])
    for _ in range(2):
        engine.advance(timedelta(days=1))
    assert len(functions.events) == 2
    assert len(faults.latest()) == 2


def test_the_clock_can_be_moved_until_something_has_happened(make_engine, schedules, functions, clock):
    schedule(schedules, "first", timedelta(days=1))
    schedule(schedules, "second", timedelta(days=2))
    engine = make_engine(timers=[Timer("reconcile", "rate(1 day)")])
    assert engine.advance_until(lambda: ["second"] in [names_of(e) for e in functions.events])
    assert clock.now() == START + timedelta(days=2)
    assert not engine.advance_until(lambda: False)


def names_of(call) -> list[str]:
    name, event = call
    return [each["body"] for each in event["Records"]] if name == "worker" else []


@pytest.mark.parametrize(
    ("expression", "hours"), [("rate(1 day)", 24), ("rate(2 hours)", 2), ("cron(0 3 * * ? *)", 18.5)]
)
def test_rhythms_are_read(expression, hours):
    assert next_turn(expression, START) == START + timedelta(hours=hours)


def test_a_rhythm_that_is_not_known_is_told():
    with pytest.raises(CannotServe, match="cron"):
        next_turn("cron(0 3 ? * MON *)", START)


def test_functions_keep_their_container_for_the_next_event_and_renew_it_on_a_deployment(monkeypatch):
    import sys
    from types import ModuleType

    module = ModuleType("a_function")
    monkeypatch.setattr(module, "respond", lambda event, wiring: wiring, raising=False)
    monkeypatch.setitem(sys.modules, "a_function", module)
    made = iter(range(9))
    functions = Functions(
        [Function("f", "arn:f", "a_function", {})], lambda *surroundings: next(made), None, lambda: START
    )
    assert [functions.invoke("f", {}), functions.invoke("f", {})] == [0, 0]
    functions.renew()
    assert functions.invoke("f", {}) == 1
