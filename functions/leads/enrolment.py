"""One lead in one magnet's funnel: asked, confirmed, mailed, ended. The person's own state is `leads.lead`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from leads.events import Event, SendId, send_of
from leads.instants import iso, parse_iso
from leads.rules import Rules


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to send one mail: due at `due`, claimed at `at`, and what came of it at `outcome_at`."""

    send: SendId
    at: datetime
    due: datetime | None = None
    outcome: str = "claimed"  # claimed, mailed, failed, delivered, bounced, complained
    outcome_at: datetime | None = None
    reason: str = ""
    retry: bool = False
    message_id: str = ""
    throttled: bool = False  # by SES's rate or quota; nothing is wrong with this mail
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A step that was due at `due` and was not for this lead. `reason`: when, branch or missed."""

    step: str
    at: datetime
    due: datetime | None
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A submission that a mail answers: the text of its consent, and its answers."""

    at: datetime
    consent: Mapping[str, Any]
    told: Mapping[str, Any] = field(default_factory=dict)  # the event's data: answers, phone, time zone


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A lead's state in one funnel. `status`: unconfirmed, confirmed or unsubscribed."""

    magnet: str
    status: str = "unconfirmed"
    asks: tuple[Ask, ...] = ()  # numbered from 1
    consent: Mapping[str, Any] = field(default_factory=dict)  # the consent that permits the sequence
    confirmed_at: datetime | None = None
    first_confirmed_at: datetime | None = None  # kept when they come back after they unsubscribed
    enrolled_at: datetime | None = (
        None  # the confirmation that began it anew; one that adds consent begins nothing
    )
    confirmed_ask: int = 0  # the ask whose confirmation opened the sequence
    ended_at: datetime | None = None
    finished_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    requests: tuple[datetime, ...] = ()  # for a link to what is stored of the lead
    answers: Mapping[str, str] = field(
        default_factory=dict
    )  # the latest to each question of this magnet's form
    told: Mapping[str, Any] = field(
        default_factory=dict
    )  # by features that have a part of the form, the latest
    features: Mapping[str, Any] = field(default_factory=dict)  # the state of each feature, by its key
    proven: bool = (
        False  # a button in a mail of this enrolment was pressed, so the answers are the reader's own
    )

    def with_feature(self, key: str, state: Any) -> "Enrolment":
        """The enrolment with another state of one feature."""
        return replace(self, features={**self.features, key: state})

    def with_told(self, told: Mapping[str, Any]) -> "Enrolment":
        """The enrolment with what a form told to features; it replaces what an earlier one told them."""
        return replace(self, told={**self.told, **told})

    def with_answers(self, answers: Mapping[str, str]) -> "Enrolment":
        """The enrolment with these answers added; an empty answer deletes the earlier one."""
        known = {**self.answers, **answers}
        return replace(self, answers={name: value for name, value in known.items() if value != ""})


def ask(current: Enrolment, event: Event, rules: Rules, proof_needed: bool) -> Enrolment:
    """Add an ask for the submission, unless it comes too soon or too often.

    Single opt-in confirms at once, except for a suppressed lead (`proof_needed`) or one who unsubscribed: a
    stranger must not be able to re-subscribe them, so they confirm by mail. For the same reason a tick that
    adds consent to a confirmed enrolment is confirmed by mail before it counts.
    """
    asked = Ask(event.at, {**(event.data.get("consent") or {}), "at": event.at}, event.data)
    adds_consent = _given(asked.consent) and not any(_given(each.consent) for each in current.asks)
    if not _counts(current, event.at, adds_consent, rules):
        return current
    grown = replace(current, asks=(*current.asks, asked))
    if proof_needed or current.status == "unsubscribed":
        return replace(grown, status="unconfirmed")
    if current.status == "confirmed" and not adds_consent:
        return grown
    if event.data.get("opt_in") == "single":
        return _confirmed(grown, event.at, len(grown.asks))
    return replace(grown, status="unconfirmed")


def may_confirm(current: Enrolment, number: int) -> bool:
    """Whether ask `number` may still be confirmed: not if the lead unsubscribed after it."""
    if not 1 <= number <= len(current.asks):
        return False
    return current.ended_at is None or current.asks[number - 1].at > current.ended_at


def confirm(current: Enrolment, event: Event) -> Enrolment:
    """Confirm the enrolment, with the consent of the ask that the event names."""
    number = event.data["ask"]
    if current.status == "confirmed" and not _adds(current, number):
        return current
    return _confirmed(current, event.at, number)


def end(current: Enrolment, at: datetime) -> Enrolment:
    """Unsubscribe the lead from this sequence."""
    return replace(current, status="unsubscribed", ended_at=at)


def request(current: Enrolment, at: datetime, rules: Rules) -> Enrolment:
    """Add a request for the link to the lead's data, unless the rules' daily maximum is reached."""
    today = sum(1 for each in current.requests if at - each < timedelta(days=1))
    return current if today >= rules.requests_a_day else replace(current, requests=(*current.requests, at))


