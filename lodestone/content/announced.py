"""`announced.yaml` beside an offer: the ends that visitors were told. `publish` writes it, the author commits it.

An end that is put off without saying so was never true: to state falsely that an offer is only for a limited time is
unfair in all circumstances (Directive 2005/29/EC, Annex I, point 7).
"""

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from leads.instants import iso, parse_iso

NAME = "announced.yaml"

_HEAD = """\
# The ends of this offer that visitors were told, oldest first. `build.py publish` adds to it; commit the file.
# `check` refuses a later end without `extended:` (Directive 2005/29/EC, Annex I, point 7).
"""
_LINE = re.compile(r"- \{offer: ([a-z0-9-]+), ends: \"([^\"]+)\", published: \"(\d{4}-\d{2}-\d{2})\"\}")


class Announced(NamedTuple):
    """An end that was published, of an offer, on a day (`2026-11-28`)."""

    offer: str
    ends: datetime
    published: str


def read_announced(text: str) -> tuple[Announced, ...]:
    """Parse the file. Raises ValueError, with the line's number, if a line is not as `publish` writes it."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        try:
            if match is None:
                raise ValueError
            found.append(Announced(match[1], parse_iso(match[2]), match[3]))
        except ValueError:
            raise ValueError(number) from None
    return tuple(found)


def note_announced(path: Path, offer: str, ends: datetime, day: str) -> bool:
    """Add an end to the file, unless it is the last one there; whether it was added."""
    text = path.read_text("utf-8") if path.exists() else _HEAD
    known = [each.ends for each in read_announced(text) if each.offer == offer]
    if known[-1:] == [ends]:
        return False
    line = f'- {{offer: {offer}, ends: "{iso(ends)}", published: "{day}"}}\n'
    path.write_text(text + ("" if text.endswith("\n") else "\n") + line, "utf-8")
    return True
