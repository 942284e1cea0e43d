"""The drip queue: which lead, which magnet, which step to look at. No address travels through it."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DripMessage:
    """A nudge, not an order: the worker decides anew what is due. `step` is there for people who look."""

    lead: str
    magnet: str
    step: str

    def to_json(self) -> str:
        return json.dumps({"lead": self.lead, "magnet": self.magnet, "step": self.step})

    @classmethod
    def from_json(cls, body: str) -> "DripMessage":
        """Raises KeyError or ValueError for anything that is not one of ours."""
        raw = json.loads(body)
        return cls(raw["lead"], raw["magnet"], raw["step"])


class DripQueue:
    """The queue, through a boto3 SQS client."""

    def __init__(self, client: Any, url: str):
        self._client = client
        self._url = url

    def put(self, message: DripMessage, delay: int = 0) -> None:
        """Have the worker look at this lead, in `delay` seconds (SQS takes up to 900)."""
        self._client.send_message(QueueUrl=self._url, MessageBody=message.to_json(), DelaySeconds=delay)
