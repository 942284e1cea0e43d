"""API Gateway's HTTP API: requests become events of payload format 2.0, a function's answer becomes a response.

Only declared routes exist, so that a request that works here works on AWS. A request that matches none gets a 404, also
if only its method differs. HEAD and OPTIONS are no exception: HTTP API does not turn HEAD into GET, and answers
preflights only if CORS is configured.
"""

import base64
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lodestone.local.faults import Faults
from lodestone.local.functions import Functions
from lodestone.local.stack import Route
from lodestone.local.template import ACCOUNT

LARGEST_BODY = 10 * 1024 * 1024  # bytes; HTTP API's limit
_TEXT = re.compile(r"text/|application/(json|javascript|xml|[\w.-]+\+(json|xml))\b")

#: HTTP API prefers a literal piece of a path to `{name}`, and `{name}` to `{rest+}`.
_LITERAL, _NAMED, _GREEDY = range(3)


@dataclass(frozen=True)
class _Pattern:
    route: Route
    method: str
    path: re.Pattern[str]
    rank: tuple[int, ...]


class HttpApi:
    """The template's routes. `answer` takes every request whose path `serves` accepts."""

    def __init__(
        self, routes: Iterable[Route], functions: Functions, faults: Faults, now: Callable[[], datetime]
    ):
        self._patterns = sorted((_compile(route) for route in routes), key=lambda pattern: pattern.rank)
        self._roots = {pattern.route.key.split()[-1].split("/")[1] for pattern in self._patterns}
        self._functions = functions
        self._faults = faults
        self._now = now

    def serves(self, path: str) -> bool:
        """Whether the edge sends this path to the API rather than to the site."""
        return path.strip("/").partition("/")[0] in self._roots

    async def answer(self, request: Request) -> Response:
        """Answer a request by the function of its route."""
        found = self._find(request.method, request.scope["path"])
        if found is None:
            return JSONResponse({"message": "Not Found"}, 404)
        body = await _read(request)
        if body is None:
            return JSONResponse({"message": "Request Entity Too Large"}, 413)
        route, parameters = found
        event = http_event(request, body, route, parameters, self._now())
        try:
            answer = await run_in_threadpool(self._functions.invoke, route.function, event)
            return to_response(answer)
        except Exception as error:
            self._faults.record_error(route.function, error)
            return JSONResponse({"message": "Internal Server Error"}, 500)

    def _find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        for pattern in self._patterns:
            match = pattern.path.fullmatch(path)
            if match and pattern.method in (method, "ANY"):
                return pattern.route, match.groupdict()
        return None


def _compile(route: Route) -> _Pattern:
    method, _, path = route.key.rpartition(" ")
    pieces, rank = [], []
    for piece in path.strip("/").split("/"):
        name = re.fullmatch(r"\{(\w+)(\+?)\}", piece)
        pieces.append(f"(?P<{name[1]}>{'.+' if name[2] else '[^/]+'})" if name else re.escape(piece))
        rank.append(_LITERAL if not name else _GREEDY if name[2] else _NAMED)
    return _Pattern(route, method or "ANY", re.compile("/" + "/".join(pieces)), tuple(rank))


async def _read(request: Request) -> bytes | None:
    """Return the body; None if it is larger than `LARGEST_BODY`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def http_event(
    request: Request, body: bytes, route: Route, parameters: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Return the event for a request. A body that is not text, also that of a form, is encoded in base64."""
    headers = _joined(request.headers.items())
    cookies = [each.strip() for each in headers.pop("cookie", "").split(";") if each.strip()]
    client = request.client.host if request.client else "127.0.0.1"
    headers |= {"x-forwarded-for": client, "x-forwarded-proto": request.url.scheme}
    query = request.url.query
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": request.scope["path"],
        "rawQueryString": query,
        "headers": headers,
        "requestContext": _context(request, headers, route, client, now),
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    if query:
        event["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
    if parameters:
        event["pathParameters"] = dict(parameters)
    if body:
        as_text = _TEXT.match(headers.get("content-type", ""))
        event["isBase64Encoded"] = not as_text
        event["body"] = body.decode("utf-8", "replace") if as_text else base64.b64encode(body).decode()
    return event


def _context(
    request: Request, headers: Mapping[str, str], route: Route, client: str, now: datetime
) -> dict[str, Any]:
    return {
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": headers.get("host", ""),
        "domainPrefix": "local",
        "http": {
            "method": request.method,
            "path": request.scope["path"],
            "protocol": f"HTTP/{request.scope.get('http_version', '1.1')}",
            "sourceIp": client,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": str(uuid.uuid4()),
        "routeKey": route.key,
        "stage": "$default",
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the pairs as a mapping. Values of the same name are joined by commas, as HTTP API does."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def to_response(answer: Any) -> Response:
    """Return a function's answer as a response. Without `statusCode` the answer is the JSON body, with status 200."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return JSONResponse(answer)
    body = answer.get("body") or ""
    content = base64.b64decode(body) if answer.get("isBase64Encoded") else body
    headers = {name.lower(): str(value) for name, value in (answer.get("headers") or {}).items()}
    headers.setdefault("content-type", "text/plain;charset=UTF-8")
    response = Response(content, status_code=int(answer["statusCode"]), headers=headers)
    for cookie in answer.get("cookies", []):
        response.raw_headers.append((b"set-cookie", cookie.encode("latin-1")))
    return response
