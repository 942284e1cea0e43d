"""A process that lives a lead's life on the local stack and is killed with signal 9 at a chosen AWS call.

`python -m tests.faults.kill_nine SITE WORK OF PART` lives it once whole to learn its calls, then once for each kind of
moment (function, call, before or after it; every OF-th, from PART on): killed there, and gone on with by another
process on what it left. One line of JSON a death: where, what was sent, what is wrong. Children are forked, so that
libraries load once.
"""

import json
import os
import re
import shutil
import signal
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from handlers.wiring import wire
from leads.decisions import Stop
from leads.drip import decide
from lodestone.local.app import make_app
from lodestone.local.live import Broadcast
from lodestone.local.machine import Machine, run_machine
from lodestone.local.publishing import LocalBuild
from lodestone.local.records import read_records
from tests.local.conftest import ROOT
from tests.local.test_machine import ORIGIN, Funnel

_SERVICES = ("dynamodb", "sqs", "scheduler", "sesv2", "s3")


class Deadly:
    """Clients that count their calls, and kill the process at one of them."""

    def __init__(self, clients: Any, ledger: Path, deadly: int | None):
        self._lock, self._count, self._deadly, self._ledger = threading.Lock(), 0, deadly, ledger
        self.clients = SimpleNamespace(
            **{name: _Client(getattr(clients, name), name, self.point) for name in _SERVICES}
        )

    def point(self, what: str) -> None:
        """A moment before or after a call."""
        with self._lock:
            self._count += 1
            with self._ledger.open("a") as file:
                file.write(f"{what}\n")
            if self._count == self._deadly:
                os.kill(os.getpid(), signal.SIGKILL)


class _Client:
    """One service's client; what is asked of it is asked of the real one, between two moments to die."""

    def __init__(self, client: Any, name: str, point: Callable[[str], None]):
        self._client, self._name, self._point = client, name, point

    def __getattr__(self, operation: str) -> Any:
        real = getattr(self._client, operation)
        if operation == "get_paginator":
            return lambda name: SimpleNamespace(paginate=self._pages(real(name), name))
        if not callable(real) or operation in ("meta", "exceptions"):
            return real
        return lambda *a, **request: self._call(operation, lambda: real(*a, **request))

    def _call(self, operation: str, act: Callable[[], Any]) -> Any:
        function = _running()
        self._point(f"{function} before {self._name}.{operation}")
        try:
            return act()
        finally:
            self._point(f"{function} after {self._name}.{operation}")

    def _pages(self, paginator: Any, name: str) -> Callable[..., Any]:
        return lambda **request: self._call(name, lambda: list(paginator.paginate(**request)))


def _running() -> str:
    """The function that makes the call: its handler's `respond` stands further up."""
    frame = sys._getframe(1)
    while frame:
        module = frame.f_globals.get("__name__", "")
        if frame.f_code.co_name == "respond" and module.startswith("handlers."):
            return module.removeprefix("handlers.")
        frame = frame.f_back
    return "nobody"


def publish(site: Path, work: Path) -> None:
    """A stack with the site published, for the lives to begin on."""
    (work / "data").mkdir(parents=True)
    with run_machine(ROOT / "template.yaml", work / "data", ORIGIN, wire, _say) as machine:
        LocalBuild(site, work / "dist", ORIGIN, machine, Broadcast("boot"), _say).run()


def live(base: Path, work: Path, deadly: int | None) -> None:
    """The life, from wherever an earlier process left it, until its last mail is long sent."""
    calls = work / "calls.txt"
    calls.write_text("")
    made: dict[int, Deadly] = {}

    def deadly_wire(environment: Any, clients: Any, now: Any) -> Any:
        known = made.setdefault(0, Deadly(clients, calls, deadly))
        return wire(environment, known.clients, now)

    with run_machine(ROOT / "template.yaml", work / "data", ORIGIN, deadly_wire, _say) as machine:
        _story(Funnel(machine, make_app(machine, base / "dist" / "site", Broadcast("boot")), None))
        (work / "result.json").write_text(json.dumps(_result(machine)))


def _story(funnel: Funnel) -> None:
    """What a visitor does, who tries again where a page failed or a mail did not come."""
    for _ in range(5):
        if any("confirm?" in mail["text"] for mail in funnel.mails()):
            break
        funnel.post("/api/leads/guide", {"email": "ada@example.com", "consent": "yes"})
        funnel.move("20 minutes")
    _confirm(funnel)
    funnel.machine.engine.advance(timedelta(days=1))
    _follow(funnel, "download")
    _look_at_data(funnel)
    funnel.machine.engine.advance(timedelta(days=9))
    for path, posted in _links(funnel):
        funnel.post(path) if posted else funnel.get(path)
    funnel.machine.engine.advance(timedelta(days=1))


