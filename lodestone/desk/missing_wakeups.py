"""What a crash or a lost message left undone: leads whose next step nothing is there to bring.

What `decide` answers is compared with what there is. Schedules can be looked up; messages in SQS cannot, so a mail
that should long have gone counts as forgotten, though its message may still be waiting.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws.queue import DripMessage
from aws.schedules import schedule_name
from leads.decisions import Decision, Send, Skip, Stop, Wait
from leads.drip import decide
from leads.funnel import Funnel
from leads.instants import iso
from leads.lead import Lead
from leads.pace import DRIP, lane_of
from leads.rules import SendingPolicy

_POLICY = SendingPolicy()

#: A lead to whom something happened this lately is being seen to: a worker has them, or SQS hands them out again.
SETTLED = _POLICY.lease


@dataclass(frozen=True)
class MissingWakeup:
    """One step with nothing to bring it. `what`, for people; `at` is when it is, or was, due."""

    lead_id: str
    magnet: str
    step: str
    what: str
    at: datetime | None

    @property
    def message(self) -> DripMessage:
        """What mends it: the worker looks at the lead, and does or schedules what is next."""
        return DripMessage(self.lead_id, self.magnet, self.step)

    def to_json(self) -> dict[str, Any]:
        return {
            "lead": self.lead_id,
            "magnet": self.magnet,
            "step": self.step,
            "what": self.what,
            "at": iso(self.at),
        }


@dataclass(frozen=True)
class There:
    """What there is to bring mails: the names of schedules, and whether mails of sequences wait for their slots."""

    schedules: Container[str]
    backlog: bool = False


def find_missing_wakeups(
    lead: Lead, funnels: Mapping[str, Funnel | None], there: There, now: datetime
) -> Iterator[MissingWakeup]:
    """What is missing in each of the lead's funnels."""
    if lead.last_event_at is None or now - lead.last_event_at < SETTLED:
        return
    for magnet in lead.enrolments:
        decision = decide(lead, funnels, magnet, now)
        missing = _missing_wakeup(decision, lead, magnet, there, now)
        if missing:
            yield missing


def _missing_wakeup(
    decision: Decision, lead: Lead, magnet: str, there: There, now: datetime
) -> MissingWakeup | None:
    if isinstance(decision, Wait):
        message = DripMessage(lead.id, magnet, decision.step)
        near = decision.until - now < SETTLED  # the queue's, or a schedule that fires while we look
        if near or schedule_name(message, decision.until) in there.schedules:
            return None
        return MissingWakeup(lead.id, magnet, decision.step, "has no schedule", decision.until)
    if isinstance(decision, Send | Skip):
        step = decision.send.step if isinstance(decision, Send) else decision.step
        if there.backlog and isinstance(decision, Send) and lane_of(step) == DRIP:
            return None  # it may be waiting for its slot, and a second message would take a second one
        since = decision.due or lead.last_event_at
        late = since is None or now - since >= SETTLED
        return MissingWakeup(lead.id, magnet, step, "should have gone", since) if late else None
    if isinstance(decision, Stop) and decision.finished:
        return MissingWakeup(lead.id, magnet, "", "is over, and not noted as such", None)
    return None
