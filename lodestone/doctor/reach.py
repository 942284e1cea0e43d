"""The clients of AWS, DNS and the web that `Sources` uses outside of tests."""

import socket
import ssl
import urllib.error
import urllib.request
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from lodestone.doctor.sources import Answer, CannotLook, Certificate
from lodestone.stack.errors import told_plainly

#: IAM's name of each service that boto3 names differently.
IAM_NAMES = {"sesv2": "ses", "service-quotas": "servicequotas"}

#: Seconds. Every service that the doctor asks answers sooner, unless it is broken.
_TIMEOUT = 8.0


class Aws:
    """AWS calls by their boto3 names, from several threads at once.

    A repeated call is answered from memory: checks share facts, and SES answers some calls only once a second.
    """

    def __init__(self, session: Any):
        self._session = session
        self._making_client = (
            Lock()
        )  # a session may be used by one thread at a time, its clients by any number
        self._clients: dict[str, Any] = {}
        self._answers: dict[str, dict[str, Any]] = {}

    def ask(self, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        """Make one call. Raises AwsError if AWS refuses it."""
        call = f"{service} {operation} {arguments}"
        if call not in self._answers:
            with told_plainly(IAM_NAMES.get(service, service)):
                self._answers[call] = getattr(self._client(service), operation)(**arguments)
        return self._answers[call]

    @property
    def emulated(self) -> bool:
        """Whether AWS_ENDPOINT_URL or the profile names an endpoint that is not AWS's."""
        with told_plainly():
            host = self._client("sts").meta.endpoint_url
        return "amazonaws." not in host

    def _client(self, service: str) -> Any:
        from botocore.config import Config

        config = Config(
            connect_timeout=_TIMEOUT,
            read_timeout=_TIMEOUT,
            retries={"mode": "standard", "total_max_attempts": 3},
        )
        with self._making_client:
            if service not in self._clients:
                self._clients[service] = self._session.client(service, config=config)
            return self._clients[service]


class Dns:
    """DNS by dnspython, with this machine's resolver unless another is given."""

    def __init__(self, resolver: Any = None):
        self._resolver = resolver

    def texts(self, name: str) -> list[str]:
        return [b"".join(each.strings).decode("utf-8", "replace") for each in self._records(name, "TXT")]

    def alias(self, name: str) -> str:
        return next((each.target.to_text(omit_final_dot=True) for each in self._records(name, "CNAME")), "")

    @lru_cache(maxsize=200)  # noqa: B019  one Dns lives for one command
    def _records(self, name: str, kind: str) -> list[Any]:
        from dns import exception, resolver

        try:
            asked = self._resolver or resolver.get_default_resolver()
            return list(asked.resolve(name, kind, lifetime=_TIMEOUT, search=False))
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            return []
        except (exception.DNSException, OSError) as failed:
            reason = f"DNS did not answer for {name} ({type(failed).__name__})"
            raise CannotLook(reason, "try again from a machine whose network resolves names") from failed


class Https:
    """HTTP and TLS requests to the site, with the certificates that this machine trusts."""

    def get(self, url: str) -> Answer:
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as response:  # noqa: S310  https, or a test's http
                return Answer(response.status, response.read(10_000).decode("utf-8", "replace"))
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.read(10_000).decode("utf-8", "replace"))
        except (OSError, ValueError) as failed:
            return Answer(0, str(getattr(failed, "reason", failed)))

    def certificate(self, host: str) -> Certificate:
        context = ssl.create_default_context()
        try:
            with (
                socket.create_connection((host, 443), timeout=_TIMEOUT) as plain,
                context.wrap_socket(plain, server_hostname=host) as secured,
            ):
                shown = secured.getpeercert() or {}  # the default context verifies: there is one
                ends = str(shown["notAfter"])
        except ssl.SSLError as distrusted:
            return Certificate(host, None, getattr(distrusted, "verify_message", "") or str(distrusted))
        except OSError as failed:
            reason = f"{host} does not answer ({failed})"
            raise CannotLook(reason, "mend that first: see the site's health") from failed
        return Certificate(host, datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC))
