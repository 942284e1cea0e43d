"""The slots of a batch's mails: each is sent at its slot; if that is far off, its message comes again then.

No mail is claimed before its slot. The decision is made at the slot, so it sees what happened during the wait
(an unsubscribe, an edited sequence, a crash).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aws.queue import LONGEST_DELAY, DripMessage
from handlers.entry import LOGGER
from handlers.wiring import Wiring
from leads.decisions import Decision
from leads.drip import Funnels
from leads.events import Event
from leads.lead import Lead
from leads.pace import FIRST, HONOURED, HORIZON, lane_of

#: An invocation waits for a slot that is this near to its start: a message that is put back takes as long.
NEAR = timedelta(seconds=3)

#: After this time an invocation starts no further mail: a slow answer of SES (`aws.clients`) must come before
#: the function's time-out. Both are short, as a message that failed stays hidden for six time-outs.
ENOUGH = timedelta(seconds=20)

#: EventBridge Scheduler may fire a minute late: it is set this much earlier, and the queue delays the rest.
_EARLY = timedelta(seconds=60)

#: A backlog comes again this long before the lane's next slot, so that the lane never idles.
_BEFORE_SLOT = timedelta(minutes=15)

#: What was read of a lead is used for this long.
_FRESH = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Assessed:
    """A lead as read and folded at `at`, the definitions of their funnels, and the decision from both."""

    lead: Lead
    history: tuple[Event, ...]
    funnels: Funnels
    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True)
class DueMail:
    """A message of the batch whose mail is to be sent at `message.slot`. `id` is its SQS message id.

    `known` is what was read and decided, None if that is yet to be done.
    """

    id: str
    message: DripMessage
    known: Assessed | None = None

    def still_fresh(self, now: datetime) -> Assessed | None:
        """What is known, or None if the lead has to be read anew."""
        return self.known if self.known and now - self.known.at < _FRESH else None


def has_slot(message: DripMessage, now: datetime) -> bool:
    """Whether the message has a slot that is still valid. After an outage it may be too late."""
    return message.slot is not None and now <= message.slot + HONOURED


def _slot(message: DripMessage) -> datetime:
    """The slot of a message that was given one."""
    assert message.slot is not None
    return message.slot


def with_slots(mails: Iterable[DueMail], failed: list[str], wiring: Wiring) -> list[DueMail]:
    """Give a slot to each mail without one, by one reservation a lane; return the mails by their slots.

    If the lane has no slot in time, the message is put back without one. If a reservation fails, the ids of
    its mails are added to `failed`; mails that had a slot keep it.
    """
    now = wiring.now()
    waiting: dict[str, list[DueMail]] = {}
    ready = []
    for mail in mails:
        if has_slot(mail.message, now):
            ready.append(mail)
        else:
            waiting.setdefault(lane_of(mail.message.step), []).append(mail)
    for lane, those in waiting.items():
        try:
            ready += _reserved(lane, those, wiring)
        except Exception:
            LOGGER.exception("no slots could be reserved", lane=lane)
            failed += [mail.id for mail in those]
    return sorted(ready, key=lambda mail: _slot(mail.message))


def _reserved(lane: str, mails: list[DueMail], wiring: Wiring) -> list[DueMail]:
    """The mails that got a slot within the hour. The others' messages are put back."""
    slots = wiring.pacer.reserve(lane, len(mails))
    for mail in mails[len(slots) :]:
        _reschedule(mail.message, wiring.pacer.next_free(lane), lane, wiring)
    return [replace(mail, message=mail.message.at(slot)) for mail, slot in zip(mails, slots, strict=False)]


def _reschedule(message: DripMessage, free: datetime, lane: str, wiring: Wiring) -> None:
    """Schedule the message again for a while before the lane's next free slot, at the earliest in as long.

    It has no slot then, so it is decided anew: quiet hours may have begun. As the schedule of a wait has one
    name, two messages of one mail become one here. The first lane's messages come every hour: a quota may be
    raised.
    """
    now = wiring.now()
    until = max(free - _BEFORE_SLOT, now + _BEFORE_SLOT)
    until = min(until, now + HORIZON) if lane == FIRST else until
    wiring.schedules.make(replace(message, slot=None), until)


def await_slot(message: DripMessage, begun: datetime, wiring: Wiring) -> bool:
    """Wait for the slot. If it is too far off, put the message back and return False.

    `begun` is the start of the invocation.
    """
    if _slot(message) - begun > NEAR or wiring.now() - begun > ENOUGH:
        put_back(message, wiring)
        return False
    left = _slot(message) - wiring.now()
    if left > timedelta(0):
        wiring.sleep(left.total_seconds())
    return True


def put_back(message: DripMessage, wiring: Wiring) -> None:
    """Have the message come again at its slot. The delay is rounded down: it must not come late."""
    slot = _slot(message)
    left = slot - wiring.now()
    if left <= timedelta(seconds=LONGEST_DELAY):
        wiring.queue.put(message, max(0, int(left.total_seconds())))
    else:
        wiring.schedules.make(message, slot - _EARLY)
