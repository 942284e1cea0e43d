"""`serve` as a process: started, killed, stopped, refused."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from lodestone.local import server
from lodestone.local.server import open_port
from tests.local.conftest import ROOT
from tests.local.small_site import write_small_site

pytestmark = pytest.mark.stack


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Serve:
    """One `serve` process, and a client of it."""

    def __init__(self, root: Path, data: Path, *arguments: str, skip_to: str = ""):
        command = [sys.executable, "build.py", "serve", "--root", root, "--data", data, *arguments]
        # Standard error joins in, so that a start that fails is seen in the test's own output.
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        line = self.process.stdout.readline()
        while not line.startswith(skip_to):
            line = self.process.stdout.readline()
            assert line, "serve ended before it served"
        self.origin = re.search(r"http://127\.0\.0\.1:\d+", line)[0]

    def ask(self, path: str, form: dict | None = None, body: bytes | None = None):
        content = urllib.parse.urlencode(form).encode() if form else body
        request = urllib.request.Request(self.origin + path.removeprefix(self.origin), content)
        try:
            return urllib.request.build_opener(NoRedirect).open(request)
        except urllib.error.HTTPError as answer:
            return answer

    def json(self, path: str):
        return json.load(self.ask(path))

    def move(self, span: str) -> dict:
        return json.load(self.ask("/_local/clock", body=json.dumps({"advance": span}).encode()))

    def stop(self, sign: int) -> str:
        self.process.send_signal(sign)
        return self.process.communicate()[0]


@pytest.fixture
def start(tmp_path):
    root = write_small_site(tmp_path / "root")
    with ExitStack() as running:

        def start(*arguments: str, data: str = "data") -> Serve:
            serve = Serve(root, tmp_path / data, *(arguments or ("--port", "0")))
            running.callback(serve.process.wait)
            running.callback(serve.process.kill)
            return serve

        yield start


def refused(tmp_path: Path, data: str, port: str) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "build.py",
        "serve",
        "--root",
        tmp_path / "root",
        "--data",
        tmp_path / data,
        "--port",
        port,
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def wait_for(condition) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_killed_serve_finds_everything_again_and_carries_on(start):
    serve = start()
    assert serve.ask("/api/leads/guide", {"email": "ada@example.com", "consent": "yes"}).status == 303
    serve.move("0 seconds")
    link = re.search(r"t=([\w.-]+)", serve.json("/_local/mails.json")[-1]["text"])[1]
    assert serve.ask("/api/confirm", {"t": link}).status == 303
    serve.move("1 day")
    before = serve.json("/_local/mails.json"), serve.json("/_local/leads.json")
    assert len(before[0]) == 2
    # What was answered a moment before the kill counts as much.
    assert serve.ask("/api/leads/guide", {"email": "bob@example.com"}).status == 303
    serve.stop(signal.SIGKILL)

    again = start()
    wait_for(lambda: len(again.json("/_local/mails.json")) == 3)
    mails, leads = again.json("/_local/mails.json"), again.json("/_local/leads.json")
    assert mails[:2] == before[0]
    assert before[1][0] in leads
    assert {lead["email"] for lead in leads} == {"ada@example.com", "bob@example.com"}
    again.move("1 day")
    assert [mail["subject"] for mail in again.json("/_local/mails.json")][3:] == ["The first letter"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_though_a_page_listens(start, sign):
    serve = start()
    page = urllib.request.urlopen(f"{serve.origin}/_local/events")
    page.readline()
    printed = serve.stop(sign)
    assert serve.process.returncode == 0
    assert "Traceback" not in printed


def test_a_signal_while_it_starts_is_no_error_either(tmp_path):
    root = write_small_site(tmp_path / "root")
    command = [
        sys.executable,
        "build.py",
        "serve",
        "--root",
        root,
        "--data",
        tmp_path / "data",
        "--port",
        "0",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    # The directory is taken first; imports, tables and the first build are still to come.
    wait_for((tmp_path / "data" / "serve.lock").exists)
    process.send_signal(signal.SIGTERM)
    printed = process.communicate()[0]
    assert process.returncode == 0
    assert "Traceback" not in printed


def test_a_second_serve_on_the_same_leads_is_refused(start, tmp_path):
    serve = start()
    second = refused(tmp_path, "data", "0")
    assert second.returncode == 1
    assert f"process {serve.process.pid}" in second.stderr
    assert "--data" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_that_is_taken_is_told_with_the_way_out(start, tmp_path):
    serve = start()
    port = serve.origin.rpartition(":")[2]
    second = refused(tmp_path, "other", port)
    assert second.returncode == 1
    assert f"port {port}" in second.stderr
    assert "--port" in second.stderr


def test_without_a_port_the_next_free_one_is_taken(monkeypatch):
    with open_port(0) as taken:
        number = taken.getsockname()[1]
        monkeypatch.setattr(server, "DEFAULT_PORT", number)
        with open_port(None) as found:
            assert number < found.getsockname()[1] < number + 50


def test_a_data_directory_that_is_broken_is_told_with_the_way_out(start, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "lodestone.sqlite").write_bytes(os.urandom(20_000))
    second = refused(tmp_path, "broken", "0")
    assert second.returncode == 1
    assert "lodestone.sqlite" in second.stderr
    assert "Traceback" not in second.stderr


def test_an_edit_is_told_to_the_open_page_and_so_is_a_mistake(start, tmp_path):
    serve = start()
    magnet = tmp_path / "root/magnets/guide/magnet.md"
    good = magnet.read_text()
    page = urllib.request.urlopen(f"{serve.origin}/_local/events")

    def next_build() -> dict:
        for line in page:
            if line.startswith(b'data: {"build"'):
                return json.loads(line.removeprefix(b"data: "))
        raise AssertionError("the stream ended")

    first = next_build()
    assert first["problems"] == ""
    magnet.write_text(good.replace("kind: ebook", "kind: ebok"))
    broken = next_build()
    assert "magnets/guide/magnet.md:2:7" in broken["problems"]
    assert broken["build"] == first["build"]
    assert serve.ask("/guide/").status == 200
    magnet.write_text(good.replace("Read it.", "Read it twice."))
    mended = next_build()
    assert (mended["problems"], mended["build"] != first["build"]) == ("", True)
    assert "Read it twice." in serve.ask("/guide/").read().decode()


def test_an_empty_root_is_served_as_soon_as_there_is_something_in_it(tmp_path):
    (tmp_path / "root").mkdir()
    serve = Serve(tmp_path / "root", tmp_path / "data", "--port", "0", skip_to="serving ")
    try:
        assert serve.ask("/").status == 503
        write_small_site(tmp_path / "root")
        wait_for(lambda: serve.ask("/guide/").status == 200)
    finally:
        serve.stop(signal.SIGKILL)


def test_nothing_but_this_machine_can_reach_it(start):
    serve = start()
    port = int(serve.origin.rpartition(":")[2])
    with socket.socket() as other:
        # Were it bound to every address, this one would be taken too.
        other.bind(("127.0.0.2", port))
