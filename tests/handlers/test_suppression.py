"""The custom resource that switches the account's suppression list on, whatever SES makes of it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from handlers import suppression
from handlers.wiring import wire
from tests.world import ENVIRONMENT, START, ClientError

REASONS = ["BOUNCE", "COMPLAINT"]


class _Ses:
    """Refuses as often as it is told, then does as asked."""

    def __init__(self, *refusals: Exception):
        self.refusals = list(refusals)
        self.asked: list[dict] = []

    def put_account_suppression_attributes(self, **request: Any) -> dict:
        self.asked.append(request)
        if self.refusals:
            raise self.refusals.pop(0)
        return {}


class Deployment:
    """CloudFormation's side of it: what it asks, what it is told."""

    def __init__(self, *refusals: Exception):
        self.ses = _Ses(*refusals)
        self.slept: list[float] = []
        self.told: list[tuple[str, dict]] = []
        self.wiring = wire(
            ENVIRONMENT, SimpleNamespace(sesv2=self.ses), lambda: START, sleep=self.slept.append
        )

    def ask(self, type: str, **more: Any) -> dict:
        suppression.respond(
            request(type, "https://bucket.example/answer?signed", **more),
            self.wiring,
            lambda url, body: self.told.append((url, json.loads(body))),
        )
        ((url, told),) = self.told
        assert url == "https://bucket.example/answer?signed"
        return told


def request(type: str, url: str, **more: Any) -> dict:
    return {
        "RequestType": type,
        "RequestId": "request-1",
        "StackId": "arn:stack",
        "LogicalResourceId": "AccountSuppression",
        "ResponseURL": url,
        "ResourceProperties": {"ServiceToken": "arn:function", "Reasons": REASONS},
        **more,
    }


@pytest.mark.parametrize("type", ["Create", "Update"])
def test_with_the_stack_ses_suppresses_whoever_bounced_or_complained(type):
    deployment = Deployment()
    told = deployment.ask(type)
    assert deployment.ses.asked == [{"SuppressedReasons": REASONS}]
    assert (told["Status"], told["Data"]) == ("SUCCESS", {"Outcome": "on"})
    assert (told["StackId"], told["RequestId"]) == ("arn:stack", "request-1")
    assert told["LogicalResourceId"] == "AccountSuppression"


def test_without_the_stack_it_stays_on_for_whoever_else_relies_on_it():
    deployment = Deployment()
    told = deployment.ask("Delete", PhysicalResourceId="account-suppression")
    assert deployment.ses.asked == []
    assert (told["Status"], told["PhysicalResourceId"]) == ("SUCCESS", "account-suppression")


def test_a_role_that_is_not_known_everywhere_yet_is_tried_again():
    deployment = Deployment(*[ClientError("AccessDeniedException", 403)] * 4)
    assert deployment.ask("Create")["Data"] == {"Outcome": "on"}
    assert deployment.slept == [3.0] * 4


@pytest.mark.parametrize(
    ("refusals", "asked"),
    [
        ([ClientError("AccessDeniedException", 403)] * 9, 5),
        ([ClientError("BadRequestException", 400)], 1),
        ([ConnectionError("no way to SES")], 1),
    ],
)
def test_what_ses_refuses_does_not_stop_the_deployment_and_is_told(refusals, asked):
    deployment = Deployment(*refusals)
    told = deployment.ask("Create")
    assert told["Status"] == "SUCCESS"
    assert told["Reason"].startswith("not switched on: ")
    assert len(deployment.ses.asked) == asked


def test_the_answer_is_put_to_the_address_without_a_content_type():
    """The address is presigned for a request without one: S3 refuses any other."""
    seen = []

    class Bucket(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.append((self.path, self.headers.get("content-type"), json.loads(body)["Status"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Bucket) as server:
        threading.Thread(target=server.handle_request).start()
        url = f"http://127.0.0.1:{server.server_port}/answer?signed=yes"
        suppression.respond(request("Create", url), Deployment().wiring)
    assert seen == [("/answer?signed=yes", "", "SUCCESS")]
