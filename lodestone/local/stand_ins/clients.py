"""Real boto3 clients whose calls are answered in process and never reach a network.

Because the client is the real one, a parameter that botocore would refuse is refused here too, and errors
come as the very classes (`client.exceptions.ConflictException`) that the functions catch on AWS. The calls are
cut off at botocore's `before-call` event, where its own Stubber does it.
"""

import os
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.config import Config

from lodestone.local.template import REGION

Answer = Callable[[dict[str, Any]], dict[str, Any]]


class Refused(Exception):
    """A stand-in's refusal, with the service's own error code; the caller sees botocore's ClientError."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code = code
        self.status = status


def local_client(service: str) -> Any:
    """A boto3 client with credentials that are nobody's: none are looked up on the machine or the network."""
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    session = boto3.session.Session(
        aws_access_key_id="local", aws_secret_access_key="local", aws_session_token="local", region_name=REGION
    )
    # moto's endpoints know no account ids; a stand-in never has a passing fault that a retry would mend.
    config = Config(account_id_endpoint_mode="disabled", retries={"total_max_attempts": 1})
    return session.client(service, config=config)


def answered_client(service: str, answers: Mapping[str, Answer]) -> Any:
    """A client whose operations (`SendMessage`) are answered by these functions of the call's parameters."""
    client = local_client(service)

    def keep(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["local parameters"] = params

    def answer(model: Any, context: dict[str, Any], **_: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        try:
            if model.name not in answers:
                raise Refused("NotImplemented", f"the local stack does not answer {service}:{model.name}", 501)
            parsed, status = answers[model.name](context["local parameters"]), 200
        except Refused as refusal:
            parsed, status = {"Error": {"Code": refusal.code, "Message": str(refusal)}}, refusal.status
        parsed["ResponseMetadata"] = {"HTTPStatusCode": status, "RequestId": "local", "RetryAttempts": 0}
        return SimpleNamespace(status_code=status), parsed

    client.meta.events.register_last("before-parameter-build", keep)
    client.meta.events.register_first("before-call", answer)
    return client
