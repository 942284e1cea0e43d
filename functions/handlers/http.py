"""Read HTTP API events (payload format 2.0) as requests, and make answers."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from leads import placeholders
from leads.sizes import LARGEST_BODY

#: A questionnaire of 150 questions with several answers each has as many.
_MOST_FIELDS = 1000


class BadRequest(Exception):
    """The request cannot be read. `status` is what to answer."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower-case, as HTTP API hands them over."""

    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def wants_json(self) -> bool:
        """Whether the answer is JSON: our script asks for that, a browser without the script for HTML."""
        return asks_for_json(self.headers)

    def form(self) -> dict[str, list[str]]:
        """The posted fields, from a form or from JSON. Raises BadRequest if the body is neither."""
        return _json_form(self.body) if _holds_json(self.headers) else _url_form(self.body)


def asks_for_json(headers: Mapping[str, str]) -> bool:
    """Whether the request asks for JSON, or sends JSON."""
    return "application/json" in headers.get("accept", "") or _holds_json(headers)


def _holds_json(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").split(";")[0].strip().lower() == "application/json"


def read_request(event: Mapping[str, Any]) -> Request:
    """The request in the event. Raises BadRequest if the body is too large or cannot be decoded."""
    raw = event.get("body") or ""
    if len(raw) > LARGEST_BODY * 4 // 3 + 4:
        raise BadRequest(413, "That is more than this form takes.")
    try:
        body = base64.b64decode(raw, validate=True) if event.get("isBase64Encoded") else raw.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadRequest(400, "The form did not arrive whole.") from error
    if len(body) > LARGEST_BODY:
        raise BadRequest(413, "That is more than this form takes.")
    query = parse_qs(event.get("rawQueryString", ""), keep_blank_values=True, errors="replace")
    return Request(
        method=event["requestContext"]["http"]["method"],
        path=event.get("pathParameters") or {},
        query={name: values[-1] for name, values in query.items()},
        headers=event.get("headers") or {},
        body=body,
    )


def _url_form(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadRequest(400, "The form did not arrive whole.") from error


def _json_form(body: bytes) -> dict[str, list[str]]:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, "The body is not JSON.") from error
    if not isinstance(raw, dict) or len(raw) > _MOST_FIELDS:
        raise BadRequest(400, "Send one JSON object with a key a field.")
    return {
        name: [_text(each) for each in _listed(value)]
        for name, value in raw.items()
        if value not in (None, [])
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, str | int | float):
        # JSON can spell half a surrogate pair, which no table and no answer can hold.
        return str(value).encode("utf-8", "replace").decode("utf-8")
    raise BadRequest(400, "A field holds text, a number, true or false, or a list of these.")


def page(parts: placeholders.Parts | None, values: Mapping[str, str], status: int = 200) -> dict[str, Any]:
    """An HTML answer: the compiled page, filled; plain text of the values if no page is published yet."""
    if parts is None:
        words = (each for each in values.values() if each and not isinstance(each, placeholders.Html))
        return _answer(status, "\n".join(words), "text/plain; charset=utf-8")
    return _answer(status, placeholders.fill(parts, values, html=True), "text/html; charset=utf-8")


def json_answer(status: int, body: Any) -> dict[str, Any]:
    """A JSON answer."""
    return _answer(status, json.dumps(body, ensure_ascii=False), "application/json")


def attachment(filename: str, body: Any) -> dict[str, Any]:
    """JSON that a browser saves as a file. `filename` is ASCII, without quotes."""
    answer = _answer(200, json.dumps(body, ensure_ascii=False, indent=2), "application/json")
    answer["headers"]["content-disposition"] = f'attachment; filename="{filename}"'
    return answer


def redirect(status: int, location: str) -> dict[str, Any]:
    """A redirect: 303 after a post (the browser gets a page), 302 to a file or a link's destination."""
    return {"statusCode": status, "headers": {"location": location, **_PRIVATE}, "body": ""}


def _answer(status: int, body: str, content_type: str) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": content_type, **_PRIVATE}, "body": body}


#: An answer is for one person, and a link's token must not leak, neither to other sites nor to our own log.
_PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
