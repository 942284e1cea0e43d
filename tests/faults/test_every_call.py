"""One ordinary life, ended at every AWS call of every function in turn, before the call and after it.

What AWS delivers at least once comes again; a visitor whose page failed presses the button again.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from random import Random

import pytest

from tests.faults.histories import _REPORTS, History, report_of, wrongs
from tests.world import ClientError, Crash

Scene = Callable[[History], object]


def _post(history: History) -> None:
    answer = history.world.post("email=lead%40example.com&consent=yes&first_name=Ida")
    if answer["statusCode"] == 303:
        history.promised.add("guide")


def _pump(history: History) -> None:
    """Stream and queue, until both are empty; what was not answered comes again."""
    world = history.world
    while world.stream or world.messages:
        world.deliver_stream_or_keep(list(world.stream))
        for body in list(world.messages):
            if not world.deliver_message(body)["batchItemFailures"]:
                world.messages.remove(body)


def _confirm(history: History) -> None:
    """Where nobody knows whether the mail with the button went out, none comes: the visitor sends the form again."""
    if not _sent(history, "opt-in"):
        history.world.time += timedelta(minutes=20)
        _post(history)
        _pump(history)
    history.world.confirm(history.world.link("confirm", "opt-in"))


def _sent(history: History, step: str) -> bool:
    return any(each["step"] == step for each in history.world.sent)


def _next_mail(history: History) -> None:
    history._next_mail()
    _pump(history)


def _delivered(history: History) -> None:
    world = history.world
    for mail in world.sent:
        world.report(report_of(mail, "Delivery", _REPORTS["Delivery"], world))


def _throttled(history: History) -> None:
    history.world.refusals.append(ClientError("TooManyRequestsException", 429))
    _next_mail(history)


def _download(history: History) -> None:
    if _sent(history, "delivery"):
        history.world.download(history.world.link("download", "delivery"))


def _reconcile(history: History) -> None:
    history.world.schedules.clear()  # all that was to come is lost
    history.world.reconcile()


SCENES: tuple[Scene, ...] = (
    _post,
    _pump,
    _confirm,
    _pump,
    _download,
    _next_mail,
    _delivered,
    _reconcile,
    _throttled,
    _next_mail,
    _pump,
    lambda history: history.world.unsubscribe(history.world.link("unsubscribe")),
    _pump,
    _next_mail,
)


def live(scenes: tuple[Scene, ...], point: int | None) -> History:
    """The life of these scenes, ended at one point and gone on with in a new container."""
    history = History(Random(0))
    history.world.arm(point)
    for scene in scenes:
        try:
            scene(history)
        except Crash:
            history.world.restart()
            scene(history)
    history.world.arm(None)
    history._calm_down()
    return history


@pytest.mark.parametrize("scenes", [SCENES, SCENES[:-4]], ids=["to-the-end", "unsubscribed"])
def test_a_life_ended_before_or_after_any_call_goes_on_as_if_nothing_had_happened(scenes, record_property):
    whole = live(scenes, None)
    assert not list(wrongs(whole))
    killed: Counter = Counter()
    for point in count(1):
        history = live(scenes, point)
        if not history.world.killed:
            break
        killed.update(history.world.killed)
        assert not list(wrongs(history)), f"ended at point {point}: {dict(history.world.killed)}"
    record_property("containers killed at every call in turn", sum(killed.values()))
    for step in ("opt-in", "delivery", "first", "second"):
        assert _sent(whole, step)
