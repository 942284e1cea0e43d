"""The local stack's time: real time plus an offset that only grows.

Moving the clock forward shows in seconds a drip that takes weeks. The clock never moves back, because an event of a
later time (a mail sent "tomorrow") stays.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Settings(Protocol):
    """What stores the offset between runs: `lodestone.data_directory.store.Store`."""

    def setting(self, name: str) -> str | None: ...

    def keep_setting(self, name: str, value: str) -> None: ...


def real_time() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Format an instant as text that sorts by time: UTC, always with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """Parse what `stamp` formats."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


class Clock:
    """The clock of a local stack. Its offset is stored."""

    _SETTING = "clock offset in seconds"

    def __init__(self, settings: Settings, real: Callable[[], datetime] = real_time):
        self._settings = settings
        self._real = real
        self._offset = timedelta(seconds=float(settings.setting(self._SETTING) or 0))

    def now(self) -> datetime:
        """Return the local time, aware, in UTC."""
        return self._real() + self._offset

    @property
    def offset(self) -> timedelta:
        """How far the local time is ahead of the machine's."""
        return self._offset

    def move_to(self, target: datetime) -> None:
        """Move the clock to `target`. A target in the past changes nothing."""
        ahead = target - self._real()
        if ahead > self._offset:
            self._offset = ahead
            self._settings.keep_setting(self._SETTING, repr(ahead.total_seconds()))
