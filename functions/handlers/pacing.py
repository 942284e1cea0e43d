"""The mails of a batch: one that is due gets a slot, and goes out at it; one whose slot is far off comes back then.

No mail is claimed before its slot has come, so whatever may happen while it waits (an unsubscribing, an edited
sequence, a crash) is seen by the decision that is made then.
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

#: A slot this near to the begin of an invocation is waited for in it; a message takes as long to come back.
NEAR = timedelta(seconds=3)

#: After so much of an invocation no further mail is begun: one that SES keeps waiting (`aws.clients`) must end
#: before the function's time-out does. Short, because six times the time-out is how long a message that failed
#: stays away.
ENOUGH = timedelta(seconds=20)

#: EventBridge Scheduler fires within a minute of the time: so much earlier, and the queue waits for the rest.
_EARLY = timedelta(seconds=60)

#: A backlog comes back so long before its slots, so that the lane has always some to give.
_BEFORE_DRY = timedelta(minutes=15)

#: What was read of a lead counts for this long.
_FRESH = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Assessed:
    """A lead as read and folded at `at`, the definitions by which was decided, and what was decided."""

    lead: Lead
    history: tuple[Event, ...]
    funnels: Funnels
    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True)
class DueMail:
    """A message of the batch, `id`, whose mail is to be sent at `message.slot`.

    `known` is what was read and decided of the lead, where that was done.
    """

    id: str
    message: DripMessage
    known: Assessed | None = None

    def still_fresh(self, now: datetime) -> Assessed | None:
        """What is known, unless the lead has to be read anew."""
        return self.known if self.known and now - self.known.at < _FRESH else None


def has_slot(message: DripMessage, now: datetime) -> bool:
    """Whether the message has a slot that still counts. One that an outage made late needs a new one."""
    return message.slot is not None and now <= message.slot + HONOURED


def _slot(message: DripMessage) -> datetime:
    """The slot of a message that was given one."""
    assert message.slot is not None
    return message.slot


def with_slots(mails: Iterable[DueMail], failed: list[str], wiring: Wiring) -> list[DueMail]:
    """The mails in the order of their slots. Those without are given one, by one reservation for each lane.

    Where the lane has none in time, the message comes back later, without. Where the reservation fails, those that
    wanted one have `failed`; the others' slots are as good as before.
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
    """Those of the mails for which there is a slot within the hour. The others' messages are put back."""
    slots = wiring.pacer.reserve(lane, len(mails))
    for mail in mails[len(slots) :]:
        _come_back(mail.message, wiring.pacer.next_free(lane), lane, wiring)
    return [replace(mail, message=mail.message.at(slot)) for mail, slot in zip(mails, slots, strict=False)]


def _come_back(message: DripMessage, free: datetime, lane: str, wiring: Wiring) -> None:
    """Have the message come again when the lane may have a slot for it, and a while before the lane runs dry.

    It comes without a slot, so it is decided anew: quiet hours may have begun. As the schedule of a wait has one
    name, two messages of one mail become one here. What a lead waits for comes every hour: a quota may be raised.
    """
    now = wiring.now()
    until = max(free - _BEFORE_DRY, now + _BEFORE_DRY)
    until = min(until, now + HORIZON) if lane == FIRST else until
    wiring.schedules.make(replace(message, slot=None), until)


def await_slot(message: DripMessage, begun: datetime, wiring: Wiring) -> bool:
    """Wait until the slot has come. False where it is too far off, and the message was put back instead.

    `begun` is when the invocation was.
    """
    if _slot(message) - begun > NEAR or wiring.now() - begun > ENOUGH:
        put_back(message, wiring)
        return False
    left = _slot(message) - wiring.now()
    if left > timedelta(0):
        wiring.sleep(left.total_seconds())
    return True


def put_back(message: DripMessage, wiring: Wiring) -> None:
    """Have the message come again at its slot. Rounded down: it is worth nothing a second later."""
    slot = _slot(message)
    left = slot - wiring.now()
    if left <= timedelta(seconds=LONGEST_DELAY):
        wiring.queue.put(message, max(0, int(left.total_seconds())))
    else:
        wiring.schedules.make(message, slot - _EARLY)
