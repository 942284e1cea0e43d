"""botocore clients as the functions need them: made on first use, with time-outs that fit a Lambda.

botocore and not boto3: boto3 adds resources that we do not use, and 15 ms to each cold start.
"""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.session import Session

_PATIENT = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
# SendEmail has no idempotency token: a retry by the SDK can send a mail twice. The ledger decides instead.
_ONCE = Config(connect_timeout=2, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 1})
# By default botocore presigns with signature version 2 in us-east-1, which S3 refuses for buckets made since
# June 2020. Elsewhere it names the global host, which redirects for a new bucket and so breaks the link.
_PRESIGNING = _PATIENT.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


class Clients:
    """One client for each service, under the name that boto3 has for it."""

    @cached_property
    def dynamodb(self) -> Any:
        return self._client("dynamodb")

    @cached_property
    def sqs(self) -> Any:
        return self._client("sqs")

    @cached_property
    def scheduler(self) -> Any:
        return self._client("scheduler")

    @cached_property
    def s3(self) -> Any:
        return self._client("s3", _PRESIGNING)

    @cached_property
    def sesv2(self) -> Any:
        return self._client("sesv2", _ONCE)

    @cached_property
    def _session(self) -> Session:
        return Session()

    def _client(self, service: str, config: Config = _PATIENT) -> Any:
        return self._session.create_client(service, config=config)