def _look_at_data(funnel: Funnel) -> None:
    """Ask for the link to what is stored, look at it, and put an answer right."""
    preferences = _find(funnel, "preferences")
    if preferences and not _find(funnel, "data"):
        funnel.post("/api/preferences", {"t": preferences.partition("?t=")[2], "choice": "data"})
        funnel.move("20 minutes")
    data = _find(funnel, "data")
    if data:
        funnel.get(data)
        funnel.post(data, {"correct": "guide", "email": "ada@example.com"})


def _links(funnel: Funnel) -> list[tuple[str, bool]]:
    """A counted link, the button after a long silence, one-click unsubscribing; whether each is a post."""
    wiring = wire(funnel.machine.environment, funnel.machine.clients, funnel.machine.clock.now)
    (found,) = read_records(funnel.machine).leads()
    asked = {
        "click": ([found.id, "guide", "first", 1, "words"], False),
        "stay": ([found.id, "guide", 1], True),
        "unsubscribe": ([found.id, "guide"], True),
    }
    return [
        (f"/api/{purpose}?t={wiring.signer.sign(purpose, payload, funnel.machine.clock.now())}", posted)
        for purpose, (payload, posted) in asked.items()
    ]


def _find(funnel: Funnel, purpose: str) -> str | None:
    """The latest link of that purpose in any mail."""
    texts = (mail["text"] for mail in reversed(funnel.mails()))
    found = (re.search(rf"http\S+/api/{purpose}\?t=[\w.-]+", text) for text in texts)
    return next((each[0] for each in found if each), None)


def _confirm(funnel: Funnel) -> None:
    enrolment = funnel.lead()["enrolments"]["guide"]
    if enrolment["status"] != "confirmed":
        funnel.press("confirm")


def _follow(funnel: Funnel, purpose: str) -> None:
    link = _find(funnel, purpose)
    if link:
        funnel.get(link)


def _result(machine: Machine) -> dict[str, Any]:
    """What was sent, and what is wrong."""
    (found,) = read_records(machine).leads()
    subjects = Counter(mail.subject for mail in machine.mails.all())
    enrolment = found.lead.enrolments["guide"]
    most = max(len(enrolment.asks), len(enrolment.requests))
    wrong = [f"{subject!r} {count} times" for subject, count in subjects.items() if count > most]
    funnels = wire(machine.environment, machine.clients, machine.clock.now).funnels_of(found.lead, "guide")
    decision = decide(found.lead, funnels, "guide", machine.clock.now())
    wrong += [] if isinstance(decision, Stop) else [f"still to do: {decision}"]
    tried = {each.send.step for each in enrolment.attempts}
    wrong += [f"{step} never came" for step in ("first", "second") if step not in tried]
    return {"sent": dict(subjects), "wrong": wrong}


def _say(text: str) -> None:
    """What the stack says while it is killed and mended is expected."""


def in_child(act: Callable[[], None]) -> int:
    """Run something in a process of its own; 0 where it ended well, else the signal or code it ended with."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            act()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def die_and_go_on(base: Path, work: Path, deadly: int) -> dict[str, Any]:
    """A life with one death in it."""
    shutil.copytree(base / "data", work / "data")
    code = in_child(lambda: live(base, work, deadly))
    last = (work / "calls.txt").read_text().splitlines()[-1]
    again = in_child(lambda: live(base, work, None))
    result = json.loads((work / "result.json").read_text()) if again == 0 else {"wrong": ["it did not go on"]}
    return {"killed": code == -signal.SIGKILL, "at": last, **result}


def main(site: Path, work: Path, of: int, part: int) -> None:
    """Every `of`-th kind of moment in a whole life, from `part` on: the first of each function, call and side."""
    base, whole = work / "base", work / "whole"
    in_child(lambda: publish(site, base))
    shutil.copytree(base / "data", whole / "data")
    code = in_child(lambda: live(base, whole, None))
    calls = (whole / "calls.txt").read_text().splitlines()
    first = {what: number for number, what in reversed(list(enumerate(calls, 1)))}
    moments = sorted(first.values())[part::of]
    told = {"ended": code, "calls": len(calls), "moments": len(moments), "functions": _functions(calls)}
    print(json.dumps({**told, **json.loads((whole / "result.json").read_text())}), flush=True)
    for point in moments:
        print(json.dumps(die_and_go_on(base, work / str(point), point)), flush=True)


def _functions(calls: list[str]) -> list[str]:
    return sorted({what.partition(" ")[0] for what in calls})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
