"""The wakeup of a drip: each decision for a lead creates the message or schedule that brings the next one."""

import math
from datetime import datetime, timedelta

from aws.queue import DripMessage
from handlers.wiring import Wiring
from leads import events
from leads.decisions import Decision, Send, Skip, Wait
from leads.events import Event
from leads.pace import DRIP, FIRST, lane_of

#: The queue, and no schedule, delays a wait this short: a schedule that fired a moment early keeps its name
#: until Scheduler deletes it, and a second one for the same time would count as the same.
_SHORT = timedelta(seconds=30)

#: A lane that is booked further ahead than this has a backlog. The first lane has an hour: two slots for one
#: of its mails are better than a day's delay, unless the daily quota causes the backlog.
_BACKLOG = {FIRST: timedelta(hours=1), DRIP: _SHORT}


def enqueue_next(decision: Decision, lead_id: str, magnet: str, wiring: Wiring) -> Event | None:
    """Queue what is due, schedule a wait, store an end and return its event. A repetition changes nothing.

    The same wait has the same schedule name, and each copy of a message is decided anew.
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
    """Do as `enqueue_next`, for the daily repair, which cannot know which messages and schedules exist.

    While a lane has a backlog, a mail that waits for its slot looks like one whose message was lost. A second
    message would take a second slot, and each repair would double the backlog: so such a mail is left alone.
    The first repair after the backlog finds what was lost.
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
