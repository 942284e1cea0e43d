"""The events a lead is the fold of, and what makes two of them the same one.

An event's `key` is its identity within the lead's partition: whoever writes the same fact twice (a double
click, a redelivered message, a worker that crashed and came back) makes the same key, and the conditional
put stores it once. Events are appended and never changed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from leads.instants import iso

#: A form sent again within this time is the same submission: a double click, a reload, an impatient visitor.
RESUBMIT_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about a lead. `at` is when it happened (aware, UTC); `data` is plain JSON."""

    type: str
    at: datetime
    key: str
    magnet: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SendId:
    """One attempt to send one mail.

    `ask` numbers the submissions that opt-in and delivery mails answer; it is 0 for a drip step, which a
    lead gets once per magnet and never again. `attempt` counts from 1 and grows only after an attempt is
    known to have failed. As text its parts are joined by underscores: slugs have none, and SES takes letters,
    digits, `-` and `_` alone in the tag that carries it.
    """

    magnet: str
    step: str
    ask: int
    attempt: int

    def __str__(self) -> str:
        return f"{self.magnet}_{self.step}_{self.ask}_{self.attempt}"

    @classmethod
    def parse(cls, text: str) -> "SendId | None":
        """The inverse of `str`; None for anything else (a tag that is not ours)."""
        parts = text.split("_")
        if len(parts) != 4 or not (parts[2].isdigit() and parts[3].isdigit()):
            return None
        return cls(parts[0], parts[1], int(parts[2]), int(parts[3]))


def submitted(magnet: str, at: datetime, data: Mapping[str, Any]) -> Event:
    """A form was sent. The same content within one window of `RESUBMIT_WINDOW` is the same event."""
    content = json.dumps(
        [data.get("email"), data.get("phone"), data.get("answers"), data.get("consent")], sort_keys=True
    )
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    window = int(at.timestamp() // RESUBMIT_WINDOW.total_seconds())
    return Event("submitted", at, f"submitted#{magnet}#{window}#{digest}", magnet, data)


def confirmed(magnet: str, ask: int, at: datetime) -> Event:
    """The button behind the opt-in mail of this ask was pressed."""
    return Event("confirmed", at, f"confirmed#{magnet}#{ask}", magnet, {"ask": ask})


def unsubscribed(magnet: str, at: datetime, how: str) -> Event:
    """The lead wants no more mail, of any magnet. `how`: `page` or `one-click` (RFC 8058)."""
    return Event("unsubscribed", at, f"unsubscribed#{int(at.timestamp())}", magnet, {"how": how})


def claimed(send: SendId, at: datetime, by: str, due: datetime | None = None) -> Event:
    """A worker is about to hand this mail to SES: written first, so that nobody else does.

    `by` is unlike any other worker's, so that each knows its own claim. `due` is when a step of the sequence
    was to go out: the next one's delay counts from there.
    """
    return _of_send("claimed", send, at, worker=by, **({"due": iso(due)} if due else {}))


def mailed(send: SendId, at: datetime, message_id: str) -> Event:
    """SES took the mail."""
    return _of_send("mailed", send, at, message_id=message_id)


def failed(send: SendId, at: datetime, reason: str, retry: bool) -> Event:
    """SES certainly did not take the mail. `retry`: the reason may pass."""
    return _of_send("failed", send, at, reason=reason, retry=retry)


def reported(type: str, send: SendId, at: datetime, message_id: str, **detail: Any) -> Event:
    """What SES reported of a mail it took: delivered, bounced, complained, …; `type` is our word for it."""
    return Event(type, at, f"{type}#{send}#{message_id}", send.magnet, {**_send_data(send), **detail})


def finished(magnet: str, at: datetime) -> Event:
    """The sequence has nothing more for this lead; mails added to its end later are for those who come later."""
    return Event("finished", at, f"finished#{magnet}", magnet)


def downloaded(magnet: str, asset: str, at: datetime, by: str) -> Event:
    """The gated file was fetched; once a day and file. `by`: `person`, or `machine` for a mail scanner."""
    return Event(
        "downloaded", at, f"downloaded#{magnet}#{asset}#{at:%Y%m%d}#{by}", magnet, {"asset": asset, "by": by}
    )


def send_of(event: Event) -> SendId:
    """The send an event speaks of."""
    data = event.data
    return SendId(event.magnet, data["step"], data["ask"], data["attempt"])


def _of_send(type: str, send: SendId, at: datetime, **detail: Any) -> Event:
    return Event(type, at, f"{type}#{send}", send.magnet, {**_send_data(send), **detail})


def _send_data(send: SendId) -> dict[str, Any]:
    return {"step": send.step, "ask": send.ask, "attempt": send.attempt}
