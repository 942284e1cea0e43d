"""The owner's notices: mail them, each at a slot of the first lane."""

from aws.mailer import Refused
from aws.queue import DripMessage
from handlers.wiring import Wiring
from leads import events
from leads.mail_types import OWNER_NOTICE
from leads.notice_letter import write_notice
from leads.outbox import pending_notices
from leads.pace import lane_of


class NotDelivered(Exception):
    """SES refused a notice. SQS delivers the message again, and the daily repair makes another."""


def is_notice(message: DripMessage) -> bool:
    """Whether a message asks for the owner's notices."""
    return message.step == OWNER_NOTICE


def deliver_notices(message: DripMessage, wiring: Wiring) -> None:
    """Mail the owner the pending notices of a lead, and store each. Raises NotDelivered if SES refuses one.

    A notice of a withdrawn magnet is not mailed: its owner's address is not known any more. A notice without
    a magnet is mailed as one of any magnet that the lead asked for.
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
        # `react` does not see this event, so the profile is stored here.
        wiring.ledger.store_profile(wiring.fold(lead.id, history))
