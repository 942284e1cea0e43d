"""Keeping a drip's chain unbroken: whatever is decided for a lead leaves one message or schedule behind it."""

import math
from datetime import datetime, timedelta

from aws.queue import DripMessage
from handlers.wiring import Wiring
from leads import events
from leads.decisions import Decision, Send, Skip, Wait
from leads.events import Event
from leads.pace import DRIP, FIRST, lane_of

#: A wait this short is the queue's: a schedule that came a moment early lingers under its name until Scheduler
#: deletes it, and a second one for the same time would be taken for it.
_SHORT = timedelta(seconds=30)

#: A lane that is booked further ahead has a backlog. What a lead waits for is rather given two slots than a day's
#: delay, unless it is the day's quota that holds it back.
_BACKLOG = {FIRST: timedelta(hours=1), DRIP: _SHORT}


def enqueue_next(decision: Decision, lead_id: str, magnet: str, wiring: Wiring) -> Event | None:
    """Queue what is due, schedule what is to wait, note an end (the event). Doing it twice changes nothing.

    A schedule's name is the same for the same wait, and a message that comes twice is decided twice.
    """
    if isinstance(decision, Send | Skip):
        step = decision.send.step if isinstance(decision, Send) else decision.step
        wiring.queue.put(DripMessage(lead_id, magnet, step))
    elif isinstance(decision, Wait):
        _wait(DripMessage(lead_id, magnet, decision.step), decision.until, wiring)
    elif decision.finished:
        end = events.finished(magnet, wiring.now(), decision.ended_by)
        wiring.ledger.append(lead_id, end)
        return end
    return None


def mend(decision: Decision, lead_id: str, magnet: str, wiring: Wiring) -> Event | None:
    """The same, where nobody knows what is there already. A mail that may be waiting for its slot is left alone.

    While its lane is booked ahead, a mail that waits cannot be told from one whose message was lost, and a
    second message would take a second slot: with every repair the backlog would double. What was lost is found
    by the first repair after it.
    """
    if isinstance(decision, Send):
        lane = lane_of(decision.send.step)
        if wiring.pacer.booked(lane) > _BACKLOG[lane]:
            return None
    return enqueue_next(decision, lead_id, magnet, wiring)


def _wait(message: DripMessage, until: datetime, wiring: Wiring) -> None:
    left = until - wiring.now()
    if left <= _SHORT:
        wiring.queue.put(message, max(0, math.ceil(left.total_seconds())))
    else:
        wiring.schedules.make(message, until)
