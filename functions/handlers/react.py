"""The table's stream: a new event of a lead. Fold it, store the profile, queue the mail that is due now."""

from typing import Any

from aws.queue import DripMessage
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring
from leads.drip import Send, Stop, decide
from leads.lead import fold
from leads.rules import SendingPolicy

#: Only these open the way to a mail; whatever follows a mail is the drip worker's to see.
_OPENING = frozenset({"submitted", "confirmed", "imported"})


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
    lead_id = image["pk"]["S"].removeprefix("LEAD#")
    lead = fold(lead_id, wiring.ledger.events(lead_id))
    wiring.ledger.store_profile(lead)
    if image["type"]["S"] not in _OPENING:
        return
    magnet = image["magnet"]["S"]
    funnel = wiring.funnels.funnel(magnet)
    decision = decide(lead, funnel, magnet, wiring.now(), SendingPolicy())
    # A wait is the worker's to schedule: a second confirmation may open a sequence whose delivery went out.
    if not isinstance(decision, Stop):
        step = decision.send.step if isinstance(decision, Send) else decision.step
        wiring.queue.put(DripMessage(lead_id, magnet, step))


handler = on_lambda(respond, "ledger", "funnels", "queue")
