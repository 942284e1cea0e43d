"""Hand a letter to SES once, and report the outcome: sent, refused, or unknown (an error)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws.errors import code_of, status_of
from leads.events import SendId

if TYPE_CHECKING:  # capture shares the wiring with the worker, and writes no letter
    from leads.letter import Letter

#: Refusals whose reason may pass: rate, quota, an account or identity that is being set up or paused.
#: Every 403 is one, too: a role, a clock or credentials that are not right yet.
_TRANSIENT = frozenset(
    {
        "AccountSuspendedException",
        "AccountSuspended",
        "LimitExceededException",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",  # configuration set or identity not there (yet)
        "SendingPausedException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

#: Those of them that mean that the rate or the daily quota is used up.
_THROTTLED = frozenset(
    {"LimitExceededException", "SendingPausedException", "ThrottlingException", "TooManyRequestsException"}
)

#: botocore's errors that prove that nothing was sent: the connection was never made.
_NEVER_CONNECTED = frozenset({"ConnectTimeoutError", "EndpointConnectionError", "NoCredentialsError"})


@dataclass(frozen=True, slots=True)
class Sent:
    """SES accepted the mail."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """SES certainly did not accept the mail. `retry`: the reason may pass. `throttled`: by SES's limits."""

    reason: str
    retry: bool
    throttled: bool = False


class Mailer:
    """SES v2 with one configuration set. The client must not retry by itself (`aws.clients`)."""

    def __init__(self, client: Any, mail_set: str):
        self._client = client
        self._mail_set = mail_set

    def send(self, letter: "Letter") -> Sent | Refused:
        """Try once to send. Raises the client's error if the mail may have gone out (time-out, 5xx)."""
        try:
            answer = self._client.send_email(**self._request(letter))
        except Exception as error:
            refused = _refusal(error)
            if refused is None:
                raise
            return refused
        return Sent(answer["MessageId"])

    def _request(self, letter: "Letter") -> dict[str, Any]:
        body = {"Html": _utf8(letter.html), "Text": _utf8(letter.text)}
        headers = [{"Name": name, "Value": value} for name, value in letter.headers.items()]
        request = {
            "FromEmailAddress": letter.sender,
            "Destination": {"ToAddresses": [letter.to]},
            "Content": {"Simple": {"Subject": _utf8(letter.subject), "Body": body, "Headers": headers}},
            "ConfigurationSetName": self._mail_set,
        }
        tags = {"EmailTags": _tags(letter.lead_id, letter.send)} if letter.send else {}
        return request | tags | ({"ReplyToAddresses": [letter.reply_to]} if letter.reply_to else {})


def _tags(lead_id: str, send: SendId) -> list[dict[str, str]]:
    """SES copies these tags into its reports, so that a report names its lead and its send."""
    return [
        {"Name": "lead", "Value": lead_id},
        {"Name": "send", "Value": str(send)},
        # SES builds its Feedback-ID header from these and from parts of its own.
        {"Name": "ses:feedback-id-a", "Value": send.magnet},
        {"Name": "ses:feedback-id-b", "Value": send.step},
    ]


def _refusal(error: Exception) -> Refused | None:
    """The refusal that an error proves; None if the mail may have gone out."""
    code = code_of(error)
    if code in _THROTTLED:
        # SES has one code for the rate and for the daily quota; only the message tells which.
        return Refused("daily quota" if "quota" in str(error) else code, retry=True, throttled=True)
    if code in _TRANSIENT or status_of(error) == 403 or _is_unverified(code, error):
        return Refused(code, retry=True)
    if type(error).__name__ in _NEVER_CONNECTED:
        return Refused(type(error).__name__, retry=True)
    if 400 <= status_of(error) < 500:
        return Refused(code, retry=False)
    return None


def _is_unverified(code: str, error: Exception) -> bool:
    """Whether an identity is not verified, or the account is in the sandbox: SES has no code for it."""
    return code == "MessageRejected" and "not verified" in str(error)


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
