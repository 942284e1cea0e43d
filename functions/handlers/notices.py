"""The owner's notices: mail them, at a slot of the first lane like whatever a lead waits for."""

from aws.mailer import Refused
from aws.queue import DripMessage
from handlers.wiring import Wiring
from leads import events
from leads.mail_types import OWNER_NOTICE
from leads.notice_letter import write_notice
from leads.outbox import pending_notices
from leads.pace import lane_of


class NotDelivered(Exception):
    """SES did not take a notice. The message comes back, and the daily repair brings another."""


def is_notice(message: DripMessage) -> bool:
    """Whether a message is about what the owner is to be told."""
    return message.step == OWNER_NOTICE


def deliver_notices(message: DripMessage, wiring: Wiring) -> None:
    """Mail the owner what they have yet to be told of the lead, and note each. Raises NotDelivered if SES refuses.

    One of a magnet that was withdrawn goes nowhere: nobody knows any more whose it was. One of no magnet is told as
    one of any that the lead asked for.
    """
    history = wiring.ledger.events(message.lead)
    lead = wiring.fold(message.lead, history)
    for event, notice in pending_notices(lead, history, wiring.now()):
        slugs = (event.magnet,) if event.magnet else tuple(lead.enrolments)
        funnel = next(filter(None, map(wiring.funnels.funnel, slugs)), None)
        if funnel is None:
            continue
        outcome = wiring.mailer.send(write_notice(notice, lead, funnel))
        if isinstance(outcome, Refused):
            if outcome.throttled:
                wiring.pacer.hold(lane_of(OWNER_NOTICE), 1)
            raise NotDelivered(outcome.reason)
        note = events.owner_notified(event, wiring.now())
        wiring.ledger.append(lead.id, note)
        wiring.count("OwnerNotified")
        history = [*history, note]
        # The stream does not hand it to `react`.
        wiring.ledger.store_profile(wiring.fold(lead.id, history))