def skip(current: Enrolment, event: Event) -> Enrolment:
    """Add a skipped step. A second decision about the step stores the same event."""
    data, due = event.data, event.data.get("due")
    words = data.get("words", "")
    step = Skipped(data["step"], event.at, parse_iso(due) if due else None, data["reason"], words)
    return replace(current, skipped=(*current.skipped, step))


def knows(current: Enrolment, event: Event) -> bool:
    """Whether the mail that an event speaks of is among the attempts."""
    send = send_of(event)
    return any(each.send == send for each in current.attempts)


def record(current: Enrolment, event: Event) -> Enrolment:
    """Add a claim, an outcome or SES's report. A report that comes before its claim adds the attempt."""
    send = send_of(event)
    known = {attempt.send: attempt for attempt in current.attempts}
    before = known.get(send) or Attempt(send, event.at)
    known[send] = _after(before, event)
    return replace(current, attempts=tuple(known.values()))


#: An outcome is replaced only by one of the same or a higher weight, in whatever order the reports come.
_WEIGHT = {
    "claimed": 0,
    "failed": 1,
    "mailed": 2,
    "delayed": 3,
    "delivered": 4,
    "unrendered": 5,
    "rejected": 5,
    "bounced": 5,
    "complained": 6,
    "not_spam": 7,
}


def _after(before: Attempt, event: Event) -> Attempt:
    if event.type == "claimed":
        due = event.data.get("due")
        variant = event.data.get("variant", "")
        return replace(before, at=event.at, due=parse_iso(due) if due else None, variant=variant)
    if _WEIGHT[event.type] < _WEIGHT[before.outcome]:
        return before
    data = event.data
    return replace(
        before,
        outcome=event.type,
        outcome_at=event.at,
        reason=data.get("reason", ""),
        retry=bool(data.get("retry")),
        throttled=bool(data.get("throttled")),
        message_id=data.get("message_id") or before.message_id,
    )


def _confirmed(current: Enrolment, at: datetime, number: int) -> Enrolment:
    consent = current.asks[number - 1].consent
    return replace(
        current,
        status="confirmed",
        confirmed_at=at,
        first_confirmed_at=current.first_confirmed_at or at,
        enrolled_at=at if current.ended_at else current.enrolled_at or at,
        confirmed_ask=number,
        consent=consent,
        ended_at=None,
    )


def _adds(current: Enrolment, number: int) -> bool:
    return _given(current.asks[number - 1].consent) and not _given(current.consent)


def _given(consent: Mapping[str, Any]) -> bool:
    return bool(consent.get("given"))


def _counts(current: Enrolment, at: datetime, adds_consent: bool, rules: Rules) -> bool:
    if not current.asks:
        return True
    today = sum(1 for each in current.asks if at - each.at < timedelta(days=1))
    last = current.asks[-1].at
    returning = current.ended_at is not None and last < current.ended_at
    return today < rules.asks_a_day and (at - last >= rules.ask_pause or adds_consent or returning)


def to_json(current: Enrolment) -> dict[str, Any]:
    """The enrolment as plain JSON, for people."""
    return {
        "status": current.status,
        "asks": [{"at": iso(each.at), "consent": _consent_json(each.consent)} for each in current.asks],
        "consent": _consent_json(current.consent),
        "confirmed_at": iso(current.confirmed_at),
        "unsubscribed_at": iso(current.ended_at),
        "finished_at": iso(current.finished_at),
        "answers": dict(current.answers),
        **({"told": dict(current.told)} if current.told else {}),
        "mails": [_attempt_json(each) for each in current.attempts],
        "skipped": [
            {"step": each.step, "at": iso(each.at), "reason": each.words or each.reason}
            for each in current.skipped
        ],
    }


def to_profile(current: Enrolment) -> dict[str, Any]:
    """The enrolment as the profile item holds it: short, as DynamoDB charges a write by the kilobyte."""
    last = max(current.attempts, key=lambda each: each.at, default=None)
    known = {
        "status": current.status,
        "asks": len(current.asks),
        "consent": _given(current.consent),
        "confirmed_at": iso(current.confirmed_at),
        "unsubscribed_at": iso(current.ended_at),
        "finished_at": iso(current.finished_at),
        "answers": dict(current.answers) or None,
        "mails": len({(each.send.step, each.send.ask) for each in current.attempts}),
        "last_mail": last and last.send.step,
    }
    return {name: value for name, value in known.items() if value is not None}


def _attempt_json(attempt: Attempt) -> dict[str, Any]:
    return {
        "step": attempt.send.step,
        "ask": attempt.send.ask,
        "attempt": attempt.send.attempt,
        "claimed_at": iso(attempt.at),
        "outcome": attempt.outcome,
        "outcome_at": iso(attempt.outcome_at),
        "reason": attempt.reason,
        **({"variant": attempt.variant} if attempt.variant else {}),
    }


def _consent_json(consent: Mapping[str, Any]) -> dict[str, Any]:
    return {key: iso(value) if isinstance(value, datetime) else value for key, value in consent.items()}
