"""The messages in queues, and the stream records that wait for their function.

One table stores both. A *channel* is a queue's name, or a stream and the function that reads it. A message is deleted
only after it was handled, so it is delivered again if the process is killed before.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lodestone.data_directory.clock import moment, stamp
from lodestone.data_directory.store import Store


@dataclass(frozen=True, eq=False)
class Message:
    """One message. `receives` counts how often it was handed out, this time included."""

    id: int
    channel: str
    body: str
    attributes: Mapping[str, Any]
    sent_at: datetime
    visible_at: datetime
    receives: int


_COLUMNS = "id, channel, body, attributes, sent_at, visible_at, receives"


class Messages:
    """All channels. Times are the local clock's."""

    def __init__(self, store: Store, now: Callable[[], datetime]):
        self._store = store
        self._now = now

    def send(
        self, channel: str, body: str, attributes: Mapping[str, Any] | None = None, delay: float = 0
    ) -> int:
        """Put a message into a channel, to be handed out after `delay` seconds. Returns its id."""
        now = self._now()
        return self._store.run(
            "insert into messages (channel, body, attributes, sent_at, visible_at) values (?, ?, ?, ?, ?)",
            channel,
            body,
            json.dumps(attributes or {}),
            stamp(now),
            stamp(now + timedelta(seconds=delay)),
        )

    def next_due(self, channel: str, ordered: bool) -> datetime | None:
        """Return when a channel's next message is due. In an ordered channel the first message delays all others."""
        order = "id" if ordered else "visible_at"
        sql = f"select visible_at from messages where channel = ? order by {order} limit 1"
        rows = self._store.rows(sql, channel)
        return moment(rows[0][0]) if rows else None

    def receive(self, channel: str, limit: int, ordered: bool) -> list[Message]:
        """Return up to `limit` messages that are due, oldest first, and count one more receive of each.

        In an ordered channel a message that failed before is returned alone, so that no other fails with it.
        """
        with self._store.transaction():
            rows = self._store.rows(
                f"select {_COLUMNS} from messages where channel = ? and visible_at <= ? order by id limit ?",
                channel,
                stamp(self._now()),
                limit,
            )
            if ordered:
                rows = rows[:1] if rows and rows[0][6] else rows
            for row in rows:
                self._store.run("update messages set receives = receives + 1 where id = ?", row[0])
        return [_message((*row[:6], row[6] + 1)) for row in rows]

    def delete(self, messages: Iterable[Message]) -> None:
        """Delete messages that were handled."""
        with self._store.transaction():
            for each in messages:
                self._store.run("delete from messages where id = ?", each.id)

    def postpone(self, messages: Iterable[Message], seconds: float) -> None:
        """Make messages due again in `seconds`."""
        later = stamp(self._now() + timedelta(seconds=seconds))
        with self._store.transaction():
            for each in messages:
                self._store.run("update messages set visible_at = ? where id = ?", later, each.id)

    def unreceive(self, messages: Iterable[Message]) -> None:
        """Take back a receive: these messages were handed out, but not processed."""
        with self._store.transaction():
            for each in messages:
                self._store.run("update messages set receives = receives - 1 where id = ?", each.id)

    def move(self, message: Message, channel: str) -> None:
        """Move a message into another channel (a dead-letter queue), where its receives are counted anew."""
        self._store.run(
            "update messages set channel = ?, receives = 0, visible_at = ? where id = ?",
            channel,
            stamp(self._now()),
            message.id,
        )

    def waiting(self, channel: str) -> list[Message]:
        """Return the messages of a channel, oldest first."""
        rows = self._store.rows(f"select {_COLUMNS} from messages where channel = ? order by id", channel)
        return [_message(row) for row in rows]


def _message(row: tuple[Any, ...]) -> Message:
    id, channel, body, attributes, sent_at, visible_at, receives = row
    return Message(id, channel, body, json.loads(attributes), moment(sent_at), moment(visible_at), receives)
