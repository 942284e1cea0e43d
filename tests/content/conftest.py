"""A small site in a temporary folder, to be broken or extended by a test."""

from collections.abc import Callable
from pathlib import Path

import pytest

SITE = """\
name: Harbour Press
base_url: https://harbour.example.com
sender:
  name: Harbour Press
  email: post@harbour.example.com
postal_address: 1 Quay Street, Harbourtown
defaults:
  consent:
    text: Yes, send me the letters too.
"""

MAGNET = """\
---
kind: ebook
title: The tide guide
summary: When the water comes, and when it goes.
files:
  - tides.csv
---
Read it before you sail.
"""

Write = Callable[[dict[str, str]], Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root that loads without a problem: one magnet, `tides`, that delivers a file."""
    put(
        tmp_path,
        {
            "site/site.yaml": SITE,
            "magnets/tides/magnet.md": MAGNET,
            "magnets/tides/tides.csv": "time,metres\n",
        },
    )
    return tmp_path


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
