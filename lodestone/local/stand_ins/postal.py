"""SES v2: checks a mail as SES does, stores it in the local inbox, and publishes the events that SES publishes.

Addresses of SES's mailbox simulator behave as on AWS (`bounce@simulator.amazonses.com`, also with a
`+label`); every other mail is delivered.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.header import decode_header, make_header
from email.utils import format_datetime, parseaddr
from typing import Any

from lodestone.data_directory.store import Store
from lodestone.local.mails import Mail, Mails
from lodestone.local.stand_ins.bus import Bus
from lodestone.local.stand_ins.clients import ServiceError, answered_client, one_of
from lodestone.local.stand_ins.postal_events import ses_event

_ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HEADER_NAME = re.compile(r"[!-9;-~]{1,126}")
_PRINTABLE = re.compile(r"[ -~]*")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
#: The tags of which SES makes its Feedback-ID header.
_FEEDBACK_TAGS = ("ses:feedback-id-a", "ses:feedback-id-b")
_MOST_HEADERS, _LONGEST_HEADER, _MOST_RECIPIENTS = 15, 995, 50

#: Headers that SES writes itself and refuses in a call.
_OWN = frozenset({"bcc", "cc", "date", "from", "message-id", "mime-version", "reply-to", "subject", "to"})

#: Mails a second and a day: more than one machine can send, so that no mail waits for a slot here.
_RATE, _QUOTA = 1000.0, 1_000_000.0

#: The events that follow Send for the addresses of the mailbox simulator.
_SIMULATED = {"bounce": ("Bounce",), "suppressionlist": ("Bounce",), "complaint": ("Delivery", "Complaint")}


class PostalStandIn:
    """The operations, as SES answers them. `mail_sets` maps each configuration set to what it publishes."""

    def __init__(
        self,
        mail_sets: Mapping[str, frozenset[str]],
        store: Store,
        mails: Mails,
        bus: Bus,
        now: Callable[[], datetime],
    ):
        self._mail_sets = mail_sets
        self._store = store
        self._mails = mails
        self._bus = bus
        self._now = now

    def client(self) -> Any:
        """Return a boto3 client of this stand-in."""
        return answered_client("sesv2", one_of({"SendEmail": self.send, "GetAccount": self.account}))

    def account(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answer GetAccount: out of the sandbox, healthy. Mails are not counted, because the local clock jumps."""
        quota = {"MaxSendRate": _RATE, "Max24HourSend": _QUOTA, "SentLast24Hours": 0.0}
        return {
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": quota,
        }

    def send(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answer SendEmail. One transaction stores the mail and the events about it."""
        _check(call)
        mail_set = call.get("ConfigurationSetName", "")
        if mail_set and mail_set not in self._mail_sets:
            raise ServiceError("NotFoundException", f"Configuration set <{mail_set}> does not exist.", 404)
        now = self._now()
        mail = _mail(call, now)
        with self._store.transaction():
            message_id = f"local-{self._mails.add(mail):016x}"
            for type, recipient in _outcomes(call):
                if type.upper() in self._mail_sets.get(mail_set, ()):
                    self._bus.publish(ses_event(type, call, mail, recipient, message_id))
        return {"MessageId": message_id}


def _outcomes(call: dict[str, Any]) -> Iterator[tuple[str, str]]:
    recipients = call["Destination"]["ToAddresses"]
    yield "Send", recipients[0]
    for recipient in recipients:
        local, _, domain = parseaddr(recipient)[1].lower().partition("@")
        simulated = _SIMULATED.get(local.partition("+")[0]) if domain == "simulator.amazonses.com" else None
        for type in simulated or ("Delivery",):
            yield type, recipient


def _check(call: dict[str, Any]) -> None:
    """Raises ServiceError if SES would refuse the mail."""
    _check_address(call.get("FromEmailAddress", ""), "FromEmailAddress")
    recipients = [
        each for kind in ("ToAddresses", "CcAddresses") for each in call.get("Destination", {}).get(kind, [])
    ]
    if not 1 <= len(recipients) <= _MOST_RECIPIENTS:
        raise ServiceError("BadRequestException", f"a mail goes to 1 to {_MOST_RECIPIENTS} addresses")
    for each in (*recipients, *call.get("ReplyToAddresses", [])):
        _check_address(each, "address")
    content = call["Content"].get("Simple")
    if content is None:
        raise ServiceError("BadRequestException", "the local stack sends Simple content alone")
    if not {"Html", "Text"} & set(content["Body"]):
        raise ServiceError("BadRequestException", "a mail needs a body, Html or Text")
    if re.search(r"[\r\n]", content["Subject"]["Data"]):
        raise ServiceError("BadRequestException", "a subject is one line")
    _check_headers(content.get("Headers", []))
    for tag in call.get("EmailTags", []):
        named = tag["Name"] in _FEEDBACK_TAGS or _TAG.fullmatch(tag["Name"])
        if not (named and _TAG.fullmatch(tag["Value"])):
            raise ServiceError(
                "BadRequestException", f"tag {tag['Name']}={tag['Value']}: 1 to 256 of A-Z a-z 0-9 _ -"
            )


def _check_address(text: str, what: str) -> None:
    _, address = parseaddr(text)
    if not _ADDRESS.fullmatch(address) or re.search(r"[^ -~]", text):
        raise ServiceError(
            "BadRequestException", f"{what} `{text}` is missing or no address (ASCII; encode a name)"
        )


def _check_headers(headers: list[dict[str, str]]) -> None:
    if len(headers) > _MOST_HEADERS:
        raise ServiceError("BadRequestException", f"at most {_MOST_HEADERS} headers, not {len(headers)}")
    for header in headers:
        name, value = header["Name"], header["Value"]
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN:
            raise ServiceError("BadRequestException", f"header name `{name}` is not allowed")
        if not _PRINTABLE.fullmatch(value) or not 1 <= len(value) <= _LONGEST_HEADER:
            raise ServiceError(
                "BadRequestException", f"header {name}: 1 to {_LONGEST_HEADER} printable ASCII characters"
            )


def _feedback_id(call: dict[str, Any]) -> str:
    """Return the Feedback-ID as SES writes it: the sender's two parts, if any, its region and account, its name."""
    tags = {each["Name"]: each["Value"] for each in call.get("EmailTags", [])}
    return ":".join([*(tags[name] for name in _FEEDBACK_TAGS if name in tags), "local", "AmazonSES"])


def _mail(call: dict[str, Any], now: datetime) -> Mail:
    content = call["Content"]["Simple"]
    to, subject = ", ".join(call["Destination"]["ToAddresses"]), content["Subject"]["Data"]
    headers = {"From": call["FromEmailAddress"], "To": to, "Subject": subject, "Date": format_datetime(now)}
    if call.get("ReplyToAddresses"):
        headers["Reply-To"] = ", ".join(call["ReplyToAddresses"])
    headers |= {each["Name"]: each["Value"] for each in content.get("Headers", [])}
    headers["Feedback-ID"] = _feedback_id(call)
    body = {part: content["Body"].get(part, {}).get("Data", "") for part in ("Html", "Text")}
    return Mail(0, now, _readable(headers["From"]), to, subject, headers, body["Html"], body["Text"])


def _readable(header: str) -> str:
    """Decode a header as a mail program does: `=?utf-8?b?…?=` becomes a name."""
    return str(make_header(decode_header(header)))
