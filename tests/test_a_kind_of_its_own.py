"""A kind that nobody of this project wrote works from Markdown to inbox: two files of a feature, a declaration, pages.

A checkout is copied, the example of `tests/kind_example` laid into `features/` and `kinds/`, and the local stack run
from there. Nothing else of `functions/` or `lodestone/` is touched.
"""

import re
import shutil
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conftest import ROOT

EXAMPLE = Path(__file__).parent / "kind_example"
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.stack


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what runs, with the example's feature and kind in it."""
    copy = tmp_path / "checkout"
    for name in ("functions", "lodestone", "site"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("build.py", "template.yaml"):
        shutil.copy(ROOT / name, copy / name)
    shutil.copy(EXAMPLE / "functions" / "places.py", copy / "functions" / "leads" / "features" / "places.py")
    shutil.copytree(EXAMPLE / "lodestone", copy / "lodestone", dirs_exist_ok=True)
    register(
        copy / "functions/leads/features/__init__.py", "from leads.features import places", "places.FEATURE"
    )
    listed = copy / "lodestone/features/__init__.py"
    register(listed, "from lodestone.features.places import Places", "Places()")
    return copy


def register(path: Path, line: str, entry: str) -> None:
    """Add a feature to a registry, as its author would: an import, and an entry of the list."""
    text, count = re.subn(
        r" in \(([^()]|\(\))*?,?\)\}", lambda found: _with(found[0], entry), path.read_text()
    )
    assert count == 1
    path.write_text(re.sub(r"^from ", f"{line}\nfrom ", text, count=1, flags=re.MULTILINE))


def _with(listed: str, entry: str) -> str:
    return f"{listed.removesuffix(')}').removesuffix(',')}, {entry})}}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The example's content, its workshop three weeks ahead."""
    folder = tmp_path / "root"
    for name in ("magnets", "site"):
        shutil.copytree(EXAMPLE / name, folder / name)
    magnet = folder / "magnets" / "knots" / "magnet.md"
    magnet.write_text(magnet.read_text().replace("2099-06-18 19:00", f"{starts():%Y-%m-%d %H:%M}Z"))
    return folder


def starts() -> datetime:
    day = datetime.now(UTC) + timedelta(days=21)
    return day.replace(hour=17, minute=0, second=0, microsecond=0)


def inbox(served, to: str) -> list[dict]:
    served.advance("0 seconds")
    return [each for each in served.mails() if to in str(each["to"])]


def link(mail: dict) -> str:
    return re.search(r"http://\S+\?t=[\w.-]+", mail["text"])[0]


def test_a_feature_and_a_kind_work_from_markdown_to_inbox(serve, checkout, root, tmp_path):
    served = serve(tmp_path / "data", root, checkout)

    status, _, page = served.request("/knots/")
    assert status == 200
    assert b"the net loft" in page
    assert b'"@type":"Event"' in page
    assert b'"location":"the net loft"' in page
    assert b"<li>in the net loft</li>" in page
    assert b'class="workshop" href="/knots/"' in served.request("/")[2]
    assert b"How to get to the net loft" in served.request("/knots/directions/")[2]

    assert served.submit("knots", email="lead@example.com", boat="Ida", consent="yes")[0] == 303
    (opt_in,) = inbox(served, "lead@example.com")
    status, _, _ = served.request(link(opt_in), b"")
    assert status == 303
    delivery = inbox(served, "lead@example.com")[-1]
    assert delivery["subject"] == "Twelve knots: take your place"

    take = link(delivery)
    assert "/api/do/knots/places/take" in take
    status, _, page = served.request(take)
    assert status == 200
    assert "A chair in the net loft" in page.decode()
    assert len(inbox(served, "lead@example.com")) == 2, "a GET has changed nothing"
    token = unescape(re.search(rb'name="t" value="([^"]+)"', page)[1].decode())
    body = urlencode({"t": token, "meal": "soup"}).encode()
    for _ in range(2):
        status, headers, _ = served.request("/api/do/knots/places/take", body, content_type=FORM)
        assert (status, headers["location"]) == (303, "/knots/directions/")

    ticket = inbox(served, "lead@example.com")[-1]
    assert ticket["subject"] == "Your ticket for Twelve knots"
    page = served.request(link(ticket))[2].decode()
    assert "Ticket 1" in page
    assert "Meal: soup" in page
    (notice,) = inbox(served, "owner@rope.example")
    assert notice["subject"] == "A place for lead@example.com"
    assert "Your boat: Ida" in notice["text"]

    (lead,) = served.leads()
    assert lead["score"] == 25
    now = datetime.fromisoformat(served.advance("0 seconds")["now"])
    before = starts() - timedelta(days=1, minutes=2) - now
    served.advance(f"{int(before / timedelta(minutes=1))} minutes")
    assert len(inbox(served, "lead@example.com")) == 3
    served.advance("4 minutes")
    assert inbox(served, "lead@example.com")[-1]["subject"] == "Tomorrow: Twelve knots"
    assert len(inbox(served, "owner@rope.example")) == 1
