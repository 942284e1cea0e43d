"""Make events of SES's reports, as EventBridge delivers them. Unknown types are counted and logged.

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
    """A report that makes no event. `unknown`: its type is none that this version knows."""

    type: str
    unknown: bool = False


#: By SES's event type: our event type, and the key of the report's part that describes it.
_TYPES = {
    "Bounce": ("bounced", "bounce"),
    "Complaint": ("complained", "complaint"),
    "Delivery": ("delivered", "delivery"),
    "Reject": ("rejected", "reject"),
    "DeliveryDelay": ("delayed", "deliveryDelay"),
    "Rendering Failure": ("unrendered", "failure"),
}

#: `Send` says less than our `mailed`; opens prove nothing (Apple MPP); we count clicks ourselves.
_UNUSED = frozenset({"Send", "Open", "Click", "Subscription"})

#: Bounces caused by this mail and not by the address: another mail may arrive there.
_OF_THE_MAIL = frozenset({"MessageTooLarge", "ContentRejected", "AttachmentRejected"})

#: Why SES did not try: the address is on the account's list, for an earlier bounce or complaint.
_LISTED = "OnAccountSuppressionList"


def read_report(body: str) -> Report | Ignored:
    """Read the report in an SQS message's body.

    Raises ValueError or KeyError if the body is no SES event; the message then ends in the dead-letter queue.
    """
    report = json.loads(body)["detail"]
    type, mail = report["eventType"], report["mail"]
    if type not in _TYPES:
        return Ignored(type, unknown=type not in _UNUSED)
    lead_id, send = _tag(mail, "lead"), SendId.parse(_tag(mail, "send"))
    if send is None or not lead_id:
        return Ignored(type)
    name, part = _TYPES[type][0], report.get(_TYPES[type][1]) or {}
    at = datetime.fromisoformat(part.get("timestamp") or mail["timestamp"]).astimezone(UTC)
    name, detail = _READERS.get(name, _plain)(name, part)
    return Report(lead_id, events.reported(name, send, at, mail["messageId"], **detail))


def _tag(mail: Mapping[str, Any], name: str) -> str:
    return next(iter((mail.get("tags") or {}).get(name, ())), "")


def _plain(name: str, part: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    reason = part.get("reason") or part.get("delayType") or part.get("errorMessage") or ""
    return name, {"reason": reason} if reason else {}


def _bounce(name: str, part: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """`hard`: the address does not work. `soft`: it may work later. `mail`: only this mail was refused.

    An absence note arrives as `Transient`, `General`, after the delivery.
    """
    subtype = part.get("bounceSubType") or ""
    hard = part.get("bounceType") == "Permanent"
    kind = "hard" if hard else "mail" if subtype in _OF_THE_MAIL else "soft"
    return name, {"kind": kind, "reason": subtype}


def _complaint(name: str, part: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    if part.get("complaintSubType") == _LISTED:
        # Nobody complained about this mail: SES did not send it, and will not send the next one either.
        return "bounced", {"kind": "hard", "reason": _LISTED}
    said = part.get("complaintFeedbackType") or ""
    return "not_spam" if said == "not-spam" else name, {"reason": said} if said else {}


_READERS: Mapping[str, Callable[[str, Mapping[str, Any]], tuple[str, dict[str, str]]]] = {
    "bounced": _bounce,
    "complained": _complaint,
}
