"""The mail queues, one for each lane. A message names lead, magnet and step, and holds no address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leads.instants import iso, parse_iso
from leads.pace import lane_of

#: SQS's longest delay of a message, in seconds.
LONGEST_DELAY = 900


@dataclass(frozen=True, slots=True)
class DripMessage:
    """A request to look at a lead: the worker decides anew what is due. `step` chooses the lane.

    `slot` is when the mail may go out, once the pacer gave it a slot; in whole milliseconds.
    """

    lead: str
    magnet: str
    step: str
    slot: datetime | None = None

    def at(self, slot: datetime) -> "DripMessage":
        """The same message with this slot."""
        return replace(self, slot=slot.replace(microsecond=slot.microsecond // 1000 * 1000))

    def to_json(self) -> str:
        raw = {"lead": self.lead, "magnet": self.magnet, "step": self.step}
        return json.dumps(raw | ({"slot": iso(self.slot)} if self.slot else {}))

    @classmethod
    def from_json(cls, body: str) -> "DripMessage":
        """Read a message. Raises KeyError or ValueError if the body is not one of ours."""
        raw = json.loads(body)
        slot = parse_iso(raw["slot"]) if "slot" in raw else None
        return cls(raw["lead"], raw["magnet"], raw["step"], slot)


class MailQueues:
    """The queues, through a boto3 SQS client. `urls` has one for each lane."""

    def __init__(self, client: Any, urls: Mapping[str, str]):
        self._client = client
        self._urls = urls

    def put(self, message: DripMessage, delay: int = 0) -> None:
        """Have the worker look at this lead, in `delay` seconds (at most LONGEST_DELAY)."""
        url = self._urls[lane_of(message.step)]
        self._client.send_message(QueueUrl=url, MessageBody=message.to_json(), DelaySeconds=delay)
