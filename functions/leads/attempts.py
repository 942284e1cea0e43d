"""Where one mail stands by the attempts to send it: still to be sent, to be waited for, or settled."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.decisions import Send, Wait
from leads.enrolment import Attempt, Enrolment
from leads.events import SendId
from leads.funnel import Sending
from leads.rules import SendingPolicy

#: In SES's reason: the daily quota is used up, or the account may not send. It needs a longer pause.
_QUOTA_WORDS = ("quota", "LimitExceeded", "SendingPaused")


@dataclass(frozen=True, slots=True)
class Settled:
    """A mail that is not sent again. It counts as sent at `at`."""

    at: datetime


def mail_state(
    enrolment: Enrolment, step: str, ask: int, now: datetime, sending: Sending
) -> Send | Wait | Settled:
    """Decide what to do about one mail, by its attempts and by the owner's settings."""
    policy = sending.policy
    attempts = [each for each in enrolment.attempts if (each.send.step, each.send.ask) == (step, ask)]
    if not attempts:
        return Send(SendId(enrolment.magnet, step, ask, 1))
    latest = max(attempts, key=lambda each: each.send.attempt)
    if latest.outcome == "claimed":
        return _unsettled(latest, now, sending, tries_spent(enrolment, latest))
    if latest.outcome == "failed" and latest.retry and now - attempts[0].at < policy.give_up:
        again = (latest.outcome_at or latest.at) + _pause(latest, attempts, policy)
        if again > now:
            return Wait(step, again, f"SES refused it for now: {latest.reason}")
        return _again(latest)
    return Settled(latest.at)


def unsettled_mails(enrolment: Enrolment, now: datetime, policy: SendingPolicy) -> list[Attempt]:
    """The mails of which nobody knows whether they went out, each by its last attempt."""
    last = {(each.send.step, each.send.ask): each for each in sorted(enrolment.attempts, key=_number)}
    return [each for each in last.values() if is_unsettled(each, now, policy)]


def is_unsettled(attempt: Attempt, now: datetime, policy: SendingPolicy) -> bool:
    """Whether nobody knows if this mail went out, and its lease has ended."""
    return attempt.outcome == "claimed" and now >= attempt.at + policy.lease


def tries_spent(enrolment: Enrolment, mail: Attempt) -> int:
    """How many attempts may have sent this mail. An attempt that SES certainly refused is not counted."""
    known = mail.send.step, mail.send.ask
    return sum(
        1
        for each in enrolment.attempts
        if (each.send.step, each.send.ask) == known and each.outcome == "claimed"
    )


def _unsettled(latest: Attempt, now: datetime, sending: Sending, spent: int) -> Send | Wait | Settled:
    """Decide about a claim without an outcome, by the owner's setting: SES has no idempotency token."""
    step, policy = latest.send.step, sending.policy
    if now < latest.at + policy.lease:
        return Wait(step, latest.at + policy.lease, "another worker has it")
    if sending.unsettled != "at-least-once" or spent >= policy.tries:
        return Settled(latest.at)
    if now < latest.at + policy.settle:
        return Wait(step, latest.at + policy.settle, "nobody knows yet whether it went out")
    return _again(latest)


def _number(attempt: Attempt) -> int:
    return attempt.send.attempt


def _again(latest: Attempt) -> Send:
    send = latest.send
    return Send(SendId(send.magnet, send.step, send.ask, send.attempt + 1))


def _pause(latest: Attempt, attempts: list[Attempt], policy: SendingPolicy) -> timedelta:
    """The pause before the next attempt: short and random after throttling, longer after each refusal."""
    if latest.throttled:
        spent = any(word in latest.reason for word in _QUOTA_WORDS)
        pause = policy.quota_pause if spent else policy.breather
        return pause * (1 + _hash_fraction(latest))
    refusals = sum(1 for each in attempts if each.outcome == "failed" and not each.throttled)
    return policy.backoff[min(refusals, len(policy.backoff)) - 1]


def _hash_fraction(attempt: Attempt) -> float:
    """A number from 0 up to 1 by a hash of the attempt: the same for each worker, different between leads."""
    return hashlib.sha256(f"{attempt.send} {attempt.at}".encode()).digest()[0] / 256
