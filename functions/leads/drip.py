"""What to send a lead next, if anything: `decide(lead, funnel, now) -> Send | Wait | Stop`.

A pure function of the fold, so it may be asked at any time, by anyone, any number of times: the worker, a
redelivered message, a schedule that fired twice, the daily reconcile. The ledger (claim, attempt, outcome)
is among the lead's events, which is what makes the answer safe: a mail that may have gone out is never
answered with `Send` again.
"""

from dataclasses import dataclass
from datetime import datetime

from leads.enrolment import Attempt, Enrolment
from leads.events import SendId
from leads.funnel import DELIVERY, OPT_IN, Funnel, Step
from leads.instants import due_at, zone
from leads.lead import Lead
from leads.rules import SendingPolicy


@dataclass(frozen=True, slots=True)
class Send:
    """This mail is due: claim it, send it, record what came of it. `due`: since when, for a step."""

    send: SendId
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until`; then ask again. `reason`, for people."""

    step: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing more until the lead does something. `finished`: the sequence has come to its end just now."""

    reason: str
    finished: bool = False


Decision = Send | Wait | Stop


@dataclass(frozen=True, slots=True)
class _Settled:
    """A mail that needs nothing more; it counts as gone out at `at`."""

    at: datetime


def decide(lead: Lead, funnel: Funnel | None, magnet: str, now: datetime, policy: SendingPolicy) -> Decision:
    """What is next for this lead in this magnet's funnel. `funnel` is None once the magnet is withdrawn."""
    enrolment = lead.enrolments.get(magnet)
    barred = _barred(lead, enrolment, funnel)
    if barred or enrolment is None or funnel is None:
        return Stop(barred or "not enrolled")
    ask = len(enrolment.asks)
    if enrolment.status == "unconfirmed":
        opt_in = _mail(enrolment, OPT_IN, ask, now, policy)
        return Stop("waiting for the lead to confirm") if isinstance(opt_in, _Settled) else opt_in
    delivery = _mail(enrolment, DELIVERY, ask, now, policy)
    if not isinstance(delivery, _Settled):
        return delivery
    return _next_of_sequence(lead, enrolment, funnel, now, policy)


def _barred(lead: Lead, enrolment: Enrolment | None, funnel: Funnel | None) -> str:
    """Why no mail at all may go out, or ""."""
    if enrolment is None or not enrolment.asks:
        return "not enrolled"
    if enrolment.status == "unsubscribed":
        return "unsubscribed"
    if not lead.email:
        return "no e-mail address"
    if lead.suppression and lead.suppression.reason != "unsubscribed":
        return f"suppressed: {lead.suppression.reason}"
    return "" if funnel else "the magnet was withdrawn"


def _next_of_sequence(
    lead: Lead, enrolment: Enrolment, funnel: Funnel, now: datetime, policy: SendingPolicy
) -> Decision:
    if not enrolment.consent.get("given"):
        return Stop("no consent to further mails")
    if enrolment.finished_at:
        return Stop("finished")
    for step in remaining(enrolment, funnel):
        mail = _mail(enrolment, step.slug, 0, now, policy)
        if isinstance(mail, _Settled):
            continue
        where = zone(lead.time_zone, funnel.time_zone)
        due = due_at(_previous(enrolment, step, policy), step.after, step.at, where)
        if not isinstance(mail, Send):
            return mail
        return Wait(step.slug, due, "due then") if due > now else Send(mail.send, due)
    return Stop("finished", finished=True)


def remaining(enrolment: Enrolment, funnel: Funnel) -> tuple[Step, ...]:
    """The steps behind the last one this lead was sent, in the order the sequence has now.

    A step added before that place is for leads who come later, so that nobody gets mail 1 after mail 5; a
    step that was dropped or renamed is passed over.
    """
    slugs = [step.slug for step in funnel.steps]
    tried = [each.send.step for each in sorted(enrolment.attempts, key=lambda each: each.at)]
    last = next((slug for slug in reversed(tried) if slug in slugs), None)
    if last is None:
        return funnel.steps
    place = slugs.index(last)
    return funnel.steps[place:]


def _previous(enrolment: Enrolment, step: Step, policy: SendingPolicy) -> datetime:
    """When the mail before this step went out: a step of the sequence, or the delivery that opened it.

    Attempts at the step itself are not before it: one that was refused is tried again after its pause.
    """
    return max(
        (
            _counts_from(each, policy)
            for each in enrolment.attempts
            if each.send.step not in (OPT_IN, DELIVERY, step.slug)
            or (each.send.step == DELIVERY and each.send.ask == enrolment.confirmed_ask)
        ),
        default=enrolment.confirmed_at or enrolment.asks[-1].at,
    )


def _counts_from(attempt: Attempt, policy: SendingPolicy) -> datetime:
    """What the next delay counts from: when the mail was due, or, where it was held up for long, when it went.

    The seconds that a mail spends in a queue must not add up, nor push the next one past its hour.
    """
    on_time = attempt.due is not None and attempt.at - attempt.due <= policy.held_up
    return attempt.due if on_time else attempt.at


def _mail(
    enrolment: Enrolment, step: str, ask: int, now: datetime, policy: SendingPolicy
) -> Send | Wait | _Settled:
    """Where one mail stands by its attempts: to be sent, to be waited for, or settled."""
    attempts = [each for each in enrolment.attempts if (each.send.step, each.send.ask) == (step, ask)]
    if not attempts:
        return Send(SendId(enrolment.magnet, step, ask, 1))
    latest = max(attempts, key=lambda each: each.send.attempt)
    if latest.outcome == "claimed" and now < latest.at + policy.lease:
        return Wait(step, latest.at + policy.lease, "another worker has it")
    if latest.outcome == "failed" and latest.retry and now - attempts[0].at < policy.give_up:
        pause = policy.backoff[min(latest.send.attempt, len(policy.backoff)) - 1]
        again = (latest.outcome_at or latest.at) + pause
        if again > now:
            return Wait(step, again, f"SES refused it for now: {latest.reason}")
        return Send(SendId(enrolment.magnet, step, ask, latest.send.attempt + 1))
    return _Settled(latest.at)
