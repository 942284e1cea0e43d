"""Names, links and event data, as the panel shows them."""

import json
import re
from collections.abc import Iterator
from typing import Any


def short(name: str) -> str:
    """Return a resource's name as the template has it: without the prefix of the stack."""
    return name.removeprefix("local-")


_LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])")


def linked(text: str) -> Iterator[tuple[str, bool]]:
    """Split plain text into pieces; each comes with whether it is a link."""
    for place, piece in enumerate(_LINK.split(text)):
        yield piece, place % 2 == 1


def plainly(value: Any) -> str:
    """Format an event's data as indented JSON."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
