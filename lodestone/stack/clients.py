"""AWS clients that retry often, so that a long run does not fail when a service is busy for a moment."""

from functools import cached_property
from typing import Any

from botocore.config import Config

#: How many calls run at once. More gain little: S3 and DynamoDB answer in milliseconds, so the network is the limit.
WORKERS = 8

_PATIENT = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 8},
    max_pool_connections=WORKERS,
)
# Each upload carries its MD5, which S3 checks. botocore's trailing checksums are off, because emulators refuse them.
_S3 = _PATIENT.merge(Config(request_checksum_calculation="when_required"))
_BY_PATH = _S3.merge(Config(s3={"addressing_style": "path"}))


class Clients:
    """Clients of one boto3 session, each made on first use."""

    def __init__(self, session: Any):
        self._session = session

    @cached_property
    def dynamodb(self) -> Any:
        return self._session.client("dynamodb", config=_PATIENT)

    @cached_property
    def cloudfront(self) -> Any:
        return self._session.client("cloudfront", config=_PATIENT)

    @cached_property
    def s3(self) -> Any:
        """The client of S3. A bucket is part of the host name at AWS, and of the path everywhere else (emulators)."""
        client = self._session.client("s3", config=_S3)
        at_aws = ".amazonaws.com" in client.meta.endpoint_url
        return client if at_aws else self._session.client("s3", config=_BY_PATH)
