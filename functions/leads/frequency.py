"""Many magnets, one person: how often a lead is written to, whose mail goes first, and when silence is an answer.

All of it concerns sequences alone. What a lead has asked for goes out at once. Within one sequence the author's own
timing counts: two mails that they put on one day go out on one day.
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
#: Outcomes of a question that nobody can have read.
_NEVER_ARRIVED = frozenset({"bounced", "rejected", "unrendered"})
#: Whose mail goes first, the smallest of all: by priority, then by the time it is due, then by name.
_Rank = tuple[int, datetime, str]
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Day:
    """The lead's own day that an instant falls on."""

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
    """`own` is what the magnet's sequence says; its mail waits while another's turn or a cap stands before it."""
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
    """The begin of the day until which the mail is held up, and why; no reason where it is not."""
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
    """The begin of the first day that is not within seven of `a_week` mails; long ago where there is no cap.

    Days and not hours: a mail that went out some seconds late, or before the clocks were put forward, must not make
    its successor of the same hour and weekday wait for the week after.
    """
    days = sorted(local_day(each.at, day.where) for each in _sent(lead, own))
    return day_start(days[-a_week] + _WEEK, day.where) if 0 < a_week <= len(days) else _LONG_AGO


def _sent(lead: Lead, own: Send) -> Iterator[Attempt]:
    """The mails of any sequence that the lead got, or may have got. What certainly failed is no mail."""
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

    Whoever asks sees the same order, so of two workers with a mail each for one lead, one waits.
    """
    for slug, enrolment in lead.enrolments.items():
        funnel = funnels.get(slug)
        if slug == magnet or funnel is None or enrolment.status != "confirmed":
            continue
        theirs = next_of_sequence(lead, enrolment, funnel, now)
        if isinstance(theirs, Send):
            # One that should have gone out yesterday is in trouble of its own, and holds up nobody.
            if theirs.due is None or now - theirs.due < _OVERDUE:
                yield _rank(funnel, theirs.due or now)
        elif isinstance(theirs, Wait) and theirs.until < day.end:
            yield _rank(funnel, theirs.until)


def _rank(funnel: Funnel, due: datetime) -> _Rank:
    return -funnel.priority, due, funnel.slug


def _same_hour(until: datetime, due: datetime | None, where: ZoneInfo) -> datetime:
    """A mail that has to wait for the day that begins at `until` keeps the hour it was due at."""
    if due is None:
        return until
    return instant(datetime.combine(local_day(until, where), local_time(due, where)), where)


def _after_long_silence(
    lead: Lead, funnels: Mapping[str, Funnel | None], magnet: str, now: datetime
) -> Decision | None:
    """After `sunset` seconds without a sign of life: the question whether to go on, once, then nothing."""
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
        if each.at <= silent_since or each.outcome in _NEVER_ARRIVED
    }
    mail = mail_state(enrolment, STILL_THERE, len(answered) + 1, now, funnel.sending)
    return Stop("asked whether to go on, and not answered") if isinstance(mail, Settled) else mail


def _asked(enrolment: Enrolment, silent_since: datetime) -> bool:
    """Whether a sequence that still runs has put the question since the lead fell silent."""
    running = enrolment.status == "confirmed" and not enrolment.finished_at
    return running and any(
        each.at > silent_since and each.outcome not in ("failed", *_NEVER_ARRIVED)
        for each in _questions(enrolment)
    )


def _questions(enrolment: Enrolment) -> list[Attempt]:
    return [each for each in enrolment.attempts if each.send.step == STILL_THERE]
