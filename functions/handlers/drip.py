"""The drip queue: send the mail that is due, once, and see to it that the next one comes.

The ledger's order is what keeps it to once: claim (a conditional put), send (one attempt), record. A crash
after the claim leaves the mail unknown; it is never sent again blindly, and the chain goes on when the
claim's lease ends. Every message may come twice, late, or never: the answer is always decided anew.
"""

from typing import Any

from aws.post import Refused
from aws.queue import DripMessage
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring
from leads import events
from leads.drip import Decision, Send, Stop, Wait, decide
from leads.events import SendId
from leads.funnel import Funnel
from leads.lead import Lead, fold
from leads.letter import write_letter
from leads.rules import SendingPolicy

_POLICY = SendingPolicy()

#: A lead may have this many mails due at one moment at most; more is a fault, and better stopped than sent.
_MOST_AT_ONCE = 3


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


def advance(message: DripMessage, wiring: Wiring) -> Decision:
    """Send what is due to this lead now, then schedule what comes next. Returns the decision it ended on."""
    funnel = wiring.funnels.funnel(message.magnet)
    for _ in range(_MOST_AT_ONCE):
        lead = fold(message.lead, wiring.ledger.events(message.lead))
        decision = decide(lead, funnel, message.magnet, wiring.now(), _POLICY)
        if not isinstance(decision, Send) or funnel is None:
            break
        _send(decision.send, lead, funnel, wiring)
    _go_on(decision, message, wiring)
    return decision


def _send(send: SendId, lead: Lead, funnel: Funnel, wiring: Wiring) -> None:
    mail = wiring.funnels.mail(funnel.slug, send.step)
    if mail is None:
        raise LookupError(f"the mail {funnel.slug}/{send.step} is not published")
    letter = write_letter(mail, funnel, lead, send, wiring.signer, wiring.now())
    if not wiring.ledger.append(lead.id, events.claimed(send, wiring.now())):
        return  # another worker has it; deciding anew says until when
    outcome = wiring.post.send(letter)
    if isinstance(outcome, Refused):
        wiring.count("MailRefused")
        wiring.ledger.append(lead.id, events.failed(send, wiring.now(), outcome.reason, outcome.retry))
    else:
        wiring.count("MailSent")
        wiring.ledger.append(lead.id, events.mailed(send, wiring.now(), outcome.message_id))


def _go_on(decision: Decision, message: DripMessage, wiring: Wiring) -> None:
    if isinstance(decision, Wait):
        wiring.schedules.make(DripMessage(message.lead, message.magnet, decision.step), decision.until)
    elif isinstance(decision, Stop) and decision.finished:
        wiring.ledger.append(message.lead, events.finished(message.magnet, wiring.now()))
    elif isinstance(decision, Send):
        raise RuntimeError(f"more than {_MOST_AT_ONCE} mails due at once: {decision.send}")


handler = on_lambda(respond)
