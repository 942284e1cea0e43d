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

#: A link followed again within this time is the same click. No longer than it takes to find a mail and read it: a
#: scanner follows the links while it delivers the mail, and must not stand for the person who comes after it.
CLICK_WINDOW = timedelta(minutes=1)


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
    return Event("submitted", at, f"submitted#{magnet}#{_window(at)}#{digest}", magnet, data)


def confirmed(magnet: str, ask: int, at: datetime) -> Event:
    """The button behind the opt-in mail of this ask was pressed."""
    return Event("confirmed", at, f"confirmed#{magnet}#{ask}", magnet, {"ask": ask})


def unsubscribed(magnet: str, at: datetime, how: str, scope: str = "everything") -> Event:
    """The lead wants no more mail: of any magnet, or, with `scope="sequence"`, of this one.

    `how`: `page` or `one-click` (RFC 8058).
    """
    key = f"unsubscribed#{int(at.timestamp())}" + (f"#{magnet}" if scope == "sequence" else "")
    return Event("unsubscribed", at, key, magnet, {"how": how, "scope": scope})


def preferred(magnet: str, at: datetime, frequency: str) -> Event:
    """How often the lead wants mail: `normal`, or `weekly` for one a week at most."""
    key = f"preferred#{int(at.timestamp())}#{frequency}"
    return Event("preferred", at, key, magnet, {"frequency": frequency})


def kept_subscribed(magnet: str, at: datetime) -> Event:
    """After a long silence the lead said that they still want the mails."""
    return Event("kept_subscribed", at, f"kept_subscribed#{int(at.timestamp())}", magnet)


def data_requested(magnet: str, at: datetime) -> Event:
    """The lead asked for a link to what is stored of them; once in a while (`RESUBMIT_WINDOW`) is once."""
    return Event("data_requested", at, f"data_requested#{magnet}#{_window(at)}", magnet)


def corrected(magnet: str, at: datetime, told: Mapping[str, Any]) -> Event:
    """The lead put right what is stored of them: `answers`, `phone`, `time_zone`."""
    return Event("corrected", at, f"corrected#{iso(at)}", magnet, told)


def erased(at: datetime, by: str, suppression: str = "") -> Event:
    """Everything stored of the lead before this instant is to go, and goes; this event alone stays (GDPR Art. 17).

    It holds no address: its partition's key is a keyed hash. It keeps an import from reviving the lead. `by`:
    `lead` or `owner`. `suppression` is what outlives the events that told of it: `bounced` or `complained`.
    """
    kept = {"suppression": suppression} if suppression else {}
    key = "#".join(("erased", str(int(at.timestamp())), *kept.values()))
    return Event("erased", at, key, "", {"by": by, **kept})


def owner_notified(about: Event, at: datetime) -> Event:
    """The owner was told of an event, by mail."""
    return Event("owner_notified", at, f"owner_notified#{about.key}", about.magnet, {"about": about.key})


def readmitted(at: datetime, by: str) -> Event:
    """The owner took the address off the suppressed ones: its mailbox works again, or the complaint was a slip."""
    return Event("readmitted", at, f"readmitted#{int(at.timestamp())}", "", {"by": by})


#: What a goal is called where conditions and people speak of it, and the event that tells of it.
GOALS = {"customer": "became_customer", "replied": "replied", "booked": "booked"}


def reached(goal: str, at: datetime, magnet: str, by: str) -> Event:
    """The lead reached a goal (a key of `GOALS`); once a day and magnet. `by` says who noted it."""
    type = GOALS[goal]
    return Event(type, at, f"{type}#{magnet}#{at:%Y%m%d}", magnet, {"by": by})


def clicked(send: SendId, link: str, at: datetime, by: str) -> Event:
    """A link of a mail was followed: `link` is its name. Once in `CLICK_WINDOW`.

    `by`: `person`, or `machine` by its own word (`leads.scanners` finds more of them).
    """
    key = f"clicked#{send}#{link}#{_window(at, CLICK_WINDOW)}#{by}"
    return Event("clicked", at, key, send.magnet, {**_send_data(send), "link": link, "by": by})


def skipped(
    magnet: str, step: str, at: datetime, due: datetime | None, reason: str, words: str = ""
) -> Event:
    """A step that was due and is not for this lead. `reason`: `when`, `branch` or `missed`; `words`, for people."""
    data = {"step": step, "due": iso(due), "reason": reason, "words": words}
    return Event("skipped", at, f"skipped#{magnet}#{step}", magnet, data)


def claimed(send: SendId, at: datetime, by: str, due: datetime | None = None, variant: str = "") -> Event:
    """A worker is about to hand this mail to SES: written first, so that nobody else does.

    `by` is unlike any other worker's, so that each knows its own claim. `due` is when a step of the sequence
    was to go out: the next one's delay counts from there. `variant` is the version of a mail under test.
    """
    known = {"due": iso(due), "variant": variant}
    return _of_send("claimed", send, at, worker=by, **{name: each for name, each in known.items() if each})


def mailed(send: SendId, at: datetime, message_id: str) -> Event:
    """SES took the mail."""
    return _of_send("mailed", send, at, message_id=message_id)


def failed(send: SendId, at: datetime, reason: str, retry: bool, throttled: bool = False) -> Event:
    """SES certainly did not take the mail. `retry`: the reason may pass.

    `throttled`: too many at once or in a day, which says nothing of this mail and is no step on its backoff.
    """
    slow = {"throttled": True} if throttled else {}
    return _of_send("failed", send, at, reason=reason, retry=retry, **slow)


def settled(send: SendId, at: datetime, was_sent: bool, by: str) -> Event:
    """Somebody found out whether a mail went out of which the worker could not tell. Where not, it may go again."""
    if was_sent:
        return _of_send("mailed", send, at, by=by)
    return _of_send("failed", send, at, reason=f"not sent, as the {by} found", retry=True, by=by)


def reported(type: str, send: SendId, at: datetime, message_id: str, **detail: Any) -> Event:
    """What SES reported of a mail it took: delivered, bounced, complained, …; `type` is our word for it.

    Its instant tells it from another of its type: an answer from somebody on holiday, a bounce too, must not hide that
    the mailbox is gone.
    """
    key = "#".join((type, str(send), message_id, str(int(at.timestamp() * 1000)), *_kind(detail)))
    return Event(type, at, key, send.magnet, {**_send_data(send), **detail})


def finished(magnet: str, at: datetime, reason: str = "") -> Event:
    """The sequence has nothing more for this lead; mails added to its end later are for those who come later.

    `reason` is empty at its end, else the condition that ended it.
    """
    return Event("finished", at, f"finished#{magnet}", magnet, {"reason": reason} if reason else {})


def send_of(event: Event) -> SendId:
    """The send an event speaks of."""
    data = event.data
    return SendId(event.magnet, data["step"], data["ask"], data["attempt"])


def _window(at: datetime, length: timedelta = RESUBMIT_WINDOW) -> int:
    return int(at.timestamp() // length.total_seconds())


def _kind(detail: Mapping[str, Any]) -> tuple[str, ...]:
    return (detail["kind"],) if "kind" in detail else ()


def _of_send(type: str, send: SendId, at: datetime, **detail: Any) -> Event:
    return Event(type, at, f"{type}#{send}", send.magnet, {**_send_data(send), **detail})


def _send_data(send: SendId) -> dict[str, Any]:
    return {"step": send.step, "ask": send.ask, "attempt": send.attempt}
