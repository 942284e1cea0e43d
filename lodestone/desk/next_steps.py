"""What a lead's funnels do next, and why: the drip's own answer, to be read by people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.decisions import Send, Skip, Wait
from leads.drip import decide
from leads.funnel import Funnel
from leads.instants import iso
from leads.lead import Lead


@dataclass(frozen=True)
class Next:
    """What a lead's funnel does next: a mail now, a mail at a time, or nothing, and why."""

    magnet: str
    step: str
    until: datetime | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        return {"magnet": self.magnet, "step": self.step, "until": iso(self.until), "reason": self.reason}


def next_steps(lead: Lead, funnels: Mapping[str, Funnel | None], now: datetime) -> list[Next]:
    """What comes next in each funnel that the lead is in."""
    return [_next(lead, magnet, funnels, now) for magnet in lead.enrolments]


def _next(lead: Lead, magnet: str, funnels: Mapping[str, Funnel | None], now: datetime) -> Next:
    decision = decide(lead, funnels, magnet, now)
    if isinstance(decision, Wait):
        return Next(magnet, decision.step, decision.until, decision.reason)
    if isinstance(decision, Send):
        return Next(magnet, decision.send.step, None, "being sent")
    if isinstance(decision, Skip):
        return Next(magnet, decision.step, None, f"skipped: {decision.words or decision.reason}")
    return Next(magnet, "", None, decision.reason)
