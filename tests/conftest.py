"""What several areas share: a real browser, the running command, and what to do where a tool is missing."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import hypothesis_profiles  # noqa: F401  chooses one, before any test is read

ROOT = Path(__file__).resolve().parents[1]

#: Tools whose absence is a failure and no skip, by name: LODESTONE_REQUIRE=browser,sam in CI.
REQUIRED = frozenset(filter(None, os.environ.get("LODESTONE_REQUIRE", "").split(",")))


def missing(tool: str, reason: str) -> None:
    """Skip what needs a tool that is not here, or fail where it is required."""
    if tool in REQUIRED:
        pytest.fail(f"{reason}, and {tool} is required here (LODESTONE_REQUIRE)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """A headless Chromium: the system's own, or the one that CHROMIUM names."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        missing("browser", "no Chromium here")
    from playwright.sync_api import sync_playwright

    flags = "no-sandbox disable-gpu no-first-run disable-background-networking disable-component-update disable-sync"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[f"--{each}" for each in flags.split()]
        )
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter) -> None:
    """What the fault tests ran, in numbers: each of their properties, added up."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.stats.get(kind, ())]
    told: Counter = Counter()
    for name, value in (each for report in reports for each in getattr(report, "user_properties", ())):
        told[name] += value
    if told:
        terminalreporter.section("faults")
        terminalreporter.write_line(", ".join(f"{value} {name}" for name, value in told.items()))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


@dataclass
class Served:
    """A running `build.py serve`, driven as a script drives it."""

    process: subprocess.Popen
    origin: str

    def request(
        self, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower-case) and body; redirects are not followed."""
        url = path if path.startswith("http") else self.origin + path
        request = urllib.request.Request(
            url, data=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        try:
            answer = urllib.request.build_opener(_NoRedirect).open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()

    def submit(self, magnet: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
        kind = "application/x-www-form-urlencoded"
        return self.request(f"/api/leads/{magnet}", urlencode(fields).encode(), content_type=kind)

    def advance(self, span: str) -> dict:
        """Move the clock; everything due has happened when this returns. "0 seconds" settles what is going on."""
        body = json.dumps({"advance": span}).encode()
        return json.loads(self.request("/_local/clock", body, content_type="application/json")[2])

    def mails(self) -> list[dict]:
        return json.loads(self.request("/_local/mails.json")[2])

    def leads(self) -> list[dict]:
        return json.loads(self.request("/_local/leads.json")[2])

    def link(self, purpose: str) -> str:
        """The link of that purpose in the latest mail."""
        return re.search(rf"http://\S+/api/{purpose}\?t=[\w.-]+", self.mails()[-1]["text"])[0]

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=20)


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Starts `build.py serve` on a free port; everything it started is stopped in the end."""
    started: list[Served] = []

    def start(data: Path, root: Path = ROOT, checkout: Path = ROOT) -> Served:
        command = [sys.executable, str(checkout / "build.py"), "serve", "--port", "0"]
        process = subprocess.Popen(
            [*command, "--root", str(root), "--data", str(data)],
            stdout=subprocess.PIPE,
            stderr=None,
            text=True,
        )
        first = process.stdout.readline()
        address = re.search(r"http://[\d.]+:\d+", first)
        assert address, f"serve said {first!r} and ended with {process.wait(10)}"
        started.append(Served(process, address[0]))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.wait()
        each.process.stdout.close()
