"""Shared by the pages behind a mail's links: reading the token, and the pages that report an error."""

from typing import Any

from handlers.http import BadRequest, Request, page, read_request
from handlers.wiring import Wiring
from leads.tokens import ExpiredToken, InvalidToken


class Unreadable(Exception):
    """The link cannot be used; `answer` is the page that says so."""

    def __init__(self, answer: dict[str, Any]):
        super().__init__("the link cannot be used")
        self.answer = answer


def message(
    wiring: Wiring, status: int, heading: str, text: str, link: tuple[str, str] = ("/", "To the home page")
) -> dict[str, Any]:
    """A page with a heading, a sentence and one link (address, label)."""
    values = {"heading": heading, "text": text, "link_href": link[0], "link_label": link[1]}
    return page(wiring.funnels.service_page("message"), values, status)


def nothing_stored(wiring: Wiring, status: int = 410) -> dict[str, Any]:
    """The page that every link of an old mail shows after an erasure."""
    text = (
        "No mails are sent to you, and this link has nothing left to do. "
        "A mark stays, without your address, so that no list brings you back."
    )
    return message(wiring, status, "What we had stored about you is erased", text)


def invalid_link(wiring: Wiring) -> dict[str, Any]:
    """The page that a link shows if it is not one of ours, or incomplete."""
    text = "It may have been cut in two by the mail program: copy the whole link into the address bar."
    return message(wiring, 400, "This link is not complete", text)


def read_link(event: dict[str, Any], wiring: Wiring, purpose: str) -> tuple[Request, str, list[Any]]:
    """The request, its token and the token's payload. Raises Unreadable if one of them is not valid.

    The token is the parameter `t`: in the link's query, or in the form that a page's button posts.
    """
    from leads.link_types import (
        lifetime_of,  # here, so that capture, which reads no link, does not load the tables
    )

    try:
        request = read_request(event)
        token = request.query.get("t") or (request.form().get("t", [""])[0] if request.body else "")
        return request, token, wiring.signer.read(purpose, token, wiring.now(), lifetime_of(purpose))
    except BadRequest as error:
        raise Unreadable(
            message(wiring, error.status, "This page could not be read", error.message)
        ) from error
    except InvalidToken as error:
        raise Unreadable(invalid_link(wiring)) from error
    except ExpiredToken as error:
        raise Unreadable(_expired(wiring, purpose, error.payload)) from error


def _expired(wiring: Wiring, purpose: str, payload: list[Any]) -> dict[str, Any]:
    if purpose == "data":
        text = (
            "It opened all that is stored about you, so it worked for one day only. A new one comes by mail: follow "
            "“Less mail, or your data” at the foot of any mail that you have from us."
        )
        return message(wiring, 410, "This link has expired", text)
    funnel = wiring.funnels.funnel(payload[1])
    link = (funnel.url, funnel.title) if funnel else ("/", "To the home page")
    text = "Links in mails work for a limited time. Ask again on the page below and a new one is on its way."
    return message(wiring, 410, "This link has expired", text, link)
