"""What to send a lead next, if anything: `decide(lead, funnels, magnet, now, policy) -> Send | Wait | Skip | Stop`.

A pure function of the fold, so it may be asked at any time, by anyone, any number of times: the worker, a
redelivered message, a schedule that fired twice, the daily reconcile. The ledger (claim, attempt, outcome)
is among the lead's events, which is what makes the answer safe: a mail that may have gone out is never
answered with `Send` again, unless the owner wants each mail at least once.
"""

from collections.abc import Mapping
from datetime import datetime

from leads import frequency
from leads.attempts import Settled, mail_state
from leads.decisions import Decision, Stop
from leads.enrolment import Enrolment
from leads.funnel import DELIVERY, OPT_IN, YOUR_DATA, Funnel
from leads.lead import WAY_BACK, Lead
from leads.rules import SendingPolicy
from leads.sequence import next_of_sequence

#: The definitions of the magnets a lead asked for, by slug; None for one that was withdrawn.
Funnels = Mapping[str, Funnel | None]


def decide(lead: Lead, funnels: Funnels, magnet: str, now: datetime, policy: SendingPolicy) -> Decision:
    """What is next for this lead in this magnet's funnel, with regard to the lead's other funnels."""
    enrolment, funnel = lead.enrolments.get(magnet), funnels.get(magnet)
    if enrolment is None or not enrolment.asks or not lead.email:
        return Stop("no e-mail address" if enrolment and enrolment.asks else "not enrolled")
    if funnel is None:
        return Stop("the magnet was withdrawn")
    answer = _answer(lead, enrolment, funnel, now, policy)
    if answer:
        return answer
    barred = _barred(lead, enrolment)
    if barred:
        return Stop(barred)
    own = next_of_sequence(lead, enrolment, funnel, now, policy)
    return frequency.with_frequency_limits(own, lead, funnels, magnet, now, policy)


def _answer(
    lead: Lead, enrolment: Enrolment, funnel: Funnel, now: datetime, policy: SendingPolicy
) -> Decision | None:
    """The mail that answers what the lead did last: it asks whether they meant it, or brings what they asked for."""
    if lead.suppression and lead.suppression.reason == "bounced":
        return None
    if enrolment.requests:
        data = mail_state(
            enrolment, YOUR_DATA, len(enrolment.requests), now, policy, funnel.sending.unsettled
        )
        if not isinstance(data, Settled):
            return data
    if _barred(lead, enrolment):
        return None
    ask = len(enrolment.asks)
    step = OPT_IN if enrolment.status == "unconfirmed" else DELIVERY
    mail = mail_state(enrolment, step, ask, now, policy, funnel.sending.unsettled)
    if not isinstance(mail, Settled):
        return mail
    return Stop("waiting for the lead to confirm") if step == OPT_IN else None


def _barred(lead: Lead, enrolment: Enrolment) -> str:
    """Why no mail at all may go out, or "". Whoever asks anew may be asked whether they mean it."""
    if enrolment.status == "unsubscribed":
        return "unsubscribed"
    known = lead.suppression
    asks_anew = enrolment.status == "unconfirmed" and known and known.reason in WAY_BACK
    return f"suppressed: {known.reason}" if known and not asks_anew else ""
