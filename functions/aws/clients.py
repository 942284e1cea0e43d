"""boto3 clients as the functions need them: made on first use, with time-outs that fit a Lambda."""

from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

_PATIENT = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
# SendEmail has no idempotency token: a retry by the SDK can send a mail twice. The ledger decides instead.
_ONCE = Config(connect_timeout=2, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 1})


class Clients:
    """A client a service, named as boto3 names it."""

    @cached_property
    def dynamodb(self) -> Any:
        return boto3.client("dynamodb", config=_PATIENT)

    @cached_property
    def sqs(self) -> Any:
        return boto3.client("sqs", config=_PATIENT)

    @cached_property
    def scheduler(self) -> Any:
        return boto3.client("scheduler", config=_PATIENT)

    @cached_property
    def s3(self) -> Any:
        return boto3.client("s3", config=_PATIENT)

    @cached_property
    def sesv2(self) -> Any:
        return boto3.client("sesv2", config=_ONCE)
