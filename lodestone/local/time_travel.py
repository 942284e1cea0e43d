"""Move the clock as the panel or a program requests it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lodestone.local.machine import Machine

_SPAN = re.compile(r"\+?\s*(\d{1,9})\s*(second|minute|hour|day|week)s?")
_FARTHEST = timedelta(days=3660)
_EXAMPLES = '{"advance": "3 days"} (seconds, minutes, hours, days, weeks) or {"to": "next mail"}'


class CannotMove(ValueError):
    """The request is not valid; the message says what is."""


@dataclass(frozen=True)
class Moved:
    """The new time, how many mails went out on the way, and a note if there was no next mail."""

    now: datetime
    mails_sent: int
    note: str = ""


def move_clock(machine: Machine, request: Any) -> Moved:
    """Move the clock and do everything that is due on the way. Raises CannotMove if the request is not valid."""
    if not isinstance(request, Mapping) or len({"advance", "to"} & request.keys()) != 1:
        raise CannotMove(f"say how far: {_EXAMPLES}")
    before, note = machine.mails.count(), ""
    if "advance" in request:
        machine.engine.advance(parse_span(request["advance"]))
    elif request["to"] != "next mail":
        raise CannotMove(f"`to` takes `next mail` alone: {_EXAMPLES}")
    elif not machine.engine.advance_until(lambda: machine.mails.count() > before):
        note = "no mail is waiting for its time"
    return Moved(machine.clock.now(), machine.mails.count() - before, note)


def parse_span(text: Any) -> timedelta:
    """Parse `3 days`, `1 hour`, `+90 minutes`. Raises CannotMove if it is no such text or more than 3,660 days."""
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        raise CannotMove(f"cannot advance by `{text}`; write {_EXAMPLES}")
    span = int(match[1]) * _unit(match[2])
    if span > _FARTHEST:
        raise CannotMove(f"cannot advance by `{text}`: at most {_FARTHEST.days} days at a time")
    return span


def _unit(name: str) -> timedelta:
    return timedelta(**{f"{name}s": 1})
