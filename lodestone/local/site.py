"""The static site, served as the edge serves it: clean URLs, its own 404 page, right content types."""

from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response

from lodestone.local.live import Broadcast
from lodestone.media_types import media_type

#: Shown until a build succeeds; the live script shows the problems over it.
_NO_BUILD = (
    b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>No build yet</title></head>'
    b"<body><p>There is no good build yet. This page reloads by itself once there is one.</p></body></html>"
)


class StaticSite:
    """A folder of built pages. It may not exist yet, and a newer one may replace it between two requests."""

    def __init__(self, folder: Path, live: Broadcast):
        self._folder = folder
        self._live = live

    def answer(self, request: Request) -> Response:
        """Return the page or file of a path; redirect `/x` to `/x/` if that is a page."""
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405, {"allow": "GET, HEAD"})
        path = request.scope["path"]
        found = self._file(f"{path}index.html" if path.endswith("/") else path)
        if found:
            return self._respond(found, 200)
        if not path.endswith("/") and self._file(f"{path}/index.html"):
            # One slash at the start: two would make the first piece a host name.
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{quote(path.strip('/'))}/{query}", 301)
        missing = self._file("/404.html")
        return self._respond(missing, 404) if missing else self._page(_NO_BUILD, 503)

    def _file(self, path: str) -> Path | None:
        root = self._folder.resolve()
        try:
            found = (root / path.lstrip("/")).resolve()
            return found if found.is_relative_to(root) and found.is_file() else None
        except (OSError, ValueError):  # a name too long, a NUL
            return None

    def _respond(self, path: Path, status: int) -> Response:
        kind = media_type(path.name)
        if kind.startswith("text/html"):
            return self._page(path.read_bytes(), status)
        return FileResponse(path, status, media_type=kind)

    def _page(self, html: bytes, status: int) -> Response:
        return HTMLResponse(self._live.with_live_reload(html), status)
