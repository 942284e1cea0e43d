"""SES's reports, as EventBridge hands them over, in our words. The unknown is passed over and counted."""

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from leads import events
from leads.events import Event, SendId


class Report(NamedTuple):
    """An event of a lead."""

    lead_id: str
    event: Event


#: SES's event type to our event. SEND says less than our own `mailed`, opens prove nothing (Apple MPP).
_TYPES = {
    "Bounce": "bounced",
    "Complaint": "complained",
    "Delivery": "delivered",
    "Reject": "rejected",
    "DeliveryDelay": "delayed",
    "Rendering Failure": "unrendered",
}


def read_report(body: str) -> Report | None:
    """The report in an SQS message's body; None for what does not concern a lead of ours.

    Raises ValueError or KeyError for what is no SES event at all, so that it ends in the dead-letter queue.
    """
    envelope = json.loads(body)
    detail = envelope["detail"]
    mail = detail["mail"]
    type = _TYPES.get(detail["eventType"])
    lead_id, send = _tag(mail, "lead"), SendId.parse(_tag(mail, "send"))
    if type is None or send is None or not lead_id:
        return None
    if type == "complained" and detail["complaint"].get("complaintFeedbackType") == "not-spam":
        return None
    at, more = _detail(type, detail, mail)
    return Report(lead_id, events.reported(type, send, at, mail["messageId"], **more))


def _tag(mail: dict[str, Any], name: str) -> str:
    return next(iter(mail.get("tags", {}).get(name, ())), "")


def _detail(type: str, detail: dict[str, Any], mail: dict[str, Any]) -> tuple[datetime, dict[str, Any]]:
    part = detail.get(detail["eventType"][:1].lower() + detail["eventType"][1:].replace(" ", ""), {})
    at = datetime.fromisoformat(part.get("timestamp") or mail["timestamp"]).astimezone(UTC)
    if type == "bounced":
        kind = "hard" if part.get("bounceType") == "Permanent" else "soft"
        return at, {"kind": kind, "reason": part.get("bounceSubType", "")}
    reason = part.get("complaintFeedbackType") or part.get("reason") or part.get("delayType") or ""
    return at, {"reason": reason} if reason else {}
