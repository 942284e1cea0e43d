"""Event source mappings: from a queue or a stream to the function that handles it, in batches.

The rules are Lambda's. Queue: a failed message is handed out again after the queue's visibility time-out, and moves to
the dead-letter queue after `maxReceiveCount`. Stream: a failed record is handed out again in order and blocks those
behind it; after `MaximumRetryAttempts` (else a day) it goes to the on-failure destination.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lodestone.local.faults import Faults
from lodestone.local.functions import Functions
from lodestone.local.messages import Message, Messages
from lodestone.local.patterns import matches
from lodestone.local.stack import Queue, Trigger
from lodestone.local.stand_ins.queues import message_id
from lodestone.local.template import REGION

_STREAM_RETENTION = timedelta(hours=24)
_LONGEST_PAUSE = 60  # seconds between two attempts at a stream record


class _Mapping(ABC):
    """The steps of both kinds: receive a batch, filter it, invoke the function, settle each record."""

    ordered: bool

    def __init__(
        self, trigger: Trigger, channel: str, messages: Messages, functions: Functions, faults: Faults
    ):
        self.trigger = trigger
        self.channel = channel
        self.messages = messages
        self.functions = functions
        self.faults = faults

    def next_due(self) -> datetime | None:
        """Return when the next message is due; None if there is none."""
        return self.messages.next_due(self.channel, self.ordered)

    def fire(self) -> None:
        """Hand one batch to the function."""
        batch = self.messages.receive(self.channel, self.trigger.batch_size, self.ordered)
        records = {each: self.record(each) for each in batch}
        wanted = [each for each in batch if self._wanted(records[each])]
        failed = self._invoke(wanted, [records[each] for each in wanted]) if wanted else set()
        done = [each for each in batch if each not in failed]
        self.messages.delete(done)
        self.settle_failures([each for each in batch if each in failed])

    def _wanted(self, record: dict[str, Any]) -> bool:
        subject = self.filtered(record)
        return not self.trigger.patterns or any(
            matches(pattern, subject) for pattern in self.trigger.patterns
        )

    def _invoke(self, batch: list[Message], records: list[dict[str, Any]]) -> set[Message]:
        """Invoke the function; the messages of the batch that failed."""
        try:
            answer = self.functions.invoke(self.trigger.function, {"Records": records})
        except Exception as error:
            self.faults.record_error(self.trigger.function, error)
            return set(batch)
        if not self.trigger.partial or not answer:
            return set()
        named = {each.get("itemIdentifier") for each in answer.get("batchItemFailures", [])}
        return self.failures(batch, named)

    @abstractmethod
    def record(self, message: Message) -> dict[str, Any]:
        """Return the message as the function gets it."""

    @abstractmethod
    def filtered(self, record: dict[str, Any]) -> Any:
        """Return what the filter patterns are compared with."""

    @abstractmethod
    def failures(self, batch: list[Message], named: set[str]) -> set[Message]:
        """Return the failed messages; `named` are the identifiers in the function's answer."""

    @abstractmethod
    def settle_failures(self, failed: list[Message]) -> None:
        """Decide when each failed message is handed out again, or give it up."""


class QueueMapping(_Mapping):
    """A queue and its function."""

    ordered = False

    def __init__(
        self, trigger: Trigger, queue: Queue, messages: Messages, functions: Functions, faults: Faults
    ):
        super().__init__(trigger, queue.name, messages, functions, faults)
        self._queue = queue

    def record(self, message: Message) -> dict[str, Any]:
        return {
            "messageId": message_id(message.id),
            "receiptHandle": message_id(message.id),
            "body": message.body,
            "attributes": {
                "ApproximateReceiveCount": str(message.receives),
                "SentTimestamp": str(int(message.sent_at.timestamp() * 1000)),
                "ApproximateFirstReceiveTimestamp": str(int(message.visible_at.timestamp() * 1000)),
                "SenderId": "local",
            },
            "messageAttributes": {name: _attribute(value) for name, value in message.attributes.items()},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": self._queue.arn,
            "awsRegion": REGION,
        }

    def filtered(self, record: dict[str, Any]) -> Any:
        try:
            return record | {"body": json.loads(record["body"])}
        except ValueError:
            return record

    def failures(self, batch: list[Message], named: set[str]) -> set[Message]:
        known = {message_id(each.id): each for each in batch}
        # An unknown identifier is a failure of the whole batch, as on Lambda.
        return set(batch) if named - known.keys() else {known[name] for name in named}

    def settle_failures(self, failed: list[Message]) -> None:
        dead_letters = self._queue.dead_letters
        for each in failed:
            if dead_letters and each.receives >= self._queue.max_receives:
                self.messages.move(each, dead_letters)
                self.faults.record(self.trigger.function, f"gave up on a message; it lies in {dead_letters}")
            else:
                self.messages.postpone([each], self._queue.visibility)


class StreamMapping(_Mapping):
    """A table's stream and its function."""

    ordered = True

    def __init__(
        self,
        trigger: Trigger,
        messages: Messages,
        functions: Functions,
        faults: Faults,
        now: Callable[[], datetime],
    ):
        super().__init__(trigger, stream_channel(trigger), messages, functions, faults)
        self._now = now

    def record(self, message: Message) -> dict[str, Any]:
        record = json.loads(message.body)
        record["eventID"] = f"{message.id:032x}"
        record["dynamodb"] |= {"SequenceNumber": f"{message.id:021d}", "SizeBytes": len(message.body)}
        return record

    def filtered(self, record: dict[str, Any]) -> Any:
        return record

    def failures(self, batch: list[Message], named: set[str]) -> set[Message]:
        numbers = [f"{each.id:021d}" for each in batch]
        if named - set(numbers):
            return set(batch)
        # A stream keeps its order: the first failed record and all behind it are handed out again.
        first = min((numbers.index(name) for name in named), default=len(batch))
        return set(batch[first:])

    def settle_failures(self, failed: list[Message]) -> None:
        if not failed:
            return
        first, *behind = failed
        if self._spent(first):
            self._give_up(first)
        else:
            self.messages.postpone([first], min(2 ** (first.receives - 1), _LONGEST_PAUSE))
        # Those behind it did not fail: this receive does not count for them.
        self.messages.unreceive(behind)

    def _spent(self, message: Message) -> bool:
        if 0 <= self.trigger.retries < message.receives:
            return True
        return self._now() - message.sent_at >= _STREAM_RETENTION

    def _give_up(self, message: Message) -> None:
        self.faults.record(self.trigger.function, f"gave up on stream record {message.id}")
        if self.trigger.on_failure:
            self.messages.move(message, self.trigger.on_failure.rpartition(":")[2])
        else:
            self.messages.delete([message])


def stream_channel(trigger: Trigger) -> str:
    """Return the channel in which a stream's records wait for one function."""
    return f"{trigger.source} {trigger.function}"


def stream_readers(triggers: Iterable[Trigger]) -> Mapping[str, list[str]]:
    """Return the channels that the records of each stream go to, by the stream's ARN."""
    readers: dict[str, list[str]] = {}
    for trigger in triggers:
        readers.setdefault(trigger.source, []).append(stream_channel(trigger))
    return readers


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name[0].lower() + name[1:]: each for name, each in value.items()}
