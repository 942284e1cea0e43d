"""What to send a lead next, if anything: `decide(lead, funnels, magnet, now) -> Send | Wait | Skip | Stop`.

It is a pure function of the fold, so it may be called at any time and any number of times: by the worker, for
a redelivered message, for a schedule that fired twice, by the daily reconcile. The lead's events include each
mail's claim and outcome, so a mail that may have gone out is never a `Send` again, unless the owner wants
each mail at least once.
"""

from collections.abc import Mapping
from datetime import datetime

from leads import frequency
from leads.attempts import Settled, mail_state
from leads.decisions import Decision, Send, Skip, Stop, Wait
from leads.enrolment import Enrolment
from leads.feature import Enrolled, MailType
from leads.funnel import Funnel
from leads.lead import WAY_BACK, Lead
from leads.mail_types import mail_types_of
from leads.sequence import next_of_sequence

#: The definitions of the magnets a lead asked for, by slug; None for one that was withdrawn.
Funnels = Mapping[str, Funnel | None]


def decide(lead: Lead, funnels: Funnels, magnet: str, now: datetime) -> Decision:
    """Decide what is next for this lead in this magnet's funnel, with regard to their other funnels."""
    enrolment, funnel = lead.enrolments.get(magnet), funnels.get(magnet)
    if enrolment is None or not enrolment.asks or not lead.email:
        return Stop("no e-mail address" if enrolment and enrolment.asks else "not enrolled")
    if funnel is None:
        return Stop("the magnet was withdrawn")
    barred = _barred(lead, enrolment)
    answer, later = _answer(Enrolled(lead, enrolment, funnel), barred, now)
    if answer:
        return answer
    if barred:
        return Stop(barred)
    if enrolment.status == "unconfirmed":
        return Stop("waiting for the lead to confirm")
    own = next_of_sequence(lead, enrolment, funnel, now)
    return _earlier(frequency.with_frequency_limits(own, lead, funnels, magnet, now), later)


def _earlier(own: Decision, later: Wait | None) -> Decision:
    """What is first: the sequence's own decision, or the wait for a mail whose window is still to open.

    The end of the sequence is noted once no such mail is to come, because nothing would wake the worker after it.
    """
    if later is None or isinstance(own, Send | Skip):
        return own
    return own if isinstance(own, Wait) and own.until <= later.until else later


def _answer(enrolled: Enrolled, barred: str, now: datetime) -> tuple[Decision | None, Wait | None]:
    """Decide about the mails that answer the lead, such as opt-in and delivery; None if none is due.

    The second value is the wait for the first of them that is not due yet.
    """
    later: list[Wait] = []
    suppression = enrolled.lead.suppression
    if suppression and suppression.reason == "bounced":
        return None, None
    for row in mail_types_of(enrolled.funnel.features):
        if not _may_go(row, enrolled.enrolment, barred):
            continue
        for number in row.asked_for(enrolled):
            mail = mail_state(enrolled.enrolment, row.step, number, now, enrolled.funnel.sending)
            if isinstance(mail, Settled):
                continue
            window = row.window(enrolled, number)
            if window.opens and window.opens > now:
                later.append(Wait(row.step, window.opens, "due then"))
            elif window.closes is None or now < window.closes or isinstance(mail, Wait):
                return mail, None
    return None, min(later, key=lambda each: each.until, default=None)


def _may_go(row: MailType, enrolment: Enrolment, barred: str) -> bool:
    """Whether a lead in this state may get such a mail at all."""
    if barred and not row.although_suppressed:
        return False
    return not row.only_if_confirmed or enrolment.status == "confirmed"


def _barred(lead: Lead, enrolment: Enrolment) -> str:
    """Why no mail may go out, or "". A suppressed lead who asks again may get the opt-in mail."""
    if enrolment.status == "unsubscribed":
        return "unsubscribed"
    known = lead.suppression
    asks_anew = enrolment.status == "unconfirmed" and known and known.reason in WAY_BACK
    return f"suppressed: {known.reason}" if known and not asks_anew else ""
