"""Ten thousand mails due at one instant, sent by the local stack: how fast, by which calls, how late.

The functions are the ones that are deployed, on boto3 clients whose calls are answered in this process. What takes
time there (moto and SQLite, for the table and the queues) is shown apart: on AWS it is the network's. Speed is by
this thread's own time, so that neighbours on the machine do not count; the data folder is in memory where there is
such a place, so that no disk is measured. Punctuality is by the clock.
"""

import itertools
import json
import math
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leads.decisions import Wait
    from lodestone.data_directory.store import Store
    from lodestone.local.stack import Stack

ROOT = Path(__file__).resolve().parents[1]
MAGNET = "pricing-your-work"
LEADS = 10_000


def run() -> Iterator[str]:
    """One worker's speed, calls and write units a mail, and punctuality."""
    from handlers.wiring import wire
    from lodestone.local.machine import run_machine

    watch = Watch()

    def wire_watched(environment: Any, clients: Any, now: Callable[[], datetime]) -> Any:
        # Only the worker is measured; other functions run between its calls.
        return wire(environment, Watched(clients, watch) if "SEND_RATE" in environment else clients, now)

    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        due = _fill(Path(folder))
        with run_machine(
            ROOT / "template.yaml", Path(folder), "http://127.0.0.1:1", wire_watched, print
        ) as machine:
            watched = watch.invoke(machine.functions.invoke)
            # The stack has no hook for it.
            machine.functions.invoke = watched  # type: ignore[method-assign,assignment]
            machine.engine.advance(due - machine.clock.now())
            delays = sorted((mail.at - due).total_seconds() for mail in machine.mails.all())
    assert len(delays) == LEADS, f"{len(delays)} mails of {LEADS}"
    yield from _lines(watch, delays)


def _lines(watch: "Watch", delays: list[float]) -> Iterator[str]:
    worker = watch.working - watch.seconds["SendEmail"]
    own = worker - sum(each for name, each in watch.seconds.items() if name != "SendEmail")
    yield f"one worker, all but SES's own time   {LEADS / worker:,.0f} mails a second"
    yield f"of that, our own code                {own / LEADS * 1e3:.2f} ms a mail"
    calls = ", ".join(f"{name} {number / LEADS:.3g}" for name, number in sorted(watch.calls.items()))
    yield f"AWS calls a mail                     {sum(watch.calls.values()) / LEADS:.3g}: {calls}"
    yield f"write units a mail                   {watch.write_units / LEADS:.3g}"
    p95 = delays[math.ceil(len(delays) * 0.95) - 1]
    punctuality = f"median {statistics.median(delays):.1f} s, p95 {p95:.1f} s, max {delays[-1]:.1f} s"
    yield f"{LEADS:,} due at once, due to sent    {punctuality}"


@dataclass
class Watch:
    """Measures the worker: calls, seconds of this thread by kind of call, and the table's write units."""

    calls: Counter[str] = field(default_factory=Counter)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    write_units: int = 0
    working: float = 0.0

    def invoke(self, invoke: Callable[[str, dict[str, Any]], Any]) -> Callable[[str, dict[str, Any]], Any]:
        """Wrap `invoke` to measure the worker's time."""

        def timed(name: str, event: dict[str, Any]) -> Any:
            if "Drip" not in name:
                return invoke(name, event)
            began = time.thread_time()
            try:
                return invoke(name, event)
            finally:
                self.working += time.thread_time() - began

        return timed

    def note(self, model: Any, params: dict[str, Any], began: float) -> None:
        """One call that was answered."""
        self.calls[model] += 1
        self.seconds[model] += time.thread_time() - began
        if model == "PutItem":
            self.write_units += math.ceil(_size(params["Item"]) / 1024)
        elif model == "UpdateItem":
            self.write_units += math.ceil(_size(params["Key"] | params["ExpressionAttributeValues"]) / 1024)


class Watched:
    """Clients whose calls are noted."""

    def __init__(self, clients: Any, watch: Watch):
        self._clients = clients
        self._watch = watch

    def __getattr__(self, service: str) -> Any:
        return _WatchedClient(getattr(self._clients, service), self._watch)


class _WatchedClient:
    def __init__(self, client: Any, watch: Watch):
        self._client = client
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name == "get_paginator":
            return lambda operation: _WatchedPages(found(operation), self._watch)

        def call(**params: Any) -> Any:
            began = time.thread_time()
            try:
                return found(**params)
            finally:
                self._watch.note("".join(part.title() for part in name.split("_")), params, began)

        return call


