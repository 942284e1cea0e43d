"""Only what comes through the CDN is answered: it sends a secret that nobody else knows."""

from dataclasses import dataclass

import pytest

from handlers.entry import on_lambda
from handlers.origin import HEADER, came_through_edge
from tests.world import ENVIRONMENT, http

# The functions here count nothing.
pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


@dataclass
class Context:
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "request-1"


def answer(monkeypatch: pytest.MonkeyPatch, secret: str, headers: dict) -> dict:
    """What a function with this ORIGIN_SECRET answers; it says `ok` where it is asked at all."""
    for name, value in (ENVIRONMENT | {"ORIGIN_SECRET": secret}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_LAMBDA_RUNTIME_API", raising=False)
    handler = on_lambda(lambda event, wiring: {"statusCode": 200, "body": "ok"})
    return handler(http("GET", headers={"host": "api", **headers}), Context())


def test_the_cdn_gets_an_answer(monkeypatch):
    assert answer(monkeypatch, "hush", {HEADER: "hush"})["body"] == "ok"


@pytest.mark.parametrize("sent", ["", "hus", "hush2", "HUSH", ",", "h\u00fcsh", "\ud800"])
def test_whoever_does_not_know_the_secret_is_told_nothing(monkeypatch, sent):
    found = answer(monkeypatch, "hush", {HEADER: sent})
    assert found["statusCode"] == 403
    assert found["body"] == ""


def test_a_request_without_the_header_or_any_header_is_refused(monkeypatch):
    assert answer(monkeypatch, "hush", {})["statusCode"] == 403
    assert not came_through_edge({"requestContext": {}, "headers": None}, ("hush",))


def test_what_a_queue_or_a_stream_brings_is_no_request():
    assert came_through_edge({"Records": []}, ("hush",))


def test_without_an_edge_everybody_is_answered(monkeypatch):
    assert answer(monkeypatch, "", {})["body"] == "ok"


@pytest.mark.parametrize(
    ("known", "sent"),
    [
        ("old", "old,new"),  # the CDN learned the new secret first
        ("old,new", "old"),  # the functions did
        ("new", "old,new"),  # the old one is dropped, by the functions first
        ("old,new", "new"),
    ],
)
def test_a_rotation_turns_nobody_away_whoever_is_first(monkeypatch, known, sent):
    assert answer(monkeypatch, known, {HEADER: sent})["statusCode"] == 200
