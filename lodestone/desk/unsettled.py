"""Mails of which nobody knows whether they went out: claimed, and neither the worker nor SES ever said what came of it.

SES has no token that would make a second attempt the same mail, so what to do is a policy (`sending.unsettled` in
site.yaml), or the owner's word (`leads settle`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.attempts import tries_spent, unsettled_mails
from leads.enrolment import Attempt, Enrolment
from leads.funnel import Funnel
from leads.instants import iso
from leads.lead import Lead
from leads.mail_types import DELIVERY, OPT_IN
from leads.rules import SendingPolicy
from lodestone.desk.records import Records

_POLICY = SendingPolicy()


@dataclass(frozen=True)
class Unsettled:
    """One such mail. `then` says what the policy does about it."""

    lead_id: str
    attempt: Attempt
    policy: str
    then: str

    def to_json(self) -> dict[str, Any]:
        send = self.attempt.send
        return {
            "lead": self.lead_id,
            "magnet": send.magnet,
            "step": send.step,
            "ask": send.ask,
            "attempt": send.attempt,
            "claimed_at": iso(self.attempt.at),
            "policy": self.policy,
            "then": self.then,
        }


def find_unsettled(lead: Lead, records: Records, now: datetime) -> Iterator[Unsettled]:
    """The lead's unsettled mails, the first that was claimed first."""
    for magnet, enrolment in lead.enrolments.items():
        attempts = unsettled_mails(enrolment, now, _POLICY)
        funnel = records.funnel(magnet) if attempts else None
        for attempt in sorted(attempts, key=lambda each: each.at):
            policy = funnel.sending.unsettled if funnel else "never-twice"
            yield Unsettled(lead.id, attempt, policy, _then(attempt, enrolment, funnel, now))


def _then(attempt: Attempt, enrolment: Enrolment, funnel: Funnel | None, now: datetime) -> str:
    if funnel is None:
        return "the magnet was withdrawn, so nothing more comes"
    if funnel.sending.unsettled == "at-least-once":
        if tries_spent(enrolment, attempt) >= _POLICY.tries:
            return f"given up after {_POLICY.tries} attempts"
        return (
            "sent again, as long as it is still to come"
            if now >= attempt.at + _POLICY.settle
            else (f"sent again once {_POLICY.settle.seconds // 3600} hour has passed without a report")
        )
    if attempt.send.step == OPT_IN and enrolment.status == "unconfirmed":
        return "not sent again; without it they cannot confirm, unless they send the form again"
    if attempt.send.step == DELIVERY:
        return "not sent again; without it they lack what they asked for, unless they send the form again"
    return "not sent again; the sequence goes on behind it"