class _WatchedPages:
    def __init__(self, paginator: Any, watch: Watch):
        self._paginator = paginator
        self._watch = watch

    def paginate(self, **params: Any) -> list[Any]:
        began = time.thread_time()
        pages = list(self._paginator.paginate(**params))
        self._watch.note("Query", params, began)
        return pages


def _size(item: dict[str, Any]) -> int:
    """The item's size as DynamoDB counts it: names and values in UTF-8."""
    return sum(
        len(name.encode()) + len(str(next(iter(value.values()))).encode()) for name, value in item.items()
    )


def _fill(data: Path) -> datetime:
    """A data directory with the published site, the leads and their schedules; when their next mail is due."""
    from lodestone.data_directory.clock import stamp
    from lodestone.data_directory.store import open_store
    from lodestone.local.stack import read_stack
    from lodestone.local.template import read_template

    store = open_store(data)
    stack = read_stack(read_template(ROOT / "template.yaml"), lambda name: name)
    published, now = _published(data), datetime.now().astimezone()
    decision = _decision(published, now)
    with store.transaction():
        histories = (_history(f"{number:026d}", number, now) for number in range(LEADS))
        for item in (*published, *itertools.chain.from_iterable(histories)):
            key = json.dumps([item["pk"], item["sk"]], separators=(",", ":"))
            store.keep_item(stack.tables[0].name, key, item)
        _schedule(store, stack, decision)
        for timer in stack.timers:  # no daily repair: it would read every lead during the run
            setting = f"timer {timer.function} {timer.expression}"
            store.keep_setting(setting, stamp(decision.until + timedelta(days=1)))
    store.close()
    return decision.until


def _schedule(store: "Store", stack: "Stack", decision: "Wait") -> None:
    """Each lead's next mail, as the worker schedules it."""
    from aws.queue import DripMessage
    from aws.schedules import schedule_name
    from lodestone.local.schedules import Schedules

    schedules = Schedules(store)
    environment = {name: value for each in stack.functions for name, value in each.environment.items()}
    for number in range(LEADS):
        message = DripMessage(f"{number:026d}", MAGNET, decision.step)
        target = {"Arn": environment["DRIP_QUEUE_ARN"], "Input": message.to_json()}
        definition = {"Target": target, "ActionAfterCompletion": "DELETE"}
        name = schedule_name(message, decision.until)
        schedules.add(environment["SCHEDULE_GROUP"], name, decision.until, definition)


def _published(data: Path) -> list[dict[str, Any]]:
    from lodestone.build.pipeline import build
    from lodestone.publish.publication import read_publication

    build(ROOT, data / "built", base_url="http://127.0.0.1:1")
    return list(read_publication(data / "built").items)


def _history(lead: str, number: int, now: datetime) -> list[dict[str, Any]]:
    """A lead who confirmed and got the delivery mail, as table items."""
    from aws.ledger import event_item
    from leads import events
    from leads.events import SendId

    data = {
        "email": f"lead{number}@example.com",
        "answers": {"first_name": "Ida", "role": "design"},
        "consent": {
            "given": True,
            "text": "Yes, write to me.",
            "hash": "c0ffee",
            "source": "/",
            "build": "bench",
        },
        "opt_in": "double",
    }
    history = [events.submitted(MAGNET, now, data), events.confirmed(MAGNET, 1, now)]
    for step in ("opt-in", "delivery"):
        send = SendId(MAGNET, step, 1, 1)
        history += [events.claimed(send, now, "bench"), events.mailed(send, now, f"{lead}-{step}")]
    return [event_item(lead, each) for each in history]


def _decision(published: list[dict[str, Any]], now: datetime) -> "Wait":
    """What a lead of this history waits for."""
    from aws.funnels import FUNNEL
    from aws.ledger import event_of
    from leads.decisions import Wait
    from leads.drip import decide
    from leads.folding import fold
    from leads.funnel import funnel_from_json
    from leads.rules import DEFAULT

    item = next(each for each in published if each["sk"]["S"] == FUNNEL and each["pk"]["S"].endswith(MAGNET))
    funnel = funnel_from_json(json.loads(item["body"]["S"]))
    lead = fold("bench", [event_of(each) for each in _history("bench", 0, now)], DEFAULT)
    decision = decide(lead, {MAGNET: funnel}, MAGNET, now + timedelta(minutes=1))
    assert isinstance(decision, Wait)
    return decision
