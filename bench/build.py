"""A cold build: 100 copies of the larger example, from nothing, in a process of its own."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.timing import Timing, time_once

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "magnets" / "pricing-your-work"
COPIES = 100
RUNS = 3


def run() -> Iterator[str]:
    """Whole-process wall time of `build.py build`, with one copy and with a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder, "one"), Path(folder, "many")
        _make_root(one, 1)
        _make_root(many, COPIES)
        chapters = len(list(EXAMPLE.glob("chapters/*.md")))
        single = Timing(tuple(time_once(lambda: _build(one)) for _ in range(RUNS)))
        whole = Timing(tuple(time_once(lambda: _build(many)) for _ in range(RUNS)))
    yield f"one magnet of {chapters} chapters, whole process   {single}"
    yield f"{COPIES} copies of it, whole process         {whole}"
    yield f"each further magnet                       {(whole.median - single.median) / (COPIES - 1) * 1000:.1f} ms"


def _make_root(root: Path, copies: int) -> None:
    shutil.copytree(ROOT / "site", root / "site")
    for number in range(copies):
        shutil.copytree(EXAMPLE, root / "magnets" / f"copy-{number:03}")


def _build(root: Path) -> None:
    shutil.rmtree(root / "dist", ignore_errors=True)
    command = [sys.executable, str(ROOT / "build.py"), "build", "--root", str(root)]
    subprocess.run(command, check=True, capture_output=True)
