"""The table's stream: a new event of a lead. Fold it, store the profile, queue the mail that is due now."""

import json
from typing import Any

from aws.queue import DripMessage
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring
from leads.decisions import Send, Stop
from leads.drip import decide
from leads.erasure import find_erasure
from leads.events import GOALS
from leads.folding import SIGNS, fold
from leads.funnel import STILL_THERE
from leads.lead import Lead
from leads.rules import SendingPolicy

#: Only these open the way to a mail of the magnet they name; whatever follows a mail is the drip worker's to see.
_OPENING = frozenset({"submitted", "imported", "data_requested"})
#: These may change what is next in every sequence the lead is in. One confirmation may lift what stopped them all.
_TURNING = frozenset(
    {"confirmed", "unsubscribed", "stayed", "preferred", "corrected", "readmitted", "not_spam", "clicked"}
    | {*GOALS.values()}
)


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Handle each record on its own. Lambda comes back with the first that failed and all behind it.

    Those behind are handled all the same, now and again: once Lambda gives a record up, it gives up its batch.
    """
    failed = []
    for record in event["Records"]:
        try:
            _react(record["dynamodb"]["NewImage"], wiring)
        except Exception:
            sequence = record["dynamodb"]["SequenceNumber"]
            LOGGER.exception("a stream record failed", sequence_number=sequence)
            failed.append({"itemIdentifier": sequence})
    return {"batchItemFailures": failed}


def _react(image: dict[str, Any], wiring: Wiring) -> None:
    lead_id, type = image["pk"]["S"].removeprefix("LEAD#"), image["type"]["S"]
    history = wiring.ledger.events(lead_id)
    lead, erasure = fold(lead_id, history), find_erasure(lead_id, history)
    if erasure and erasure.gone:
        # Whoever was asked to was cut short, or something came late.
        wiring.ledger.erase(lead_id)
        lead = fold(lead_id, (erasure.event, *erasure.later))
    wiring.ledger.store_profile(lead)
    if json.loads(image["data"]["S"]).get("by") == "machine":
        return  # a scanner changes nothing of what is next
    for magnet in _concerned(lead, type, image.get("magnet", {}).get("S", "")):
        _nudge(lead, magnet, wiring)


def _concerned(lead: Lead, type: str, magnet: str) -> tuple[str, ...]:
    """The magnets in which something may be next now. After a long silence any sign of life opens all sequences."""
    if type in _TURNING or (type in SIGNS and _was_asked(lead)):
        return tuple(lead.enrolments)
    return (magnet,) if type in _OPENING else ()


def _was_asked(lead: Lead) -> bool:
    attempts = (attempt for each in lead.enrolments.values() for attempt in each.attempts)
    return any(each.send.step == STILL_THERE for each in attempts)


def _nudge(lead: Lead, magnet: str, wiring: Wiring) -> None:
    """Have the worker look, where there is something to do. A wait is the worker's to schedule.

    A second confirmation may open a sequence whose delivery went out, and an activity may end one.
    """
    decision = decide(lead, wiring.funnels_of(lead, magnet), magnet, wiring.now(), SendingPolicy())
    if not isinstance(decision, Stop) or decision.finished:
        step = decision.send.step if isinstance(decision, Send) else getattr(decision, "step", "")
        wiring.queue.put(DripMessage(lead.id, magnet, step))


handler = on_lambda(respond, "ledger", "funnels", "queue")
