"""SQS: `send_message` and `send_message_batch` into the queues that the template defines."""

from collections.abc import Iterable
from hashlib import md5
from typing import Any

from lodestone.local.messages import Messages
from lodestone.local.stack import Queue
from lodestone.local.stand_ins.clients import ServiceError, answered_client, one_of

_LARGEST = 1_048_576  # bytes, a message or a batch
_LONGEST_DELAY = 900  # seconds


class QueueStandIn:
    """The operations, as SQS answers them."""

    def __init__(self, queues: Iterable[Queue], messages: Messages):
        self._queues = {queue.url: queue for queue in queues}
        self._messages = messages

    def client(self) -> Any:
        """Return a boto3 client of these queues."""
        return answered_client("sqs", one_of({"SendMessage": self.send, "SendMessageBatch": self.send_batch}))

    def send(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answer SendMessage."""
        return self._accept(self._queue(call), call)

    def send_batch(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answer SendMessageBatch: up to ten messages, each accepted or refused on its own."""
        queue, entries = self._queue(call), call["Entries"]
        ids = [entry["Id"] for entry in entries]
        if not 1 <= len(entries) <= 10:
            raise ServiceError(
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "a batch holds 1 to 10 messages"
            )
        if len(set(ids)) < len(ids):
            raise ServiceError(
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "ids of a batch must differ"
            )
        answer: dict[str, Any] = {"Successful": [], "Failed": []}
        for entry in entries:
            try:
                answer["Successful"].append({"Id": entry["Id"]} | self._accept(queue, entry))
            except ServiceError as refusal:
                failure = {
                    "Id": entry["Id"],
                    "Code": refusal.code,
                    "Message": str(refusal),
                    "SenderFault": True,
                }
                answer["Failed"].append(failure)
        return answer

    def _queue(self, call: dict[str, Any]) -> Queue:
        queue = self._queues.get(call["QueueUrl"])
        if queue is None:
            raise ServiceError(
                "AWS.SimpleQueueService.NonExistentQueue", f"no queue has the URL {call['QueueUrl']}"
            )
        return queue

    def _accept(self, queue: Queue, entry: dict[str, Any]) -> dict[str, Any]:
        body, delay = entry["MessageBody"], entry.get("DelaySeconds", queue.delay)
        if not body or len(body.encode()) > _LARGEST:
            raise ServiceError("InvalidParameterValue", f"a message holds 1 to {_LARGEST} bytes")
        if not 0 <= delay <= _LONGEST_DELAY:
            raise ServiceError("InvalidParameterValue", f"DelaySeconds is 0 to {_LONGEST_DELAY}, not {delay}")
        id = self._messages.send(queue.name, body, entry.get("MessageAttributes"), delay)
        return {
            "MessageId": message_id(id),
            "MD5OfMessageBody": md5(body.encode(), usedforsecurity=False).hexdigest(),
        }


def message_id(id: int) -> str:
    """Return a message's id in the format of SQS."""
    return f"00000000-0000-4000-8000-{id:012x}"
