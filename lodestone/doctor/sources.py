"""Whom the doctor asks: AWS, the names in DNS, the site over HTTP, and the clock. All of them can be stood in for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lodestone.stack.outputs import StackOutputs


class CannotLook(Exception):
    """A fact that cannot be had from here; with what it would take."""

    def __init__(self, reason: str, remedy: str):
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL answered. `status` is 0 where nothing did, and `body` then says why."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A TLS certificate as a browser meets it. `fault` says why it is not trusted, and `ends` is None then."""

    host: str
    ends: datetime | None
    fault: str = ""


class Names(Protocol):
    """DNS. Both raise CannotLook where no server answered; a name that does not exist has no records."""

    def texts(self, name: str) -> list[str]:
        """The TXT records, each with its strings joined."""

    def alias(self, name: str) -> str:
        """Where a CNAME points, without the last dot; "" where there is none."""


class Web(Protocol):
    """HTTP, as a visitor's browser sees it."""

    def get(self, url: str) -> Answer:
        """One GET; redirects are followed."""

    def certificate(self, host: str) -> Certificate:
        """The certificate of a host. Raises CannotLook where nothing answers there."""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What site.yaml and magnets/ say that AWS has to match."""

    base_url: str
    sender: str  # an e-mail address
    magnets: tuple[str, ...]  # slugs

    @property
    def sender_domain(self) -> str:
        return self.sender.rpartition("@")[2].lower()


@dataclass(frozen=True)
class Sources:
    """Everything an examination asks. `ask(service, operation, **arguments)` is one AWS call (boto3's names); it
    raises `AwsError` where AWS does not answer. `emulated` means that something else stands in for AWS."""

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
    """A stack output that a check cannot do without."""
    if not value:
        raise CannotLook(
            f"the stack has no output `{name}`", "deploy the current template.yaml with `make deploy`"
        )
    return value
