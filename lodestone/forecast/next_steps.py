"""What a lead's funnels do next, and why: the decision of the drip, for people."""

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
class NextStep:
    """What a lead's funnel does next: send a step now, send it at a time, or nothing (`step` is ""), and why."""

    magnet: str
    step: str
    until: datetime | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return the step as `leads show --json` prints it."""
        return {"magnet": self.magnet, "step": self.step, "until": iso(self.until), "reason": self.reason}


def next_steps(lead: Lead, funnels: Mapping[str, Funnel | None], now: datetime) -> list[NextStep]:
    """Return the next step of each funnel that the lead is in."""
    return [_next_step(lead, magnet, funnels, now) for magnet in lead.enrolments]


def _next_step(lead: Lead, magnet: str, funnels: Mapping[str, Funnel | None], now: datetime) -> NextStep:
    decision = decide(lead, funnels, magnet, now)
    if isinstance(decision, Wait):
        return NextStep(magnet, decision.step, decision.until, decision.reason)
    if isinstance(decision, Send):
        return NextStep(magnet, decision.send.step, None, "being sent")
    if isinstance(decision, Skip):
        return NextStep(magnet, decision.step, None, f"skipped: {decision.words or decision.reason}")
    return NextStep(magnet, "", None, decision.reason)
