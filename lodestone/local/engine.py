"""Hand due work to its function, in the order in which it is due by the local clock.

Work comes from *sources* (a queue, a stream, schedules, a timer), each of which knows when it is next due. One
lock covers everything that fires, so the background thread and a moving clock never interleave.
"""

import re
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from lodestone.data_directory.clock import Clock, moment, stamp
from lodestone.data_directory.store import Store
from lodestone.errors import CannotServe
from lodestone.local.faults import Faults
from lodestone.local.functions import Functions
from lodestone.local.messages import Messages
from lodestone.local.schedules import Schedules
from lodestone.local.stack import Timer

#: Seconds. Longer waits are split, because a wait does not count the time for which the machine sleeps.
_LONGEST_WAIT = 10


class Source(Protocol):
    """Something that has work due at some time."""

    def next_due(self) -> datetime | None:
        """Return when work is next due; None if there is none."""

    def fire(self) -> None:
        """Do what is due first. Afterwards `next_due` must be later than before, or None."""


class ScheduleSource:
    """The schedules. One transaction sends a schedule's message to its queue and completes the schedule."""

    def __init__(self, schedules: Schedules, messages: Messages, store: Store):
        self._schedules = schedules
        self._messages = messages
        self._store = store

    def next_due(self) -> datetime | None:
        first = self._schedules.next()
        return first.due if first else None

    def fire(self) -> None:
        first = self._schedules.next()
        if first is None:
            return
        target = first.definition["Target"]
        with self._store.transaction():
            self._messages.send(target["Arn"].rpartition(":")[2], target.get("Input", "{}"))
            self._schedules.complete(first)


class TimerSource:
    """A function that runs at a rate. The time of its next run is stored: a restart neither skips nor repeats it."""

    def __init__(
        self, timer: Timer, store: Store, functions: Functions, faults: Faults, now: Callable[[], datetime]
    ):
        self._timer = timer
        self._store = store
        self._functions = functions
        self._faults = faults
        self._now = now
        self._setting = f"timer {timer.function} {timer.expression}"

    def next_due(self) -> datetime | None:
        kept = self._store.setting(self._setting)
        return moment(kept) if kept else self._set_next()

    def fire(self) -> None:
        self._set_next()
        try:
            self._functions.invoke(self._timer.function, {"source": "aws.scheduler"})
        except Exception as error:
            self._faults.record_error(self._timer.function, error)

    def _set_next(self) -> datetime:
        due = next_turn(self._timer.expression, self._now())
        self._store.keep_setting(self._setting, stamp(due))
        return due


class Engine:
    """Fires the sources. `lasting` ones (timers) always have work ahead; `passing` ones may have none."""

    def __init__(self, clock: Clock, passing: Iterable[Source], lasting: Iterable[Source], faults: Faults):
        self._clock = clock
        self._passing = tuple(passing)
        self._lasting = tuple(lasting)
        self._faults = faults
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopped = False

    def wake(self) -> None:
        """Make `run` look for new work at once."""
        self._wake.set()

    def advance(self, span: timedelta) -> datetime:
        """Move the clock forward by `span`, do everything that is due by then, and return the new time.

        The clock stops at each time at which a passing source has work. It does not stop for a timer: between two
        stops a timer runs once at most. Otherwise a month with 2,000 leads would take half an hour of reconciling.
        """
        with self._lock:
            target = self._clock.now() + span
            self._settle()
            while (due := self._next_due(self._passing)) and due <= target:
                self._clock.move_to(due)
                self._settle()
            self._clock.move_to(target)
            self._settle()
            return self._clock.now()

    def advance_until(self, reached: Callable[[], bool]) -> bool:
        """Move the clock from one due time to the next until `reached()`; False if no work is left before that."""
        with self._lock:
            self._settle()
            while not reached():
                due = self._next_due(self._passing)
                if due is None:
                    return False
                self._clock.move_to(due)
                self._settle()
            return True

    def run(self) -> None:
        """Fire each source when it is due, until `stop`. Runs in its own thread."""
        while not self._stopped:
            self._wake.clear()
            try:
                with self._lock:
                    self._settle()
                    due = self._next_due(self._passing + self._lasting)
            except Exception as error:  # such as a full disk: record it, and try again later
                self._faults.record_error("local stack", error)
                due = None
            pause = (due - self._clock.now()).total_seconds() if due else _LONGEST_WAIT
            self._wake.wait(min(max(pause, 0), _LONGEST_WAIT))

    def stop(self) -> None:
        """Make `run` return after the work that it is doing."""
        self._stopped = True
        self._wake.set()

    def _settle(self) -> None:
        """Fire everything that is due now, and what becomes due by that, the longest due first."""
        while not self._stopped and self._fire_first():
            pass

    def _fire_first(self) -> bool:
        now = self._clock.now()
        sources = [
            (due, each) for each in self._passing + self._lasting if (due := each.next_due()) and due <= now
        ]
        if not sources:
            return False
        _, first = min(sources, key=lambda pair: pair[0])
        first.fire()
        return True

    def _next_due(self, sources: tuple[Source, ...]) -> datetime | None:
        return min((due for each in sources if (due := each.next_due())), default=None)


_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_DAILY = re.compile(r"cron\((\d+) (\d+) [*?] \* [*?] \*\)")


def next_turn(expression: str, now: datetime) -> datetime:
    """Return when a `rate(…)` or a daily `cron(minute hour …)` (UTC) is next due after `now`.

    Raises CannotServe if the expression is of another kind.
    """
    if rate := _RATE.fullmatch(expression):
        return now + int(rate[1]) * _UNITS[rate[2]]
    if daily := _DAILY.fullmatch(expression):
        today = now.astimezone(UTC).replace(hour=int(daily[2]), minute=int(daily[1]), second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)
    raise CannotServe(
        f"template.yaml runs a function at `{expression}`; the local stack knows rate(…) and a daily cron(…)."
    )
