"""Real boto3 clients whose calls are answered in process and never reach a network.

Because the client is the real one, a parameter that botocore would refuse is refused here too, and errors
come as the very classes (`client.exceptions.ConflictException`) that the functions catch on AWS. The calls are
cut off at botocore's `before-call` event, where its own Stubber does it.
"""

import os
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from lodestone.local.template import REGION

Answer = Callable[[str, dict[str, Any]], dict[str, Any]]


class ServiceError(Exception):
    """A stand-in's refusal, with the service's own error code; the caller sees botocore's ClientError."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code = code
        self.status = status


def local_client(service: str) -> Any:
    """A boto3 client with credentials that are nobody's: none are looked up on the machine or the network."""
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    core = Session()
    core.register_component("data_loader", _service_models())
    session = boto3.session.Session(
        botocore_session=core,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        aws_session_token="local",
        region_name=REGION,
    )
    # moto's endpoints know no account ids; a stand-in never has a passing fault that a retry would mend.
    config = Config(account_id_endpoint_mode="disabled", retries={"total_max_attempts": 1})
    # The stubs know a service by its literal name alone.
    return session.client(service, config=config)  # type: ignore[call-overload]


@cache
def _service_models() -> Any:
    """botocore's loader, which keeps what it has read: a client takes 12 ms with it, and 60 with a new one."""
    return Session().get_component("data_loader")


def answered_client(service: str, answer: Answer) -> Any:
    """A client whose calls `answer` takes: the operation (`SendMessage`) and its parameters, checked by botocore.

    What it returns is the call's result; a ServiceError or another client's ClientError is the caller's error.
    """
    client = local_client(service)

    def keep(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["local parameters"] = params

    def respond(model: Any, context: dict[str, Any], **_: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        parsed, status = _answered(answer, model.name, context["local parameters"])
        parsed["ResponseMetadata"] = {"HTTPStatusCode": status, "RequestId": "local", "RetryAttempts": 0}
        return SimpleNamespace(status_code=status), parsed

    client.meta.events.register_last("before-parameter-build", keep)
    client.meta.events.register_first("before-call", respond)
    return client


def _answered(answer: Answer, operation: str, call: dict[str, Any]) -> tuple[dict[str, Any], int]:
    try:
        return dict(answer(operation, call)), 200
    except ServiceError as refusal:
        return {"Error": {"Code": refusal.code, "Message": str(refusal)}}, refusal.status
    except ClientError as error:
        return dict(error.response), error.response["ResponseMetadata"]["HTTPStatusCode"]


def one_of(answers: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]) -> Answer:
    """An Answer that has one function for each operation it knows."""

    def answer(operation: str, call: dict[str, Any]) -> dict[str, Any]:
        if operation not in answers:
            raise ServiceError("NotImplemented", f"the local stack does not answer {operation}", 501)
        return answers[operation](call)

    return answer
