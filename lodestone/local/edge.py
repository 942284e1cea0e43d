"""The edge (CloudFront on AWS): adds security headers to every response and, here, forbids caching."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lodestone.local.stand_ins.files import FILES_PATH

#: The headers if the template defines no edge.
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}

#: Removed here: without TLS, the browser would turn every link into an https one that nothing answers.
_ONLY_WITH_TLS = "upgrade-insecure-requests"


class Edge:
    """Adds the edge's headers to each response, except those that the response has already."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]):
        self._app = app
        self._headers = _HEADERS | {
            name: value.replace(_ONLY_WITH_TLS, "").rstrip("; ")
            for name, value in headers.items()
            if name != "strict-transport-security"
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an ASGI request."""

        # Presigned links bypass the edge (they lead to the private bucket), so a gated book may have inline styles.
        if scope["type"] != "http" or scope["path"].startswith(FILES_PATH):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
