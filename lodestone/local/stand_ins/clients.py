"""Real boto3 clients whose calls are answered in process and never reach a network.

Because the client is real, botocore checks the parameters here too, and errors have the same classes
(`client.exceptions.ConflictException`) that the functions catch on AWS. The calls are intercepted at botocore's
`before-call` event, as its own Stubber does.
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
    """A stand-in refuses a call, with the service's error code; the caller gets botocore's ClientError."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code = code
        self.status = status


def local_client(service: str) -> Any:
    """Return a boto3 client with invented credentials, so that none are looked up on the machine or the network."""
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
    # moto's endpoints have no account ids. A stand-in has no transient faults, so retries are off.
    config = Config(account_id_endpoint_mode="disabled", retries={"total_max_attempts": 1})
    # The type stubs accept a service's name as a literal only.
    return session.client(service, config=config)  # type: ignore[call-overload]


@cache
def _service_models() -> Any:
    """Return botocore's loader, which keeps what it has read. With it a client takes 12 ms, with a new one 60."""
    return Session().get_component("data_loader")


def answered_client(service: str, answer: Answer) -> Any:
    """Return a client whose calls `answer` handles, given the operation (`SendMessage`) and its checked parameters.

    The call returns what `answer` returns. It raises ClientError if `answer` raises ServiceError or ClientError.
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
    """Return an Answer made of one function for each operation."""

    def answer(operation: str, call: dict[str, Any]) -> dict[str, Any]:
        if operation not in answers:
            raise ServiceError("NotImplemented", f"the local stack does not answer {operation}", 501)
        return answers[operation](call)

    return answer
