"""Daily: whatever a crash swallowed is derived anew from the leads' events.

A round goes over every lead, in as many invocations as it takes: each stops before its time is up, and notes how far
it came. A timer takes a turn every few minutes, which goes on with the round that is under way, begins the daily one,
or does nothing. Whoever invokes the function by hand begins a round at once. A lead that is seen to twice is none the
worse for it.
"""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aws.ledger import Partition, profile_text
from aws.reconcile_cursor import Round
from handlers.chain import mend
from handlers.entry import LOGGER, on_lambda
from handlers.outbox import enqueue_notices
from handlers.wiring import Wiring
from leads.attempts import unsettled_mails
from leads.drip import decide
from leads.funnel import Funnel
from leads.lead import Lead
from leads.outbox import pending_notices
from leads.rules import SendingPolicy

#: How far a round came is noted every so many leads, so that a killed invocation costs a few seconds of work.
_NOTED_EVERY = 200

#: Seconds that are left when an invocation stops: more than one lead can take, with all calls tried again.
_ENOUGH = 60

#: An unsettled mail is counted for the alarm by the rounds of so long, not for ever.
_NEWS = timedelta(days=2)


def _no_end() -> float:
    return math.inf


def respond(
    event: dict[str, Any], wiring: Wiring, seconds_left: Callable[[], float] = _no_end
) -> dict[str, Any]:
    """Fold every lead, store its profile, and re-create the message or schedule that should exist.

    One lead that fails does not keep the others waiting; that any failed is an error in the end. `seconds_left` says
    how long this invocation may still take.
    """
    by_timer = event.get("source") == "aws.scheduler"
    round = (
        wiring.reconcile_cursor.take(wiring.now())
        if by_timer
        else wiring.reconcile_cursor.begin(wiring.now())
    )
    if round is None:
        return {"leads": 0, "finished": True}
    seen, broken, finished = _go_on(round, wiring, seconds_left)
    if broken:
        raise RuntimeError(f"{broken} of {seen} leads could not be reconciled; the log names them")
    return {"leads": seen, "finished": finished}


def _go_on(round: Round, wiring: Wiring, seconds_left: Callable[[], float]) -> tuple[int, int, bool]:
    """Leads seen, leads that failed, and whether the round has come to its end."""
    seen = broken = 0
    for partition in wiring.ledger.partitions(round.after):
        seen += 1
        broken += not _is_mended(partition, wiring)
        stopping = seconds_left() < _ENOUGH
        if (stopping or seen % _NOTED_EVERY == 0) and not wiring.reconcile_cursor.note(
            round, partition.scan_key
        ):
            return seen, broken, False  # another round has begun
        if stopping:
            return seen, broken, False
    wiring.reconcile_cursor.end(round, wiring.now())
    return seen, broken, True


def _is_mended(partition: Partition, wiring: Wiring) -> bool:
    try:
        reconcile_lead(partition, wiring)
    except Exception:
        LOGGER.exception("a lead could not be reconciled", lead=partition.lead_id)
        return False
    return True


def reconcile_lead(partition: Partition, wiring: Wiring) -> None:
    """One lead: the profile, what is to be erased, and what comes next in each of their funnels.

    The events may be a moment old, which does no harm: what is due is decided anew by the worker.
    """
    history = wiring.ledger.erase(partition.lead_id, partition.events)
    lead = wiring.fold(partition.lead_id, history)
    if partition.profile != profile_text(lead):
        wiring.ledger.store_profile(lead)
    for magnet in lead.enrolments:
        funnels = wiring.funnels_of(lead, magnet)
        _count_unsettled(lead, funnels[magnet], magnet, wiring)
        mend(decide(lead, funnels, magnet, wiring.now()), lead.id, magnet, wiring)
    for pending in pending_notices(lead, history, wiring.now())[:1]:
        enqueue_notices(lead.id, pending.event.magnet, wiring)


def _count_unsettled(lead: Lead, funnel: Funnel | None, magnet: str, wiring: Wiring) -> None:
    policy = funnel.sending.policy if funnel else SendingPolicy()
    for attempt in unsettled_mails(lead.enrolments[magnet], wiring.now(), policy):
        if wiring.now() - attempt.at < _NEWS:
            wiring.count("MailUnsettled")


handler = on_lambda(respond, "ledger", "funnels", timed=True)
