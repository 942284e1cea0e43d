"""A store, a clock that stands still until it is moved, and the whole stack of the real template in this process."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from lodestone.data_directory.clock import Clock
from lodestone.data_directory.store import Store, open_store
from lodestone.local.faults import Faults
from lodestone.local.messages import Messages

ROOT = Path(__file__).resolve().parents[2]
Result = TypeVar("Result")
START = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


class StoppedTime:
    """The machine's own time, for the tests to set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def time() -> StoppedTime:
    return StoppedTime()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock(store: Store, time: StoppedTime) -> Clock:
    return Clock(store, time)


@pytest.fixture
def messages(store: Store, clock: Clock) -> Messages:
    return Messages(store, clock.now)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def faults(clock: Clock, said: list[str]) -> Faults:
    return Faults(clock.now, said.append)


def ask(app, method: str, url: str, **request) -> httpx.Response:
    """One request to an ASGI application, from this machine; redirects are not followed."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, url, **request)

    return complete(send())


def complete(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns. It runs in a thread of its own: an open browser keeps a loop in ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
