"""The mail queues: send the mail that is due, once, at its slot, and see to it that the next one comes.

The ledger's order is what keeps it to once: claim (a conditional put), send (one attempt), record. A crash
after the claim leaves the mail unknown; it is never sent again blindly, and the chain goes on when the
claim's lease ends. Every message may come twice, late, or never: the answer is always decided anew.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aws.mailer import Refused
from aws.queue import DripMessage
from handlers.chain import enqueue_next
from handlers.entry import LOGGER, on_lambda
from handlers.pacing import DueMail, await_slot, has_slot, with_slots
from handlers.wiring import Wiring
from leads import events
from leads.decisions import Decision, Send, Skip
from leads.drip import decide
from leads.events import Event
from leads.folding import fold
from leads.funnel import mail_name
from leads.lead import Lead
from leads.letter import write_letter
from leads.pace import lane_of
from leads.rules import SendingPolicy
from leads.variants import variant_of

_POLICY = SendingPolicy()


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Look at each message, reserve slots for the mails that are due, send each at its slot.

    Messages are handled each on its own; those that fail come back.
    """
    begun, failed = wiring.now(), []
    looked = [_tried(failed, each["messageId"], look, each, wiring) for each in event["Records"]]
    for due_mail in with_slots((each for each in looked if each), failed, wiring):
        _tried(failed, due_mail.id, take, due_mail, begun, wiring)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _tried(failed: list[str], id: str, act: Callable[..., DueMail | None], *arguments: Any) -> DueMail | None:
    try:
        return act(*arguments)
    except Exception:
        LOGGER.exception("a drip message failed", message_id=id)
        failed.append(id)
        return None


def look(record: dict[str, Any], wiring: Wiring) -> DueMail | None:
    """The mail that a message finds due. Where there is none, what comes next is seen to at once.

    One that comes at its slot is not looked into: that is decided when it is sent.
    """
    message = DripMessage.from_json(record["body"])
    if has_slot(message, wiring.now()):
        return DueMail(record["messageId"], message)
    history = wiring.ledger.events(message.lead)
    before = len(history)
    _, decision, history = next_move(message, history, wiring)
    if not isinstance(decision, Send):
        _conclude(decision, message, history, before, wiring)
        return None
    due = DripMessage(message.lead, message.magnet, decision.send.step)
    return DueMail(record["messageId"], due, tuple(history), wiring.now())


def take(due_mail: DueMail, begun: datetime, wiring: Wiring) -> None:
    """Send the mail once its slot has come."""
    if await_slot(due_mail.message, begun, wiring):
        advance(due_mail.message, wiring, due_mail.fresh_history(wiring.now()))


def advance(message: DripMessage, wiring: Wiring, history: list[Event] | None = None) -> None:
    """Send what is due to this lead now, if anything, and leave behind what brings the next mail.

    `history` are the lead's events where they were read a moment ago.
    """
    history = wiring.ledger.events(message.lead) if history is None else history
    before = len(history)
    lead, decision, history = next_move(message, history, wiring)
    if isinstance(decision, Send):
        news = _send(decision, lead, wiring)
        # Without news another worker has the mail: its claim is read from the table.
        history = [*history, *news] if news else wiring.ledger.events(message.lead)
        lead, decision, history = next_move(message, history, wiring)
    _conclude(decision, message, history, before, wiring)


def _conclude(
    decision: Decision, message: DripMessage, history: list[Event], before: int, wiring: Wiring
) -> None:
    """See to what comes next, and store the profile where there is news since the first `before` events.

    It is stored here and not by `react`, which the ledger's own events do not wake: the fold is at hand, and a
    mail costs one invocation instead of four.
    """
    end = enqueue_next(decision, message.lead, message.magnet, wiring)
    if len(history) > before or end:
        wiring.ledger.store_profile(fold(message.lead, [*history, end] if end else history))


def next_move(
    message: DripMessage, history: list[Event], wiring: Wiring
) -> tuple[Lead, Decision, list[Event]]:
    """What is next for the lead, once every step that is due and not for them is noted as skipped."""
    while True:
        lead = fold(message.lead, history)
        decision = decide(
            lead, wiring.funnels_of(lead, message.magnet), message.magnet, wiring.now(), _POLICY
        )
        if not isinstance(decision, Skip):
            return lead, decision, history
        note = events.skipped(
            message.magnet, decision.step, wiring.now(), decision.due, decision.reason, decision.words
        )
        # Another worker may have noted it first, in other words: theirs is what counts.
        stored = wiring.ledger.append(message.lead, note)
        history = [*history, note] if stored else wiring.ledger.events(message.lead)


def _send(decision: Send, lead: Lead, wiring: Wiring) -> tuple[Event, ...]:
    """Claim, send, record: the events that were stored, or none where the claim was another's."""
    send = decision.send
    funnel = wiring.funnels.funnel(send.magnet)
    variant = variant_of(lead.id, funnel, send.step)
    mail = wiring.funnels.mail(send.magnet, mail_name(send.step, variant))
    if mail is None:
        raise LookupError(f"the mail {send.magnet}/{mail_name(send.step, variant)} is not published")
    letter = write_letter(mail, funnel, lead, send, wiring.signer, wiring.now())
    claim = events.claimed(send, wiring.now(), wiring.nonce(), decision.due, variant)
    if not wiring.ledger.append(lead.id, claim):
        return ()
    outcome = wiring.mailer.send(letter)
    if isinstance(outcome, Refused):
        wiring.count("MailThrottled" if outcome.throttled else "MailRefused")
        record = events.failed(send, wiring.now(), outcome.reason, outcome.retry, outcome.throttled)
    else:
        wiring.count("MailSent")
        record = events.mailed(send, wiring.now(), outcome.message_id)
    wiring.ledger.append(lead.id, record)
    if isinstance(outcome, Refused) and outcome.throttled:
        wiring.pacer.hold(lane_of(send.step), 1)
    return claim, record


handler = on_lambda(respond, "ledger", "funnels", "mailer", "pacer", "schedules")
