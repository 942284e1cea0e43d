"""What open pages are told, and when."""

import asyncio
import json

from lodestone.local.live import Broadcast
from tests.local.conftest import complete


def told(live: Broadcast, *happenings) -> list[tuple[str, dict]]:
    """What one page hears while these things happen, one after the other, and then the server stops."""

    async def run() -> list[str]:
        heard = []

        async def listen() -> None:
            async for message in live.listen():
                heard.append(message)

        page = asyncio.create_task(listen())
        await asyncio.sleep(0)
        for happening in happenings:
            await asyncio.to_thread(happening)
            await asyncio.sleep(0.01)
        live.close()
        await page
        return heard

    return [parse(message) for message in complete(run())]


def parse(message: str) -> tuple[str, dict]:
    event, data = message.strip().split("\n")
    return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_page_hears_of_the_state_it_finds_and_of_each_build():
    live = Broadcast("boot")
    heard = told(live, lambda: live.built(""), lambda: live.built("magnet.md:1:1: error"))
    assert heard == [
        ("build", {"build": "boot.0", "problems": ""}),
        ("build", {"build": "boot.1", "problems": ""}),
        ("build", {"build": "boot.1", "problems": "magnet.md:1:1: error"}),
    ]


def test_a_page_opened_over_a_broken_build_hears_of_its_problems():
    live = Broadcast("boot")
    live.built("magnet.md:1:1: error")
    assert told(live) == [("build", {"build": "boot.0", "problems": "magnet.md:1:1: error"})]


def test_many_changes_at_once_are_told_once():
    live = Broadcast("boot")

    def much_changes() -> None:
        for _ in range(100):
            live.changed()

    changes = [event for event, _ in told(live, much_changes) if event == "change"]
    assert 1 <= len(changes) < 100


def test_with_nobody_listening_nothing_is_kept():
    live = Broadcast("boot")
    live.changed()
    assert told(live) == [("build", {"build": "boot.0", "problems": ""})]


def test_the_script_is_put_before_the_end_of_the_page():
    live = Broadcast("boot")
    html = live.with_live_reload(b"<html><body><p>x</p></body></html>")
    assert html.startswith(b"<html><body><p>x</p><script ")
    assert html.endswith(b"</script></body></html>")
    assert live.with_live_reload(b"<p>a piece").startswith(b"<p>a piece<script ")
