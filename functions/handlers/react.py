"""The table's stream: for each new event, fold the lead, store the profile, queue what is due now."""

import json
from typing import Any

from aws.queue import DripMessage
from handlers.entry import LOGGER, on_lambda
from handlers.outbox import enqueue_notices
from handlers.wiring import Wiring
from leads.decisions import Send, Stop
from leads.drip import decide
from leads.event_table import EVENT_TYPES
from leads.event_types import EVERY_MAGNET, ITS_MAGNET
from leads.events import Event
from leads.facts import events_that_follow
from leads.feature import Enrolled
from leads.lead import Lead
from leads.mail_types import STILL_THERE
from leads.outbox import concerns_owner


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Handle each record on its own. Lambda delivers the first record that failed again, with all after it.

    Those after it are handled now all the same: when Lambda gives up on a record, it drops the whole batch.
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
    magnet = image.get("magnet", {}).get("S", "")
    # An erasure may have been interrupted, or an event may have come after it.
    history = wiring.ledger.erase(lead_id, wiring.ledger.events(lead_id))
    lead = _with_what_follows(lead_id, history, magnet, wiring)
    wiring.ledger.store_profile(lead)
    if json.loads(image["data"]["S"]).get("by") == "machine":
        return  # a scanner's event does not change what is next
    for each in _woken(lead, type, magnet):
        _wake(lead, each, wiring)
    if concerns_owner(type):
        enqueue_notices(lead_id, magnet, wiring)


def _with_what_follows(lead_id: str, history: list[Event], magnet: str, wiring: Wiring) -> Lead:
    """The folded lead, after what its features' events make true (`Feature.follows`) was stored."""
    lead = wiring.fold(lead_id, history)
    enrolment = lead.enrolments.get(magnet)
    funnel = wiring.funnels.funnel(magnet) if enrolment and enrolment.features else None
    if enrolment is None or funnel is None:
        return lead
    new = events_that_follow(Enrolled(lead, enrolment, funnel))
    stored = [each for each in new if wiring.ledger.append(lead_id, each)]
    return wiring.fold(lead_id, [*history, *stored]) if stored else lead


def _woken(lead: Lead, type: str, magnet: str) -> tuple[str, ...]:
    """The magnets to look at after this event. After a long silence a sign of life resumes all sequences."""
    row = EVENT_TYPES.get(type)
    if row is None:
        return ()
    if row.wakes == EVERY_MAGNET or (row.is_sign_of_life and _was_asked(lead)):
        return tuple(lead.enrolments)
    return (magnet,) if row.wakes == ITS_MAGNET else ()


def _was_asked(lead: Lead) -> bool:
    attempts = (attempt for each in lead.enrolments.values() for attempt in each.attempts)
    return any(each.send.step == STILL_THERE for each in attempts)


def _wake(lead: Lead, magnet: str, wiring: Wiring) -> None:
    """Queue a message if there is something to do. The worker schedules a wait.

    A second confirmation may open a sequence after its delivery mail, and an activity may end a sequence.
    """
    decision = decide(lead, wiring.funnels_of(lead, magnet), magnet, wiring.now())
    if not isinstance(decision, Stop) or decision.finished:
        step = decision.send.step if isinstance(decision, Send) else getattr(decision, "step", "")
        wiring.queue.put(DripMessage(lead.id, magnet, step))


handler = on_lambda(respond, "ledger", "funnels", "queue")
