"""Requests as HTTP API hands them to a function, and a function's answers as responses."""

import base64

import pytest
from starlette.applications import Starlette
from starlette.routing import Route as Path

from lodestone.local.http_api import LARGEST_BODY, HttpApi
from lodestone.local.stack import Route
from tests.local.conftest import START, ask

ROUTES = [
    Route("POST /api/leads/{magnet}", "capture"),
    Route("GET /api/leads/export", "export"),
    Route("GET /api/{rest+}", "rest"),
    Route("GET /api/leads/{magnet}", "show"),
    Route("ANY /hooks", "hooks"),
]


class FakeFunctions:
    """Keeps what it was invoked with and answers what it is told to."""

    def __init__(self) -> None:
        self.name, self.event = "", {}
        self.answer = {"statusCode": 200, "body": "fine"}

    def invoke(self, name, event):
        self.name, self.event = name, event
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def functions() -> FakeFunctions:
    return FakeFunctions()


@pytest.fixture
def app(functions, faults):
    api = HttpApi(ROUTES, functions, faults, lambda: START)
    methods = ["GET", "HEAD", "POST", "PUT", "OPTIONS"]
    return Starlette(routes=[Path("/{path:path}", api.answer, methods=methods)])


def test_a_form_post_arrives_in_base64_with_its_path_query_and_cookies(app, functions):
    ask(
        app,
        "POST",
        "/api/leads/pricing%20guide?utm_source=a&utm_source=b&empty=",
        content="email=a%40b.example&x=1",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "test",
            "Cookie": "a=1; b=2",
        },
    )
    event = functions.event
    assert functions.name == "capture"
    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /api/leads/{magnet}"
    assert event["pathParameters"] == {"magnet": "pricing guide"}
    assert event["rawQueryString"] == "utm_source=a&utm_source=b&empty="
    assert event["queryStringParameters"] == {"utm_source": "a,b", "empty": ""}
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"email=a%40b.example&x=1"
    assert event["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert "cookie" not in event["headers"]
    http = event["requestContext"]["http"]
    assert (http["method"], http["sourceIp"], http["userAgent"]) == ("POST", "127.0.0.1", "test")
    assert event["requestContext"]["timeEpoch"] == START.timestamp() * 1000


def test_json_arrives_as_text(app, functions):
    ask(app, "POST", "/api/leads/x", json={"name": "é"})
    assert functions.event["isBase64Encoded"] is False
    assert functions.event["body"] == '{"name":"é"}'


def test_a_request_without_body_or_query_has_no_keys_for_them(app, functions):
    ask(app, "GET", "/api/leads/x")
    assert not {"body", "queryStringParameters", "cookies"} & functions.event.keys()


@pytest.mark.parametrize(
    ("method", "path", "function"),
    [
        ("GET", "/api/leads/x", "show"),
        ("GET", "/api/leads/export", "export"),
        ("GET", "/api/a/b/c", "rest"),
        ("PUT", "/hooks", "hooks"),
    ],
)
def test_the_most_definite_route_wins(app, functions, method, path, function):
    assert ask(app, method, path).status_code == 200
    assert functions.name == function


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", "/api/leads/x"),
        ("OPTIONS", "/api/leads/x"),
        ("PUT", "/api/leads/x"),
        ("POST", "/api/leads/x/y"),
    ],
)
def test_what_no_route_declares_is_not_found_as_on_http_api(app, functions, method, path):
    assert ask(app, method, path).status_code == 404
    assert functions.name == ""


def test_a_body_over_the_limit_is_refused_before_the_function_sees_it(app, functions):
    assert ask(app, "POST", "/api/leads/x", content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    assert functions.name == ""


def test_an_answer_becomes_the_response(app, functions):
    functions.answer = {
        "statusCode": 303,
        "headers": {"Location": "/thanks/", "X-Robots-Tag": "noindex"},
        "cookies": ["a=1; Path=/", "b=2"],
        "body": "",
    }
    response = ask(app, "GET", "/api/leads/x")
    assert (response.status_code, response.headers["location"]) == (303, "/thanks/")
    assert response.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2"]


def test_a_body_in_base64_is_decoded(app, functions):
    functions.answer = {
        "statusCode": 200,
        "isBase64Encoded": True,
        "body": base64.b64encode(b"\x00\xff").decode(),
    }
    assert ask(app, "GET", "/api/leads/x").content == b"\x00\xff"


def test_an_answer_without_a_status_is_json(app, functions):
    functions.answer = {"ok": True}
    response = ask(app, "GET", "/api/leads/x")
    assert (response.status_code, response.json()) == (200, {"ok": True})


def test_a_function_that_raises_is_a_500_and_a_fault(app, functions, faults, said):
    functions.answer = RuntimeError("broken")
    response = ask(app, "GET", "/api/leads/x")
    assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})
    assert faults.latest()[0].message == "RuntimeError: broken"
    assert "Traceback" in said[0]


def test_only_paths_beneath_a_route_s_first_part_belong_to_the_api(functions, faults):
    api = HttpApi(ROUTES, functions, faults, lambda: START)
    assert all(api.serves(path) for path in ("/api/x", "/api", "/hooks"))
    assert not any(api.serves(path) for path in ("/apiary/", "/"))
