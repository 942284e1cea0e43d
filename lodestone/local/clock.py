"""The local stack's time: real time plus an offset that only grows.

A drip that takes weeks is watched in seconds by moving the clock forward. It never moves back, because what
has happened (a mail sent "tomorrow") cannot unhappen.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Settings(Protocol):
    """Where the offset is kept between runs; `lodestone.local.store.Store` is one."""

    def setting(self, name: str) -> str | None: ...

    def keep_setting(self, name: str, value: str) -> None: ...


def real_time() -> datetime:
    """The machine's own time, aware, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A moment as text that sorts in time order: UTC, always with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The inverse of `stamp`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class Clock:
    """`now()` for everything in the local stack. The offset survives restarts."""

    _SETTING = "clock offset in seconds"

    def __init__(self, settings: Settings, real: Callable[[], datetime] = real_time):
        self._settings = settings
        self._real = real
        self._offset = timedelta(seconds=float(settings.setting(self._SETTING) or 0))

    def now(self) -> datetime:
        """The local time, aware, in UTC."""
        return self._real() + self._offset

    @property
    def offset(self) -> timedelta:
        """How far the local time is ahead of the machine's."""
        return self._offset

    def move_to(self, target: datetime) -> None:
        """Make it `target` now. A target that has passed already changes nothing."""
        ahead = target - self._real()
        if ahead > self._offset:
            self._offset = ahead
            self._settings.keep_setting(self._SETTING, repr(ahead.total_seconds()))
