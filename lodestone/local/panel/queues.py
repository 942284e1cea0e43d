"""Rows of the panel's page of queues and schedules."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestone.local.machine import Machine
from lodestone.local.messages import Message
from lodestone.local.triggers import stream_channel


@dataclass(frozen=True)
class Channel:
    """A queue, or a stream that a function reads, with its messages. `reader` is the function, or ""."""

    name: str
    kind: str
    reader: str
    messages: list[Message]


@dataclass(frozen=True)
class ScheduleRow:
    """A schedule: when it fires, and its message as names and values (`message` alone if it is no JSON object)."""

    name: str
    due: datetime | None
    target: str
    content: dict[str, Any]


def channels(machine: Machine) -> list[Channel]:
    """Return every queue and stream, those that have messages first."""
    return sorted(_channels(machine), key=lambda channel: not channel.messages)


def _channels(machine: Machine) -> Iterator[Channel]:
    readers = {trigger.source: trigger for trigger in machine.stack.triggers}
    for table in machine.stack.tables:
        if trigger := readers.get(table.stream_arn):
            waiting = machine.messages.waiting(stream_channel(trigger))
            yield Channel(table.name, "stream", trigger.function, waiting)
    for queue in machine.stack.queues:
        reader = readers[queue.arn].function if queue.arn in readers else ""
        yield Channel(queue.name, "queue", reader, machine.messages.waiting(queue.name))


def schedule_rows(machine: Machine) -> list[ScheduleRow]:
    """Return every schedule, the next to fire first."""
    rows = []
    for schedule in machine.schedules.all():
        target = schedule.definition["Target"]
        name = target["Arn"].rpartition(":")[2]
        rows.append(ScheduleRow(schedule.name, schedule.due, name, _content(target.get("Input", ""))))
    return rows


def _content(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        content = text
    return content if isinstance(content, dict) else {"message": content}
