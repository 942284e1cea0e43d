"""What stands in front on AWS: security headers on every answer, and here the rule that nothing is cached."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lodestone.local.stand_ins.files import FILES_PATH

#: For a template that defines no edge of its own.
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}

#: Right on AWS, wrong on a machine without TLS: the browser would turn every link into https.
_ONLY_WITH_TLS = "upgrade-insecure-requests"


class Edge:
    """Adds the headers that the edge adds; an answer that brings its own keeps it."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]):
        self._app = app
        self._headers = _HEADERS | {
            name: value.replace(_ONLY_WITH_TLS, "").rstrip("; ")
            for name, value in headers.items()
            if name != "strict-transport-security"
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        # Presigned links lead past the edge, to the private bucket: a gated book keeps its own inline style.
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
