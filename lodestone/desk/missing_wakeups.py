"""Missing wakeups: leads whose next step no message and no schedule will bring, after a crash or a lost message.

Compares the decision of the drip with the wakeups that are pending. Schedules can be listed; messages in SQS cannot, so
the wakeup of a mail that is overdue counts as missing, though its message may still wait in the queue.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws.queue import DripMessage
from aws.schedules import schedule_name
from leads.decisions import Decision, Send, Skip, Wait
from leads.drip import decide
from leads.funnel import Funnel
from leads.instants import iso
from leads.lead import Lead
from leads.pace import DRIP, lane_of
from leads.rules import SendingPolicy

_POLICY = SendingPolicy()

#: A lead with an event this recent is not examined: a worker has the message, or SQS delivers it again.
SETTLED = _POLICY.lease


@dataclass(frozen=True)
class MissingWakeup:
    """A step whose wakeup is missing. `what` says so for people; `at` is when the step is, or was, due."""

    lead_id: str
    magnet: str
    step: str
    what: str
    at: datetime | None

    @property
    def message(self) -> DripMessage:
        """The message that mends it: the worker does or schedules the lead's next step."""
        return DripMessage(self.lead_id, self.magnet, self.step)

    def to_json(self) -> dict[str, Any]:
        """Return it as `leads reconcile --json` prints it."""
        return {
            "lead": self.lead_id,
            "magnet": self.magnet,
            "step": self.step,
            "what": self.what,
            "at": iso(self.at),
        }


@dataclass(frozen=True)
class PendingWakeups:
    """The wakeups that are pending: the names of schedules, and whether mails of sequences wait for their slots."""

    schedules: Container[str]
    backlog: bool = False


def find_missing_wakeups(
    lead: Lead, funnels: Mapping[str, Funnel | None], pending: PendingWakeups, now: datetime
) -> Iterator[MissingWakeup]:
    """Yield the missing wakeup of each of the lead's funnels that has one."""
    if lead.last_event_at is None or now - lead.last_event_at < SETTLED:
        return
    for magnet in lead.enrolments:
        decision = decide(lead, funnels, magnet, now)
        missing = _missing_wakeup(decision, lead, magnet, pending, now)
        if missing:
            yield missing


def _missing_wakeup(
    decision: Decision, lead: Lead, magnet: str, pending: PendingWakeups, now: datetime
) -> MissingWakeup | None:
    if isinstance(decision, Wait):
        message = DripMessage(lead.id, magnet, decision.step)
        near = decision.until - now < SETTLED  # its message is in the queue, or its schedule fires just now
        if near or schedule_name(message, decision.until) in pending.schedules:
            return None
        return MissingWakeup(lead.id, magnet, decision.step, "has no schedule", decision.until)
    if isinstance(decision, Send | Skip):
        step = decision.send.step if isinstance(decision, Send) else decision.step
        if pending.backlog and isinstance(decision, Send) and lane_of(step) == DRIP:
            return None  # it may wait for its slot, and a second message would take a second slot
        since = decision.due or lead.last_event_at
        late = since is None or now - since >= SETTLED
        return MissingWakeup(lead.id, magnet, step, "should have gone", since) if late else None
    over = MissingWakeup(lead.id, magnet, "", "is over, and not noted as such", None)
    return over if decision.finished else None
