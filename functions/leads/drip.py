"""What to send a lead next, if anything: `decide(lead, funnels, magnet, now) -> Send | Wait | Skip | Stop`.

It is a pure function of the fold, so it may be called at any time and any number of times: by the worker, for
a redelivered message, for a schedule that fired twice, by the daily reconcile. The lead's events include each
mail's claim and outcome, so a mail that may have gone out is never a `Send` again, unless the owner wants
each mail at least once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from leads import frequency
from leads.attempts import Settled, mail_state
from leads.decisions import Decision, Send, Skip, Stop, Wait
from leads.enrolment import Enrolment
from leads.feature import Enrolled, MailType
from leads.funnel import Funnel
from leads.lead import WAY_BACK, Lead
from leads.mail_types import DELIVERY, mail_types_of
from leads.sequence import next_of_sequence

#: The definitions of the magnets a lead asked for, by slug; None for one that was withdrawn.
Funnels = Mapping[str, Funnel | None]

#: Why a mail beside the sequence waits: its window is not open yet.
NOT_OPEN = "due then"


def decide(lead: Lead, funnels: Funnels, magnet: str, now: datetime) -> Decision:
    """Decide what is next for this lead in this magnet's funnel, with regard to their other funnels."""
    enrolment, funnel = lead.enrolments.get(magnet), funnels.get(magnet)
    if enrolment is None or not enrolment.asks or not lead.email:
        return Stop("no e-mail address" if enrolment and enrolment.asks else "not enrolled")
    if funnel is None:
        return Stop("the magnet was withdrawn")
    barred, enrolled = _barred(lead, enrolment), Enrolled(lead, enrolment, funnel)
    answer, later = _answer(enrolled, barred, now)
    if answer:
        return answer
    if barred:
        return Stop(barred)
    if enrolment.status == "unconfirmed":
        return _first(*later, Stop("waiting for the lead to confirm"))
    own = next_of_sequence(lead, enrolment, funnel, now)
    beside = _reminder(enrolled, now)
    limited = (frequency.with_frequency_limits(each, lead, funnels, magnet, now) for each in (*beside, own))
    return _first(*limited, *later)


def _first(*decisions: Decision) -> Decision:
    """What is first: a mail that is due, else the earliest wait, else the sequence's own end.

    The end of a sequence is noted once no other mail is to come, because nothing would wake the worker after it.
    """
    due = next((each for each in decisions if isinstance(each, Send | Skip)), None)
    waits = [each for each in decisions if isinstance(each, Wait)]
    stops = [each for each in decisions if isinstance(each, Stop)]
    return due or min(waits, key=lambda each: each.until, default=None) or stops[-1]


def _answer(enrolled: Enrolled, barred: str, now: datetime) -> tuple[Decision | None, tuple[Wait, ...]]:
    """Decide about the mails that answer the lead, such as opt-in and delivery; None if none is due.

    The second value are the waits for those that are not due yet.
    """
    suppression = enrolled.lead.suppression
    if suppression and suppression.reason == "bounced":
        return None, ()
    later: list[Wait] = []
    for row in mail_types_of(enrolled.funnel.features):
        if not row.transactional or not _may_go(row, enrolled, barred):
            continue
        for mail in _asked_for(row, enrolled, now):
            if isinstance(mail, Send) or mail.reason != NOT_OPEN:
                return mail, ()
            later.append(mail)
    return None, tuple(later)


def _reminder(enrolled: Enrolled, now: datetime) -> tuple[Send | Wait, ...]:
    """The mails beside the sequence that the lead did not ask for: those who agreed to mails alone get them."""
    if not enrolled.enrolment.consent.get("given"):
        return ()
    rows = (each for each in mail_types_of(enrolled.funnel.features) if not each.transactional)
    return tuple(mail for row in rows for mail in _asked_for(row, enrolled, now))


def _asked_for(row: MailType, enrolled: Enrolled, now: datetime) -> Iterator[Send | Wait]:
    """The mails of a row that are to be sent, now or later, each with the start of its window as its due time."""
    for number in row.asked_for(enrolled):
        mail = mail_state(enrolled.enrolment, row.step, number, now, enrolled.funnel.sending)
        if isinstance(mail, Settled):
            continue
        window = row.window(enrolled, number)
        if window.opens and window.opens > now:
            yield Wait(row.step, window.opens, NOT_OPEN)
        elif isinstance(mail, Wait):
            yield mail
        elif window.closes is None or now < window.closes:
            yield replace(mail, due=window.opens)


def _may_go(row: MailType, enrolled: Enrolled, barred: str) -> bool:
    """Whether a lead in this state may get such a mail at all.

    A form that would add consent to a confirmed enrolment waits for its confirmation, and perhaps it is a stranger's:
    only its own delivery waits with it.
    """
    if barred and not row.although_suppressed:
        return False
    enrolment = enrolled.enrolment
    if not row.only_if_confirmed or enrolment.status == "confirmed":
        return True
    was_confirmed = enrolment.confirmed_at and not enrolment.ended_at and not enrolled.lead.suppression
    return bool(was_confirmed) and row.step != DELIVERY


def _barred(lead: Lead, enrolment: Enrolment) -> str:
    """Why no mail may go out, or "". A suppressed lead who asks again may get the opt-in mail."""
    if enrolment.status == "unsubscribed":
        return "unsubscribed"
    known = lead.suppression
    asks_anew = enrolment.status == "unconfirmed" and known and known.reason in WAY_BACK
    return f"suppressed: {known.reason}" if known and not asks_anew else ""
