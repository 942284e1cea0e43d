"""The daily repair: derive anew, from the leads' events, whatever a crash left undone.

A pass over the table handles every lead, in as many invocations as it takes: each stops before its time-out,
and stores how far it came. A timer invokes the function every few minutes, which continues the pass that has
not ended, begins the daily one, or does nothing. An invocation by hand begins a pass at once. Handling a lead
twice is harmless.
"""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aws.ledger import Partition, profile_text
from aws.reconcile_cursor import TablePass
from handlers.chain import mend
from handlers.entailed import with_entailed
from handlers.entry import LOGGER, on_lambda
from handlers.outbox import enqueue_notices
from handlers.wiring import Wiring
from leads.attempts import unsettled_mails
from leads.drip import decide
from leads.erasure import find_erasure
from leads.funnel import Funnel
from leads.lead import Lead
from leads.outbox import pending_notices
from leads.rules import SendingPolicy

#: How far a pass came is stored after this many leads, so that a killed invocation costs seconds of work.
_NOTED_EVERY = 200

#: An invocation stops with this many seconds left: more than one lead takes, with all retries of its calls.
_RESERVE = 60

#: An unsettled mail is counted for the alarm until it is this old.
_ALARM_AGE = timedelta(days=2)


def _no_end() -> float:
    return math.inf


def respond(
    event: dict[str, Any], wiring: Wiring, seconds_left: Callable[[], float] = _no_end
) -> dict[str, Any]:
    """Fold every lead, store its profile, and re-create the message or schedule that should exist.

    `seconds_left` says how long this invocation may still take. A lead that fails does not stop the others.
    Raises RuntimeError at the end if any lead failed.
    """
    by_timer = event.get("source") == "aws.scheduler"
    current = (
        wiring.reconcile_cursor.take(wiring.now())
        if by_timer
        else wiring.reconcile_cursor.begin(wiring.now())
    )
    if current is None:
        return {"leads": 0, "finished": True}
    seen, broken, finished = _continue(current, wiring, seconds_left)
    if broken:
        raise RuntimeError(f"{broken} of {seen} leads could not be reconciled; the log names them")
    return {"leads": seen, "finished": finished}


def _continue(current: TablePass, wiring: Wiring, seconds_left: Callable[[], float]) -> tuple[int, int, bool]:
    """Continue the pass. Returns the leads seen, the leads that failed, and whether the pass has ended."""
    seen = broken = 0
    for partition in wiring.ledger.partitions(current.after):
        seen += 1
        broken += not _try_lead(partition, wiring)
        stopping = seconds_left() < _RESERVE
        if (stopping or seen % _NOTED_EVERY == 0) and not wiring.reconcile_cursor.note(
            current, partition.scan_key
        ):
            return seen, broken, False  # another pass has begun
        if stopping:
            return seen, broken, False
    wiring.reconcile_cursor.end(current, wiring.now())
    return seen, broken, True


def _try_lead(partition: Partition, wiring: Wiring) -> bool:
    """Reconcile one lead. False if that failed, which the log tells."""
    try:
        reconcile_lead(partition, wiring)
    except Exception:
        LOGGER.exception("a lead could not be reconciled", lead=partition.lead_id)
        return False
    return True


def reconcile_lead(partition: Partition, wiring: Wiring) -> None:
    """Repair one lead: the erasure, the profile, and what comes next in each of their funnels.

    The events may be a moment old, which is harmless: the worker decides anew what is due. Only an erasure reads
    the lead again, as it must delete nothing that belongs to a later sign-up.
    """
    history = partition.events
    if not history:
        return  # what is kept apart of a form that was never stored whole: nobody is made of it, and it expires
    erasure = find_erasure(partition.lead_id, history)
    if erasure and erasure.gone:
        history = wiring.ledger.erase(partition.lead_id, wiring.ledger.events(partition.lead_id))
    lead = wiring.fold(partition.lead_id, history)
    lead = with_entailed(lead, history, lead.enrolments, wiring)
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
        if wiring.now() - attempt.at < _ALARM_AGE:
            wiring.count("MailUnsettled")


handler = on_lambda(respond, "ledger", "funnels", timed=True)
