#!/usr/bin/env python3
"""Lodestone's command. The commands are in `lodestone/cli/`; this file finds the libraries and runs them."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "functions")]

try:
    import click  # noqa: F401  imported here to see whether the libraries are there
except ImportError:
    python = HERE / ".venv" / "bin" / "python"
    if python.exists() and Path(sys.prefix) != HERE / ".venv":
        os.execv(python, [str(python), *sys.argv])
    sys.exit("Lodestone's libraries are not installed here.\nhelp: run `make setup`, then try again")

from lodestone.cli.main import main  # noqa: E402
from lodestone.cli.terminal import run  # noqa: E402

if __name__ == "__main__":
    run(main)
