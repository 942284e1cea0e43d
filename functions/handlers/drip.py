"""The mail queues: send the mail that is due, once, at its slot, and create the wakeup of the next one.

The order of writes guarantees "once": claim (a conditional put), send (one attempt), record. If a crash
follows the claim, nobody knows whether the mail went out; it is not sent again without the owner's choice,
and the sequence goes on when the claim's lease ends. A message may come twice, late, or never: what is due is
always decided anew.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aws.mailer import Refused
from aws.queue import DripMessage
from handlers.chain import enqueue_next
from handlers.entry import LOGGER, on_lambda
from handlers.notices import deliver_notices, is_notice
from handlers.pacing import Assessed, DueMail, await_slot, has_slot, with_slots
from handlers.wiring import Wiring
from leads import events
from leads.decisions import Send, Skip
from leads.drip import decide
from leads.events import Event
from leads.funnel import mail_name
from leads.letter import write_letter
from leads.pace import lane_of
from leads.variants import variant_of


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Look at each message, reserve slots for the mails that are due, send each at its slot.

    Each message is handled on its own; SQS delivers those that failed again.
    """
    begun = wiring.now()
    failed: list[str] = []
    due = [_tried(failed, each["messageId"], triage, each, wiring) for each in event["Records"]]
    for mail in with_slots((each for each in due if each), failed, wiring):
        _tried(failed, mail.id, send_at_slot, mail, begun, wiring)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _tried(failed: list[str], id: str, act: Callable[..., DueMail | None], *arguments: Any) -> DueMail | None:
    try:
        return act(*arguments)
    except Exception:
        LOGGER.exception("a drip message failed", message_id=id)
        failed.append(id)
        return None


def triage(record: dict[str, Any], wiring: Wiring) -> DueMail | None:
    """Find the mail that is due for a message. If none is due, enqueue what comes next and return None.

    A message that has a slot, or a notice to the owner, is decided later: just before it is sent.
    """
    message = DripMessage.from_json(record["body"])
    if has_slot(message, wiring.now()) or is_notice(message):
        return DueMail(record["messageId"], message)
    found, stored = assess(message, wiring.ledger.events(message.lead), wiring)
    if not isinstance(found.decision, Send):
        _conclude(found, message, stored, wiring)
        return None
    due = DripMessage(message.lead, message.magnet, found.decision.send.step)
    return DueMail(record["messageId"], due, found)


def send_at_slot(mail: DueMail, begun: datetime, wiring: Wiring) -> None:
    """Send the mail once its slot has come."""
    if not await_slot(mail.message, begun, wiring):
        return
    if is_notice(mail.message):
        deliver_notices(mail.message, wiring)
    else:
        send_due(mail.message, wiring, mail.still_fresh(wiring.now()))


def send_due(message: DripMessage, wiring: Wiring, known: Assessed | None = None) -> None:
    """Send what is due to this lead now, if anything, and create the wakeup of the next mail.

    `known` is what was read and decided a moment ago.
    """
    stored = False
    if known is None:
        known, stored = assess(message, wiring.ledger.events(message.lead), wiring)
    if isinstance(known.decision, Send):
        stored_events = _send(known.decision, known, wiring)
        # No new events mean that another worker has claimed the mail: its claim is read from the table.
        history = [*known.history, *stored_events] if stored_events else wiring.ledger.events(message.lead)
        known, more = assess(message, history, wiring)
        stored = stored or more or bool(stored_events)
    _conclude(known, message, stored, wiring)


def assess(message: DripMessage, history: list[Event], wiring: Wiring) -> tuple[Assessed, bool]:
    """Decide what is next for the lead. Steps that are due and not for them are stored as skipped.

    The second value says whether any step was.
    """
    noted, magnet = False, message.magnet
    while True:
        now = wiring.now()
        lead = wiring.fold(message.lead, history)
        funnels = wiring.funnels_of(lead, magnet)
        decision = decide(lead, funnels, magnet, now)
        if not isinstance(decision, Skip):
            return Assessed(lead, tuple(history), funnels, decision, now), noted
        words = decision.words
        note = events.skipped(magnet, decision.step, now, decision.due, decision.reason, words)
        # Another worker may have stored the skip first, with other words: its event is the one that counts.
        stored = wiring.ledger.append(message.lead, note)
        history = [*history, note] if stored else wiring.ledger.events(message.lead)
        noted = True


def _conclude(found: Assessed, message: DripMessage, stored: bool, wiring: Wiring) -> None:
    """Enqueue what comes next, and store the profile where events were `stored`.

    It is stored here and not by `react`, which the ledger's own events do not wake: the fold is at hand, and a
    mail costs one invocation instead of four.
    """
    end = enqueue_next(found.decision, message.lead, message.magnet, wiring)
    if end:
        wiring.ledger.store_profile(wiring.fold(message.lead, [*found.history, end]))
    elif stored:
        wiring.ledger.store_profile(found.lead)


def _send(decision: Send, known: Assessed, wiring: Wiring) -> tuple[Event, ...]:
    """Claim, send, record. Returns the stored events; none if another worker has the claim."""
    send, lead, funnel = decision.send, known.lead, known.funnels[decision.send.magnet]
    assert funnel is not None  # `decide` sends nothing of a withdrawn magnet
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
