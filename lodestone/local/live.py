"""Live reload: server-sent events tell open pages of each build and of its problems."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

#: Seconds of silence after which a comment is sent, so that a closed page is noticed.
_HEARTBEAT = 15


class _Page:
    """An open page, with the events that are still to be sent to it: the latest of each type."""

    def __init__(self) -> None:
        self.waiting: dict[str, str] = {}
        self.woken = asyncio.Event()


class Broadcast:
    """Sends events to every open page. `boot` identifies this process, so that pages notice a restart."""

    def __init__(self, boot: str):
        self._boot = boot
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pages: set[_Page] = set()
        self._builds = 0
        self._problems = ""
        self._closed = False

    @property
    def build(self) -> str:
        """The id of the build that is served. A page of another build reloads."""
        return f"{self._boot}.{self._builds}"

    @property
    def problems(self) -> str:
        """Why the last build failed, as the terminal shows it; "" if it did not fail."""
        return self._problems

    def built(self, problems: str) -> None:
        """Tell pages that a build has ended: they reload, or show its problems. Any thread may call this."""
        self._problems = problems
        if not problems:
            self._builds += 1
        self._tell("build", self._state())

    def changed(self) -> None:
        """Tell pages that something in the panel has changed. Any thread may call this."""
        self._tell("change", {})

    def close(self) -> None:
        """End every open stream, so that the server need not wait for them. Only the loop's thread may call this."""
        self._closed = True
        for page in self._pages:
            page.woken.set()

    async def listen(self) -> AsyncIterator[str]:
        """Yield the events for one page, the current state first."""
        page = _Page()
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._pages.add(page)
        try:
            yield _message("build", self._state())
            while not self._closed:
                try:
                    await asyncio.wait_for(page.woken.wait(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                page.woken.clear()
                messages, page.waiting = page.waiting.values(), {}
                for message in messages:
                    yield message
        finally:
            self._pages.discard(page)

    def with_live_reload(self, html: bytes) -> bytes:
        """Add the script that reloads the page. The script is external, so that the page's policy allows it."""
        script = f'<script src="/_local/live.js" data-build="{self.build}" defer></script>'.encode()
        head, end, tail = html.rpartition(b"</body>")
        return head + script + end + tail if end else html + script

    def _state(self) -> dict[str, Any]:
        return {"build": self.build, "problems": self._problems}

    def _tell(self, event: str, content: dict[str, Any]) -> None:
        with self._lock:
            loop = self._loop
        if loop and not loop.is_closed():
            loop.call_soon_threadsafe(self._put, event, _message(event, content))

    def _put(self, event: str, message: str) -> None:
        for page in self._pages:
            page.waiting[event] = message
            page.woken.set()


def _message(event: str, content: dict[str, Any]) -> str:
    return f"event: {event}\ndata: {json.dumps(content)}\n\n"
