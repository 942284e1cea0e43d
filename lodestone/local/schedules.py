"""One-time schedules, as EventBridge Scheduler keeps them, due by the local clock."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lodestone.data_directory.clock import moment, stamp
from lodestone.data_directory.store import Store

_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")


@dataclass(frozen=True)
class Schedule:
    """A schedule. `due` is None if it has fired and is kept; `definition` is the call that created it."""

    group: str
    name: str
    due: datetime | None
    definition: Mapping[str, Any]


def parse_at(expression: str, time_zone: str) -> datetime:
    """Parse `at(2026-11-24T09:00:00)`. Raises ValueError if the expression is of another kind or the zone unknown."""
    match = _AT.fullmatch(expression)
    if not match:
        raise ValueError(f"not a one-time schedule: {expression}")
    try:
        zone = ZoneInfo(time_zone)
    except (KeyError, OSError) as error:
        raise ValueError(f"unknown time zone: {time_zone}") from error
    return datetime.fromisoformat(match[1]).replace(tzinfo=zone).astimezone(UTC)


class Schedules:
    """The schedules of all groups."""

    def __init__(self, store: Store):
        self._store = store

    def add(self, group: str, name: str, due: datetime, definition: Mapping[str, Any]) -> bool:
        """Store a schedule; False, and no change, if the group has one of this name."""
        with self._store.transaction():
            if self.find(group, name):
                return False
            body = json.dumps(definition, default=str)
            self._store.run("insert into schedules values (?, ?, ?, ?)", group, name, stamp(due), body)
        return True

    def find(self, group: str, name: str) -> Schedule | None:
        """Return a schedule, or None."""
        rows = self._store.rows("select * from schedules where group_name = ? and name = ?", group, name)
        return _schedule(rows[0]) if rows else None

    def remove(self, schedule: Schedule) -> None:
        """Delete a schedule."""
        self._store.run(
            "delete from schedules where group_name = ? and name = ?", schedule.group, schedule.name
        )

    def complete(self, schedule: Schedule) -> None:
        """Note that a schedule has fired: delete it if `ActionAfterCompletion` says so, else keep it without a time."""
        if schedule.definition.get("ActionAfterCompletion") == "DELETE":
            self.remove(schedule)
        else:
            sql = "update schedules set due = null where group_name = ? and name = ?"
            self._store.run(sql, schedule.group, schedule.name)

    def next(self) -> Schedule | None:
        """Return the schedule that fires first; None if there is none."""
        rows = self._store.rows("select * from schedules where due is not null order by due, name limit 1")
        return _schedule(rows[0]) if rows else None

    def all(self) -> list[Schedule]:
        """Return every schedule, the next to fire first."""
        return [
            _schedule(row)
            for row in self._store.rows("select * from schedules order by due is null, due, name")
        ]


def _schedule(row: tuple[Any, ...]) -> Schedule:
    group, name, due, definition = row
    return Schedule(group, name, moment(due) if due else None, json.loads(definition))
