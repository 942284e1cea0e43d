"""Failures of the running stack: each is shown in the panel and printed on the terminal."""

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

_KEPT = 50


@dataclass(frozen=True)
class Fault:
    """One failure: where (a function's name), what in one line, and the traceback or other detail."""

    at: datetime
    where: str
    message: str
    detail: str


class Faults:
    """The latest failures, newest first."""

    def __init__(self, now: Callable[[], datetime], say: Callable[[str], None]):
        self._now = now
        self._say = say
        self._lock = threading.Lock()
        self._kept: deque[Fault] = deque(maxlen=_KEPT)

    def record(self, where: str, message: str, detail: str = "") -> None:
        """Keep a failure and print it."""
        with self._lock:
            self._kept.appendleft(Fault(self._now(), where, message, detail))
        self._say(f"{where}: {message}" + (f"\n{detail}" if detail else ""))

    def record_error(self, where: str, error: BaseException) -> None:
        """Keep an exception with its traceback."""
        detail = "".join(traceback.format_exception(error)).rstrip()
        self.record(where, f"{type(error).__name__}: {error}", detail)

    def latest(self) -> list[Fault]:
        """Return the failures that are kept, newest first."""
        with self._lock:
            return list(self._kept)


class FaultLog(logging.Handler):
    """Records the errors that a function logs instead of raising, because it answers with a partial failure."""

    def __init__(self, faults: Faults):
        super().__init__(logging.WARNING)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        """Record a log record as a failure."""
        detail = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self._faults.record(record.module, record.getMessage(), detail)
