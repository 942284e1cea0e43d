"""The sequence of one magnet: which step is next for this lead, when, and whether it is for them at all."""

from dataclasses import replace
from datetime import datetime

from leads import conditions, timing
from leads.attempts import Settled, mail_state
from leads.conditions import describe
from leads.decisions import Decision, Send, Skip, Stop, Wait
from leads.enrolment import Enrolment
from leads.facts import dates_of, facts_of
from leads.features import FEATURES
from leads.funnel import Funnel, Step
from leads.instants import zone
from leads.lead import Lead
from leads.mail_types import DELIVERY, MAIL_TYPES
from leads.rules import SendingPolicy


def next_of_sequence(lead: Lead, enrolment: Enrolment, funnel: Funnel, now: datetime) -> Decision:
    """Decide what is next in the sequence of a confirmed lead. Their other magnets are not considered."""
    if not enrolment.consent.get("given"):
        return Stop("no consent to further mails")
    if enrolment.finished_at:
        return Stop("finished")
    if funnel.until and conditions.holds(funnel.until, facts_of(lead, funnel, now), now):
        words = describe(funnel.until)
        return Stop(f"ended, because {words}", finished=True, ended_by=words)
    skipped = {each.step for each in enrolment.skipped}
    for step in remaining(enrolment, funnel):
        if step.slug in skipped:
            continue
        mail = mail_state(enrolment, step.slug, 0, now, funnel.sending)
        if isinstance(mail, Settled):
            continue
        return _when_due(mail, step, lead, enrolment, funnel, now) if isinstance(mail, Send) else mail
    if funnel.open_ended:
        return Stop("all mails so far were sent; more are to come")
    return Stop("finished", finished=True)


def remaining(enrolment: Enrolment, funnel: Funnel) -> tuple[Step, ...]:
    """The steps from the last one that this lead was sent, in the current order of the sequence.

    A step that is added before it is for later leads only, so that nobody gets mail 1 after mail 5. A removed
    or renamed step is ignored.
    """
    slugs = [step.slug for step in funnel.steps]
    known = [each for each in enrolment.attempts if each.send.step in slugs]
    # Of two that went out in one instant, the one further on is the last.
    last = max(known, key=lambda each: (each.at, slugs.index(each.send.step)), default=None)
    return funnel.steps if last is None else funnel.steps[slugs.index(last.send.step) :]


def due_of(step: Step, lead: Lead, enrolment: Enrolment, funnel: Funnel) -> datetime | timing.Missed:
    """When a step is due for this lead; Missed if its date has passed or the lead has none."""
    where = zone(lead.time_zone, funnel.time_zone)
    base = _previous(enrolment, step, funnel.sending.policy)
    anchor = _date(step.anchor, lead, enrolment, funnel)
    return timing.due(step, base, anchor, where, funnel.sending.quiet)


def _when_due(
    mail: Send,
    step: Step,
    lead: Lead,
    enrolment: Enrolment,
    funnel: Funnel,
    now: datetime,
) -> Decision:
    due = due_of(step, lead, enrolment, funnel)
    if isinstance(due, timing.Missed):
        if funnel.features.keys() - FEATURES.keys():
            return Stop("it may count from a date that this version does not know")
        return Skip(step.slug, None, "missed", due.reason)
    where, quiet = zone(lead.time_zone, funnel.time_zone), funnel.sending.quiet
    end = timing.instant_of(_date(step.not_after, lead, enrolment, funnel), where)
    if end and due >= end:
        return Skip(step.slug, due, "missed", f"its turn would come after `{step.not_after}`")
    if due > now:
        return Wait(step.slug, due, "due then")
    facts = facts_of(lead, funnel, now)
    if step.branch and not _on_branch(step.branch, facts, enrolment, funnel, now):
        return Skip(step.slug, due, "branch", f"not on the branch {step.branch}")
    # A mail that is late may go out at another hour, but on its days and outside quiet hours.
    allowed = timing.next_allowed(now, replace(step, at=""), where, quiet)
    too_late = timing.deadline(step, _date(step.anchor, lead, enrolment, funnel), where, quiet)
    if any(each and max(now, allowed) >= each for each in (too_late, end)):
        return Skip(step.slug, due, "missed", "it was held up until its date had passed")
    if allowed > now:
        return Wait(step.slug, allowed, "not at this hour or on this day")
    # Checked only when the mail would go out: the next step's delay is then the same as if it had.
    if step.when and not conditions.holds(step.when, facts, now):
        return Skip(step.slug, due, "when", f"not so: {describe(step.when)}")
    return Send(mail.send, due)


def _on_branch(
    name: str, facts: conditions.Facts, enrolment: Enrolment, funnel: Funnel, now: datetime
) -> bool:
    """Whether the lead is on the branch: decided once, when the branch's first mail is due, and then kept."""
    slugs = {step.slug for step in funnel.steps if step.branch == name}
    if any(each.send.step in slugs for each in enrolment.attempts):
        return True
    if any(each.step in slugs and each.reason == "branch" for each in enrolment.skipped):
        return False
    condition = funnel.branches.get(name)
    return condition is None or conditions.holds(condition, facts, now)


def _date(name: str, lead: Lead, enrolment: Enrolment, funnel: Funnel) -> timing.Anchor | None:
    """The date of that name, None if the name is "" or this lead has no such date."""
    if not name:
        return None
    return timing.find_anchor(name, funnel.dates, dates_of(lead, enrolment, funnel), enrolment.confirmed_at)


def _previous(enrolment: Enrolment, step: Step, policy: SendingPolicy) -> datetime:
    """What the delay of a step counts from: the mail before it, the step skipped before it, or the delivery.

    Attempts at the step itself do not count: after a refusal it is tried again after its pause. A step that
    its own condition skipped counts like one that was sent; a step of another branch does not count.
    """
    sent = (
        _counts_from(each.at, each.due, policy)
        for each in enrolment.attempts
        if each.send.step not in (*MAIL_TYPES, step.slug)
        or (each.send.step == DELIVERY and each.send.ask == enrolment.confirmed_ask)
    )
    skipped = (
        _counts_from(each.at, each.due, policy)
        for each in enrolment.skipped
        if each.reason == "when" and each.due
    )
    return max((*sent, *skipped), default=enrolment.confirmed_at or enrolment.asks[-1].at)


def _counts_from(at: datetime, due: datetime | None, policy: SendingPolicy) -> datetime:
    """What the next delay counts from: the step's `due`, or `at` if it was late by more than `held_up`.

    The seconds that a mail spends in a queue must not add up, nor delay the next one past its hour. A skipped
    step counts like a sent one: a lead who skips a step gets the next no sooner than the others.
    """
    return due if due is not None and at - due <= policy.held_up else at
