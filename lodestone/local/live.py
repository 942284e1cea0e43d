"""Live reload: open pages hear of each rebuild, and of its problems, over server-sent events."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

#: Seconds of silence after which a comment is sent, so that a page that left is noticed.
_HEARTBEAT = 15


class _Page:
    """One open page: what it has yet to be told. Of each event only the latest counts."""

    def __init__(self) -> None:
        self.waiting: dict[str, str] = {}
        self.woken = asyncio.Event()


class Broadcast:
    """Tells every open page what happened. `boot` is this process's own name, so that a restart is noticed."""

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
        """The name of the build that is being served; a page made by another one reloads."""
        return f"{self._boot}.{self._builds}"

    @property
    def problems(self) -> str:
        """Why the last build failed, as the terminal shows it; "" when it did not."""
        return self._problems

    def built(self, problems: str) -> None:
        """A build ended: pages reload, or show its problems over what they have. From any thread."""
        self._problems = problems
        if not problems:
            self._builds += 1
        self._tell("build", self._state())

    def changed(self) -> None:
        """Something that the panel shows changed. From any thread."""
        self._tell("change", {})

    def close(self) -> None:
        """End every open stream: a server that waits for them would never stop. From the loop's own thread."""
        self._closed = True
        for page in self._pages:
            page.woken.set()

    async def listen(self) -> AsyncIterator[str]:
        """The events for one page, from the state it finds to the end."""
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
        """A page with the script that reloads it; an external one, so that the page's own policy allows it."""
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
