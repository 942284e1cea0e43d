"""A built site for tests of kinds: a starter, changed or not, in a folder of its own; and the examples."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from lodestone.build.load import load_site
from lodestone.build.pipeline import build
from lodestone.cli.starter import write_starter
from tests.conftest import ROOT

SLUG = "my-magnet"


@dataclass(frozen=True)
class Landing:
    """A landing page, its schema.org description, and the site it stands in."""

    page: BeautifulSoup
    described: dict[str, Any]
    site: Path


def landing(site: Path, slug: str) -> Landing:
    page = BeautifulSoup((site / slug / "index.html").read_text("utf-8"), "html.parser")
    script = page.find("script", type="application/ld+json")
    assert script
    return Landing(page, json.loads(script.text), site)


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Path]:
    """Writes a kind's starter with words of its magnet.md replaced; the root."""

    def begin(kind: str, **changes: str) -> Path:
        write_starter(tmp_path, kind, SLUG)
        path = tmp_path / "magnets" / SLUG / "magnet.md"
        text = path.read_text("utf-8")
        for old, new in changes.items():
            assert f"\n{old}:" in text, old
            begins = text.index(f"\n{old}:") + 1
            ends = text.index("\n", begins)
            text = text[:begins] + new + text[ends:]
        path.write_text(text, "utf-8")
        return tmp_path

    return begin


@pytest.fixture
def built(start: Callable[..., Path], tmp_path: Path) -> Callable[..., Landing]:
    """Builds a kind's starter, changed likewise; its landing page."""

    def make(kind: str, **changes: str) -> Landing:
        root = start(kind, **changes)
        assert load_site(root)[1] == []
        assert not build(root, tmp_path / "dist").failed
        return landing(tmp_path / "dist" / "site", SLUG)

    return make


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published site of the examples."""
    out = tmp_path_factory.mktemp("examples") / "dist"
    assert not build(ROOT, out).failed
    return out / "site"
