"""What the doctor asks: AWS, DNS, the site over HTTP, and the clock. Tests replace each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lodestone.stack.outputs import StackOutputs


class CannotLook(Exception):
    """A fact cannot be read from here; `remedy` says what would make it possible."""

    def __init__(self, reason: str, remedy: str):
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL answered. If nothing answered, `status` is 0 and `body` says why."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A TLS certificate as a browser sees it. If it is not trusted, `fault` says why and `ends` is None."""

    host: str
    ends: datetime | None
    fault: str = ""


class Names(Protocol):
    """DNS. Each method raises CannotLook if no server answers; a name that does not exist has no records."""

    def texts(self, name: str) -> list[str]:
        """Return the TXT records, each with its strings joined."""

    def alias(self, name: str) -> str:
        """Return the target of a CNAME, without the final dot; "" if there is none."""


class Web(Protocol):
    """HTTP, as a visitor's browser sees it."""

    def get(self, url: str) -> Answer:
        """Send a GET request and follow redirects."""

    def certificate(self, host: str) -> Certificate:
        """Return the certificate of a host. Raises CannotLook if nothing answers there."""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What site.yaml and magnets/ say, to be compared with AWS."""

    base_url: str
    sender: str  # an e-mail address
    magnets: tuple[str, ...]  # slugs

    @property
    def sender_domain(self) -> str:
        return self.sender.rpartition("@")[2].lower()


@dataclass(frozen=True)
class Sources:
    """Everything that checks ask. `ask(service, operation, **arguments)` makes one AWS call, by boto3's names.

    It raises AwsError if AWS refuses the call. `emulated`: an emulator answers in place of AWS.
    """

    stack: StackOutputs
    site: SiteFacts
    ask: Callable[..., dict[str, Any]]
    names: Names
    web: Web
    now: Callable[[], datetime]
    emulated: bool = False

    @property
    def identity(self) -> str:
        """The SES identity that the functions may send with: the template's parameter."""
        return self.stack.parameters.get("SenderIdentity", "") or self.site.sender_domain


def output(value: str, name: str) -> str:
    """Return a stack output that a check needs. Raises CannotLook if the stack does not have it."""
    if not value:
        raise CannotLook(
            f"the stack has no output `{name}`", "deploy the current template.yaml with `make deploy`"
        )
    return value
