"""The events that a lead is folded from, and the keys that make two of them the same.

An event's `key` is its identity within the lead's partition: the same fact written twice (a double click, a
redelivered message, a worker restarted after a crash) has the same key, and the conditional put stores it
once. Events are appended and never changed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from leads.instants import iso

#: A form sent again within this time is the same submission: a double click or a reload.
RESUBMIT_WINDOW = timedelta(minutes=10)

#: A link followed again within this time is the same click. It must be shorter than it takes a person to read
#: a mail: a scanner follows the links on delivery, and the person's own click must count as another.
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

    `ask` numbers the submissions that opt-in and delivery mails answer; it is 0 for a drip step, which a lead
    gets once per magnet and never again. `attempt` counts from 1 and grows only after an attempt is known to
    have failed. As text its parts are joined by underscores: slugs have none, and SES allows only letters,
    digits, `-` and `_` in a message tag.
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
    told = [data["told"]] if data.get("told") else []
    content = json.dumps(
        [data.get("email"), data.get("phone"), data.get("answers"), data.get("consent"), *told],
        sort_keys=True,
    )
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return Event("submitted", at, f"submitted#{magnet}#{_window(at)}#{digest}", magnet, data)


def confirmed(magnet: str, ask: int, at: datetime) -> Event:
    """The lead confirmed this ask, by the button behind the opt-in mail."""
    return Event("confirmed", at, f"confirmed#{magnet}#{ask}", magnet, {"ask": ask})


def unsubscribed(magnet: str, at: datetime, how: str, scope: str = "everything") -> Event:
    """The lead wants no more mail: of any magnet, or, with `scope="sequence"`, of this one.

    `how`: `page` or `one-click` (RFC 8058).
    """
    key = f"unsubscribed#{int(at.timestamp())}" + (f"#{magnet}" if scope == "sequence" else "")
    return Event("unsubscribed", at, key, magnet, {"how": how, "scope": scope})


def preferred(magnet: str, at: datetime, frequency: str) -> Event:
    """The lead chose how often they want mail: `normal`, or `weekly` for one a week at most."""
    key = f"preferred#{int(at.timestamp())}#{frequency}"
    return Event("preferred", at, key, magnet, {"frequency": frequency})


def kept_subscribed(magnet: str, at: datetime) -> Event:
    """After a long silence the lead said that they still want the mails."""
    return Event("kept_subscribed", at, f"kept_subscribed#{int(at.timestamp())}", magnet)


def data_requested(magnet: str, at: datetime) -> Event:
    """The lead asked for the link to their data. Requests within one `RESUBMIT_WINDOW` are the same event."""
    return Event("data_requested", at, f"data_requested#{magnet}#{_window(at)}", magnet)


def corrected(magnet: str, at: datetime, told: Mapping[str, Any]) -> Event:
    """The lead corrected what is stored about them: `answers`, `phone`, `time_zone`."""
    return Event("corrected", at, f"corrected#{iso(at)}", magnet, told)


def erased(at: datetime, by: str, suppression: str = "") -> Event:
    """All older events of the lead are deleted; this event alone stays (GDPR Art. 17).

    It holds no address: the partition's key is a keyed hash. It stops an import from adding the lead again.
    `by`: `lead` or `owner`. `suppression` is what must outlive the deleted events: `bounced` or `complained`.
    """
    kept = {"suppression": suppression} if suppression else {}
    key = "#".join(("erased", str(int(at.timestamp())), *kept.values()))
    return Event("erased", at, key, "", {"by": by, **kept})


def owner_notified(about: Event, at: datetime) -> Event:
    """The owner was told of an event, by mail."""
    return Event("owner_notified", at, f"owner_notified#{about.key}", about.magnet, {"about": about.key})


def readmitted(at: datetime, by: str) -> Event:
    """The owner lifted the suppression: the mailbox works again, or the complaint was a mistake."""
    return Event("readmitted", at, f"readmitted#{int(at.timestamp())}", "", {"by": by})


#: The goals by their names in conditions and commands, with the event type of each.
GOALS = {"customer": "became_customer", "replied": "replied", "booked": "booked"}


def reached(goal: str, at: datetime, magnet: str, by: str) -> Event:
    """The lead reached a goal (a key of `GOALS`); once a day and magnet. `by` says who noted it."""
    type = GOALS[goal]
    return Event(type, at, f"{type}#{magnet}#{at:%Y%m%d}", magnet, {"by": by})


def clicked(send: SendId, link: str, at: datetime, by: str) -> Event:
    """A link of a mail was followed: `link` is its name. Clicks within one `CLICK_WINDOW` are the same event.

    `by`: `person`, or `machine` by its user agent (`leads.scanners` finds others by their timing).
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
    """A worker is about to hand this mail to SES: stored first, so that no other worker does.

    `by` is unique, so that each worker knows its own claim. `due` is when a step of the sequence was due: the
    next step's delay counts from there. `variant` is the version of a mail under test.
    """
    known = {"due": iso(due), "variant": variant}
    return _of_send("claimed", send, at, worker=by, **{name: each for name, each in known.items() if each})


def mailed(send: SendId, at: datetime, message_id: str) -> Event:
    """SES accepted the mail."""
    return _of_send("mailed", send, at, message_id=message_id)


def failed(send: SendId, at: datetime, reason: str, retry: bool, throttled: bool = False) -> Event:
    """SES certainly did not accept the mail. `retry`: the reason may pass.

    `throttled`: SES's rate or quota, not this mail, is the reason; it does not count for the mail's backoff.
    """
    slow = {"throttled": True} if throttled else {}
    return _of_send("failed", send, at, reason=reason, retry=retry, **slow)


def settled(send: SendId, at: datetime, was_sent: bool, by: str) -> Event:
    """Somebody found out whether an unsettled mail went out. If it did not, it may be sent again."""
    if was_sent:
        return _of_send("mailed", send, at, by=by)
    return _of_send("failed", send, at, reason=f"not sent, as the {by} found", retry=True, by=by)


def reported(type: str, send: SendId, at: datetime, message_id: str, **detail: Any) -> Event:
    """SES reported about a mail that it accepted: delivered, bounced, complained, …; `type` is ours.

    The key holds the instant, so that several reports of a type are kept: an absence note, which is a bounce,
    too, must not hide a later hard bounce.
    """
    key = "#".join((type, str(send), message_id, str(int(at.timestamp() * 1000)), *_kind(detail)))
    return Event(type, at, key, send.magnet, {**_send_data(send), **detail})


def finished(magnet: str, at: datetime, reason: str = "") -> Event:
    """The sequence has ended for this lead. They do not get mails that are added to its end later.

    `reason` is the condition that ended it, "" if all its mails were sent.
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
