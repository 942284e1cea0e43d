"""What the guide shows of `preview` and `plan` is what they print, on the starter and three leads on their way."""

import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aws.ledger import event_item
from leads import events
from leads.events import SendId
from lodestone.build.pipeline import build
from lodestone.cli.starter import write_starter
from lodestone.data_directory.store import open_store
from lodestone.publish.publication import read_publication

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
_CALL = re.compile(r"^\$ python build\.py (preview|plan) (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)

#: Where a run differs from the page: instants counted from now, sizes, the width of columns.
_VARYING = [
    (r"\w{3} \d+ \w{3}( \d{4})?, \d\d:\d\d", "DAY"),
    (r"\d[\d.]* k?B\b", "SIZE"),
    (r"─+", ""),
    (r" +", " "),
]


def section(heading: str) -> str:
    text = (ROOT / "docs" / "authoring.md").read_text("utf-8")
    return re.split(r"^## ", text.split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def transcript(heading: str) -> tuple[list[str], str]:
    """The section's one call, and what is shown beneath it."""
    blocks = re.findall(r"^```console\n(.*?)^```", section(heading), re.MULTILINE | re.DOTALL)
    ((name, arguments, shown),) = _CALL.findall("".join(blocks))
    return [name, *shlex.split(arguments)], shown


def plain(text: str, root: Path) -> list[str]:
    text = text.replace(f"{root}/", "")
    for pattern, word in _VARYING:
        text = re.sub(pattern, word, text)
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_starter(tmp_path, "ebook", "my-guide")
    return tmp_path


def run(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120"}
    command = [sys.executable, str(ROOT / "build.py"), *arguments, "--root", str(root)]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return ran.stdout + ran.stderr


def on_their_way(days: int) -> list:
    """A lead who confirmed that many days ago, and got the first letter where it was due by then."""
    at = datetime.now(UTC) - timedelta(days=days)
    data = {"email": "ida@example.com", "consent": {"given": True}, "opt_in": "double"}
    found = [events.submitted("my-guide", at, data), events.confirmed("my-guide", 1, at)]
    sent = [
        SendId("my-guide", "delivery", 1, 1),
        *([SendId("my-guide", "first-steps", 0, 1)] if days > 3 else []),
    ]
    for n, send in enumerate(sent):
        then = at + timedelta(days=3 * n)
        found += [events.claimed(send, then, "worker", then), events.mailed(send, then, f"m-{n}")]
    return found


def keep_local_stack(root: Path) -> None:
    """What `serve` would have kept: the starter as it is, one lead before its first letter, two behind it."""
    assert not build(root, root / "dist").failed
    (root / ".local").mkdir(exist_ok=True)
    store = open_store(root / ".local")
    items = list(read_publication(root / "dist").items)
    for number, days in enumerate((1, 4, 5)):
        items += [event_item(f"LEAD{number}", each) for each in on_their_way(days)]
    for number, item in enumerate(items):
        store.keep_item("leads", str(number), item)
    store.close()


def test_the_guide_shows_what_preview_prints(root):
    call, shown = transcript("Looking at mails before anyone gets them")
    assert plain(run(root, *call), root) == plain(shown, root)


def test_the_guide_shows_what_plan_prints(root):
    keep_local_stack(root)
    mails = root / "magnets" / "my-guide" / "emails"
    name, content = re.search(
        r'^```markdown name="([^"]+)"\n(.*?)^```',
        section("Changing a sequence while leads are in it"),
        re.MULTILINE | re.DOTALL,
    ).groups()
    (mails / name).write_text(content, "utf-8")
    week = mails / "20-one-week-on.md"
    week.write_text(week.read_text("utf-8").replace("after: 5 days", "after: 3 days"), "utf-8")
    call, shown = transcript("Changing a sequence while leads are in it")
    assert plain(run(root, *call), root) == plain(shown, root)
