"""SES's event records, in the form in which EventBridge delivers them.

Shapes: "Examples of event data" in the SES developer guide, for the types that `PostalStandIn` publishes.
"""

from typing import Any

from lodestone.data_directory.clock import stamp
from lodestone.local.mails import Mail
from lodestone.local.template import ACCOUNT, REGION

_DETAIL_TYPES = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "Bounce": "Email Bounced",
    "Complaint": "Email Complaint Received",
}


def ses_event(type: str, call: dict[str, Any], mail: Mail, recipient: str, message_id: str) -> dict[str, Any]:
    """Return an event of SES about a mail that `SendEmail` was called for."""
    at = stamp(mail.at)
    mail_set = call["ConfigurationSetName"]
    detail = {
        "eventType": type,
        "mail": _mail(call, mail, message_id),
        type.lower(): _part(type, recipient, at),
    }
    return {
        "version": "0",
        "id": f"{message_id}-{type.lower()}",
        "detail-type": _DETAIL_TYPES[type],
        "source": "aws.ses",
        "account": ACCOUNT,
        "time": at,
        "region": REGION,
        "resources": [f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{mail_set}"],
        "detail": detail,
    }


def _mail(call: dict[str, Any], mail: Mail, message_id: str) -> dict[str, Any]:
    tags = {each["Name"]: [each["Value"]] for each in call.get("EmailTags", [])}
    return {
        "timestamp": stamp(mail.at),
        "source": mail.sender,
        "sendingAccountId": ACCOUNT,
        "messageId": message_id,
        "destination": call["Destination"]["ToAddresses"],
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in mail.headers.items()],
        "commonHeaders": {
            "from": [mail.sender],
            "to": [mail.to],
            "messageId": message_id,
            "subject": mail.subject,
        },
        "tags": tags | {"ses:configuration-set": [call["ConfigurationSetName"]]},
    }


def _part(type: str, recipient: str, at: str) -> dict[str, Any]:
    if type == "Delivery":
        return {
            "timestamp": at,
            "processingTimeMillis": 1,
            "recipients": [recipient],
            "smtpResponse": "250 2.0.0 kept in the local inbox",
            "reportingMTA": "local",
        }
    if type == "Bounce":
        return {
            "timestamp": at,
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": recipient, "action": "failed", "status": "5.1.1"}],
            "feedbackId": "local",
        }
    if type == "Complaint":
        return {
            "timestamp": at,
            "complaintFeedbackType": "abuse",
            "complainedRecipients": [{"emailAddress": recipient}],
            "feedbackId": "local",
        }
    return {}
