"""Access to the panel: for programs on this machine, and for the panel's own pages.

Everything under `/_local/` shows leads or moves the clock, so a page of another site must not reach it through the
visitor's browser. The Host header shows a host name that another site points here (DNS rebinding). Origin and
Sec-Fetch-Site show a form or script of another site; a program that is no browser sends neither and is let in.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class LocalOnly:
    """Lets in requests from this machine and from the panel's pages; answers all others with 403 and the reason."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an ASGI request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = refuse(Request(scope))
        answer = PlainTextResponse(f"Forbidden: {refusal}\n", 403) if refusal else self._app
        await answer(scope, receive, send)


def refuse(request: Request) -> str:
    """Return why a request is not let in; "" if it is."""
    host = request.headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in _HOSTS:
        return f"the panel answers at 127.0.0.1 and localhost alone, not at `{host}`"
    if request.client and not _is_loopback(request.client.host):
        return "the panel answers this machine alone"
    if request.method in ("GET", "HEAD"):
        return ""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "sent by a page of another site"
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return "sent by a page of another site"
    return ""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
