"""The drip queue: send the mail that is due, once, and see to it that the next one comes.

The ledger's order is what keeps it to once: claim (a conditional put), send (one attempt), record. A crash
after the claim leaves the mail unknown; it is never sent again blindly, and the chain goes on when the
claim's lease ends. Every message may come twice, late, or never: the answer is always decided anew.
"""

from typing import Any

from aws.post import Refused
from aws.queue import DripMessage
from handlers.chain import see_to
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring
from leads import events
from leads.decisions import Decision, Pass, Send
from leads.drip import decide
from leads.events import Event
from leads.funnel import mail_name
from leads.lead import Lead, fold
from leads.letter import write_letter
from leads.rules import SendingPolicy
from leads.variants import variant_of

_POLICY = SendingPolicy()


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Handle each message on its own; those that fail come back."""
    failed = []
    for record in event["Records"]:
        try:
            advance(DripMessage.from_json(record["body"]), wiring)
        except Exception:
            LOGGER.exception("a drip message failed", message_id=record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def advance(message: DripMessage, wiring: Wiring) -> None:
    """Send what is due to this lead now, if anything, and leave behind what brings the next mail.

    The profile is stored here and not by `react`, which the ledger's own events do not wake: the fold is at
    hand, and a mail costs one invocation instead of four.
    """
    history = wiring.ledger.events(message.lead)
    before = len(history)
    lead, decision, history = next_move(message, history, wiring)
    if isinstance(decision, Send):
        news = _send(decision, lead, wiring)
        # Without news another worker has the mail: its claim is read from the table.
        history = [*history, *news] if news else wiring.ledger.events(message.lead)
        lead, decision, history = next_move(message, history, wiring)
    end = see_to(decision, message.lead, message.magnet, wiring)
    if len(history) > before or end:
        wiring.ledger.store_profile(fold(message.lead, [*history, end] if end else history))


def next_move(
    message: DripMessage, history: list[Event], wiring: Wiring
) -> tuple[Lead, Decision, list[Event]]:
    """What is next for the lead, once every step that is due and not for them is noted as passed over."""
    while True:
        lead = fold(message.lead, history)
        decision = decide(
            lead, wiring.funnels_of(lead, message.magnet), message.magnet, wiring.now(), _POLICY
        )
        if not isinstance(decision, Pass):
            return lead, decision, history
        note = events.passed(
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
    outcome = wiring.post.send(letter)
    if isinstance(outcome, Refused):
        wiring.count("MailRefused")
        record = events.failed(send, wiring.now(), outcome.reason, outcome.retry)
    else:
        wiring.count("MailSent")
        record = events.mailed(send, wiring.now(), outcome.message_id)
    wiring.ledger.append(lead.id, record)
    return claim, record


handler = on_lambda(respond, "ledger", "funnels", "post", "schedules")
