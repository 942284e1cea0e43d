"""SES's reports, as EventBridge hands them over, in our words. The unknown is passed over, counted, and logged by name.

The shapes are those of "Contents of event data that Amazon SES publishes" in the SES developer guide. What each kind
of bounce and complaint does to a lead is in docs/operating.md, "What SES reports".
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from leads import events
from leads.events import Event, SendId


class Report(NamedTuple):
    """An event of a lead."""

    lead_id: str
    event: Event


class Ignored(NamedTuple):
    """A report that makes no event. `unknown` where SES has a type that was not there when this was written."""

    type: str
    unknown: bool = False


#: SES's event type to our event, and to the part of the report that tells of it.
_TYPES = {
    "Bounce": ("bounced", "bounce"),
    "Complaint": ("complained", "complaint"),
    "Delivery": ("delivered", "delivery"),
    "Reject": ("rejected", "reject"),
    "DeliveryDelay": ("delayed", "deliveryDelay"),
    "Rendering Failure": ("unrendered", "failure"),
}

#: SEND says less than our own `mailed`, opens prove nothing (Apple MPP), links and subscriptions are our own.
_UNUSED = frozenset({"Send", "Open", "Click", "Subscription"})

#: Bounces that speak of the mail: another one may well arrive at the same address.
_OF_THE_MAIL = frozenset({"MessageTooLarge", "ContentRejected", "AttachmentRejected"})

#: Why SES did not try: the address is on the account's list, for an earlier bounce or complaint.
_LISTED = "OnAccountSuppressionList"


def read_report(body: str) -> Report | Ignored:
    """The report in an SQS message's body.

    Raises ValueError or KeyError for what is no SES event at all, so that it ends in the dead-letter queue.
    """
    detail = json.loads(body)["detail"]
    type, mail = detail["eventType"], detail["mail"]
    if type not in _TYPES:
        return Ignored(type, unknown=type not in _UNUSED)
    lead_id, send = _tag(mail, "lead"), SendId.parse(_tag(mail, "send"))
    if send is None or not lead_id:
        return Ignored(type)
    name, part = _TYPES[type][0], detail.get(_TYPES[type][1]) or {}
    at = datetime.fromisoformat(part.get("timestamp") or mail["timestamp"]).astimezone(UTC)
    name, more = _READERS.get(name, _plain)(name, part)
    return Report(lead_id, events.reported(name, send, at, mail["messageId"], **more))


def _tag(mail: Mapping[str, Any], name: str) -> str:
    return next(iter((mail.get("tags") or {}).get(name, ())), "")


def _plain(name: str, part: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    reason = part.get("reason") or part.get("delayType") or part.get("errorMessage") or ""
    return name, {"reason": reason} if reason else {}


def _bounce(name: str, part: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """`hard`: the address is no good. `soft`: it may be, another time. `mail`: this mail was not wanted there.

    An answer from somebody on holiday comes as `Transient`, `General`, after the delivery.
    """
    subtype = part.get("bounceSubType") or ""
    hard = part.get("bounceType") == "Permanent"
    kind = "hard" if hard else "mail" if subtype in _OF_THE_MAIL else "soft"
    return name, {"kind": kind, "reason": subtype}


def _complaint(name: str, part: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    if part.get("complaintSubType") == _LISTED:
        # Nobody complained of this mail, which was not even sent: it did not arrive, and the next would not either.
        return "bounced", {"kind": "hard", "reason": _LISTED}
    said = part.get("complaintFeedbackType") or ""
    return "not_spam" if said == "not-spam" else name, {"reason": said} if said else {}


_READERS: Mapping[str, Callable[[str, Mapping[str, Any]], tuple[str, dict[str, str]]]] = {
    "bounced": _bounce,
    "complained": _complaint,
}
