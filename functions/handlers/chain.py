"""Keeping a drip's chain unbroken: whatever is decided for a lead leaves one message or schedule behind it."""

from aws.queue import DripMessage
from handlers.wiring import Wiring
from leads import events
from leads.drip import Decision, Send, Stop, Wait
from leads.events import Event


def see_to(decision: Decision, lead_id: str, magnet: str, wiring: Wiring) -> Event | None:
    """Queue what is due, schedule what is to wait, note an end (the event). Doing it twice changes nothing.

    A schedule's name is the same for the same wait, and a message that comes twice is decided twice.
    """
    if isinstance(decision, Send):
        wiring.queue.put(DripMessage(lead_id, magnet, decision.send.step))
    elif isinstance(decision, Wait):
        wiring.schedules.make(DripMessage(lead_id, magnet, decision.step), decision.until)
    elif isinstance(decision, Stop) and decision.finished:
        end = events.finished(magnet, wiring.now())
        wiring.ledger.append(lead_id, end)
        return end
    return None
