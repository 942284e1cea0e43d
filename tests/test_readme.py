"""What the README shows is what the commands print; numbers and times aside."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]

_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ \.venv/bin/python build\.py (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


def transcripts() -> list[tuple[list[str], str]]:
    """Every `build.py` call of the README with the output shown beneath it, in order."""
    blocks = _BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
    return [(call.split(), shown) for block in blocks for call, shown in _COMMAND.findall(block)]


def plain(text: str, root: Path) -> list[str]:
    """The lines, with this run's folder, numbers and sizes taken out."""
    lines = text.replace(f"{root}/", "").replace(f" --root {root}", "").strip().splitlines()
    return [re.sub(r"\d[\d.,]*( [kM]B)?", "#", line).rstrip() for line in lines]


def test_the_readme_shows_what_the_commands_print(tmp_path):
    for name in ("magnets", "site"):
        shutil.copytree(ROOT / name, tmp_path / name)
    calls = transcripts()
    assert [arguments[0] for arguments, _ in calls] == ["new", "check", "build", "build"]
    for arguments, shown in calls:
        if "unknown kind" in shown:
            magnet = tmp_path / "magnets" / "my-guide" / "magnet.md"
            magnet.write_text(magnet.read_text("utf-8").replace("kind: ebook", "kind: ebok"), "utf-8")
        command = [sys.executable, ROOT / "build.py", *arguments, "--root", tmp_path]
        ran = subprocess.run(command, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True)
        assert plain(ran.stdout + ran.stderr, tmp_path) == plain(shown, tmp_path), arguments
