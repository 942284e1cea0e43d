"""Frequency limits of a lead with many magnets: caps, the order of mails, what follows a long silence.

The limits concern sequences alone: a mail that the lead asked for goes out at once. Within one sequence the
author's timing counts: two mails set for one day go out on one day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from leads import timing
from leads.attempts import Settled, mail_state
from leads.decisions import Decision, Send, Stop, Wait
from leads.enrolment import Attempt, Enrolment
from leads.funnel import Funnel, Step
from leads.instants import zone
from leads.lead import Lead
from leads.mail_types import STILL_THERE, is_transactional
from leads.sequence import next_of_sequence
from leads.wall_clock import day_start, instant, local_day, local_time

_WEEK, _OVERDUE = timedelta(days=7), timedelta(days=1)
#: Outcomes of a mail that nobody can have read.
NEVER_ARRIVED = frozenset({"bounced", "rejected", "unrendered"})
#: The smallest rank goes first: by priority, then by the instant when the mail is due, then by slug.
_Rank = tuple[int, datetime, str]
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Day:
    """A calendar day in the lead's time zone."""

    begin: datetime
    end: datetime
    where: ZoneInfo

    @classmethod
    def of(cls, at: datetime, where: ZoneInfo) -> "_Day":
        today = local_day(at, where)
        return cls(day_start(today, where), day_start(today + timedelta(days=1), where), where)


def with_frequency_limits(
    own: Decision,
    lead: Lead,
    funnels: Mapping[str, Funnel | None],
    magnet: str,
    now: datetime,
) -> Decision:
    """The decision `own` of the magnet's sequence, or a wait for a cap or another magnet's mail."""
    funnel = funnels[magnet]
    if not isinstance(own, Send) or funnel is None:
        return own
    asked = _after_long_silence(lead, funnels, magnet, now)
    if asked is not None and not isinstance(asked, Send):
        return asked
    day = _Day.of(now, zone(lead.time_zone, funnel.time_zone))
    until, reason = _held(own, lead, funnels, funnel, day, now)
    if reason:
        step = next((each for each in funnel.steps if each.slug == own.send.step), Step(own.send.step))
        at = _same_hour(until, own.due, day.where)
        allowed = timing.next_allowed(at, step, day.where, funnel.sending.quiet)
        return Wait(own.send.step, allowed, reason)
    return asked or own


def _held(
    own: Send,
    lead: Lead,
    funnels: Mapping[str, Funnel | None],
    funnel: Funnel,
    day: _Day,
    now: datetime,
) -> tuple[datetime, str]:
    """Until when the mail has to wait (the start of a day), and why; the reason is "" if it need not wait."""
    sending, rank = funnel.sending, _rank(funnel, own.due or now)
    others = [
        each.at
        for each in _sent(lead, own)
        if day.begin <= each.at < day.end and each.send.magnet != funnel.slug
    ]
    if sending.a_day and len(others) >= sending.a_day:
        return day.end, "the lead has had a mail of another magnet today"
    full_until = _week_is_full_until(1 if lead.weekly else sending.a_week, lead, own, day)
    if full_until > day.begin:
        return full_until, "the lead has had their mails of this week"
    if sending.a_day and any(theirs < rank for theirs in _rivals(lead, funnels, funnel.slug, day, now)):
        return day.end, "another magnet's mail goes first today"
    return now, ""


def _week_is_full_until(a_week: int, lead: Lead, own: Send, day: _Day) -> datetime:
    """The start of the first day whose last seven days hold fewer than `a_week` mails, long ago without cap.

    It counts days and not hours: if a mail went out some seconds late, or before the clocks were put forward,
    the next one of the same hour and weekday must not wait another week.
    """
    days = sorted(local_day(each.at, day.where) for each in _sent(lead, own))
    return day_start(days[-a_week] + _WEEK, day.where) if 0 < a_week <= len(days) else _LONG_AGO


def _sent(lead: Lead, own: Send) -> Iterator[Attempt]:
    """The mails of all sequences that the lead got or may have got: attempts that did not certainly fail."""
    for enrolment in lead.enrolments.values():
        for each in enrolment.attempts:
            counts = each.outcome != "failed" and each.send != own.send
            if counts and not is_transactional(each.send.step):
                yield each


def _rivals(
    lead: Lead,
    funnels: Mapping[str, Funnel | None],
    magnet: str,
    day: _Day,
    now: datetime,
) -> Iterator[_Rank]:
    """The ranks of the mails that other magnets have for this lead today.

    All workers compute the same order: if two have one mail each for one lead, one of them waits.
    """
    for slug, enrolment in lead.enrolments.items():
        funnel = funnels.get(slug)
        if slug == magnet or funnel is None or enrolment.status != "confirmed":
            continue
        theirs = next_of_sequence(lead, enrolment, funnel, now)
        if isinstance(theirs, Send):
            # A mail that is a day overdue has another problem, and does not delay the others.
            if theirs.due is None or now - theirs.due < _OVERDUE:
                yield _rank(funnel, theirs.due or now)
        elif isinstance(theirs, Wait) and theirs.until < day.end:
            yield _rank(funnel, theirs.until)


def _rank(funnel: Funnel, due: datetime) -> _Rank:
    return -funnel.priority, due, funnel.slug


def _same_hour(until: datetime, due: datetime | None, where: ZoneInfo) -> datetime:
    """The instant on the day that begins at `until`, at the hour at which the mail was due."""
    if due is None:
        return until
    return instant(datetime.combine(local_day(until, where), local_time(due, where)), where)


def _after_long_silence(
    lead: Lead, funnels: Mapping[str, Funnel | None], magnet: str, now: datetime
) -> Decision | None:
    """After `sunset` seconds without a sign of life, ask once whether to go on, then stop; None before."""
    funnel, silent_since = funnels[magnet], lead.last_sign or lead.created_at
    if funnel is None or not funnel.sending.sunset or silent_since is None:
        return None
    if now - silent_since < timedelta(seconds=funnel.sending.sunset):
        return None
    if any(
        _asked(lead.enrolments[slug], silent_since) for slug in funnels if slug != magnet and funnels[slug]
    ):
        return Stop("asked whether to go on, and not answered")
    enrolment = lead.enrolments[magnet]
    answered = {
        each.send.ask
        for each in _questions(enrolment)
        if each.at <= silent_since or each.outcome in NEVER_ARRIVED
    }
    mail = mail_state(enrolment, STILL_THERE, len(answered) + 1, now, funnel.sending)
    return Stop("asked whether to go on, and not answered") if isinstance(mail, Settled) else mail


def _asked(enrolment: Enrolment, silent_since: datetime) -> bool:
    """Whether a running sequence has asked whether to go on since the lead's last sign of life."""
    running = enrolment.status == "confirmed" and not enrolment.finished_at
    return running and any(
        each.at > silent_since and each.outcome not in ("failed", *NEVER_ARRIVED)
        for each in _questions(enrolment)
    )


def _questions(enrolment: Enrolment) -> list[Attempt]:
    return [each for each in enrolment.attempts if each.send.step == STILL_THERE]
