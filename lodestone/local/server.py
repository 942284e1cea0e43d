"""The process of `serve`: take a port and the data directory, start everything, print the address, stop cleanly."""

import asyncio
import gc
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp

from lodestone.data_directory.store import ADDRESS, hold_directory
from lodestone.errors import CannotServe
from lodestone.local.live import Broadcast
from lodestone.local.template import TEMPLATE

if TYPE_CHECKING:
    from lodestone.local.publishing import LocalBuild

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
_PORTS_TRIED = 50


def run(root: Path, data: Path, port: int | None) -> int:
    """Serve until SIGINT or SIGTERM; the exit code."""
    # Until the server handles signals itself, SIGTERM ends the start as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with ExitStack() as held:
            held.enter_context(hold_directory(data))
            listener = held.enter_context(open_port(port))
            _serve(root.resolve(), data.resolve(), listener, port)
    except CannotServe as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # while it was still starting
        pass
    gc.freeze()  # spares the interpreter a last collection of a million objects: 0.8 s at Ctrl-C
    return 0


@contextmanager
def open_port(port: int | None) -> Iterator[socket.socket]:
    """Listen on `port` of 127.0.0.1, else on the first free port from 8000 on. Raises CannotServe if none is free."""
    tried = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED)
    reason: str | None = ""
    for each in tried:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, each))
            listener.listen(128)
        except OSError as error:
            listener.close()
            reason = error.strerror
            continue
        with listener:
            yield listener
        return
    which = (
        f"port {port} on {HOST} cannot be used"
        if port is not None
        else f"no port from {DEFAULT_PORT} on is free"
    )
    raise CannotServe(
        f"{which}: {reason}.\nStop what is using it, or choose another with --port (0: any free one)."
    )


def _serve(root: Path, data: Path, listener: socket.socket, asked: int | None) -> None:
    # Imported here, so that a taken port or a busy directory is reported at once.
    from handlers.wiring import wire
    from lodestone.local.app import make_app
    from lodestone.local.machine import run_machine
    from lodestone.local.publishing import LocalBuild

    port = listener.getsockname()[1]
    origin = f"http://{HOST}:{port}"
    live = Broadcast(boot=secrets.token_hex(4))

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)
        live.changed()

    with run_machine(TEMPLATE, data, origin, wire, say) as machine:
        machine.store.listen(live.changed)
        machine.store.keep_setting(ADDRESS, origin)
        build = LocalBuild(root, data / "dist", origin, machine, live, say)
        build.run()
        with _watching(build):
            print(_welcome(origin, port, asked), flush=True)
            _Server(make_app(machine, data / "dist" / "site", live), live).serve_on(listener)


@contextmanager
def _watching(build: "LocalBuild") -> Iterator[None]:
    stop = threading.Event()
    watcher = threading.Thread(target=build.watch, args=(stop,), name="watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(timeout=5)


def _welcome(origin: str, port: int, asked: int | None) -> str:
    moved = "" if asked is not None or port == DEFAULT_PORT else f" (port {DEFAULT_PORT} is taken)"
    return f"serving {origin}/{moved}\nmails, leads and the clock are under /_local/ there; Ctrl-C stops it"


class _Server(uvicorn.Server):
    """uvicorn that stops as a command should: it closes open streams first, and a signal is not an error."""

    def __init__(self, app: ASGIApp, live: Broadcast):
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                access_log=False,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=3,  # seconds
            )
        )
        self._live = live

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until SIGINT or SIGTERM."""
        asyncio.run(self.serve(sockets=[listener]))

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal. uvicorn's own method also raises the signal again, and the exit code would not be 0."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self._stop)
        yield

    def _stop(self) -> None:
        self._live.close()
        self.should_exit = True
