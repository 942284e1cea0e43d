"""Unsettled mails: claimed, and neither the worker nor SES ever reported whether they went out.

SES has no idempotency token, so a policy (`sending.unsettled` in site.yaml) or the owner (`leads settle`) decides
whether such a mail is sent again.
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
from lodestone.formats.spans import rounded_span
from lodestone.records.protocol import LeadRecords


@dataclass(frozen=True)
class Unsettled:
    """An unsettled mail. `then` says what the policy does about it."""

    lead_id: str
    attempt: Attempt
    policy: str
    then: str

    def to_json(self) -> dict[str, Any]:
        """Return it as `leads unsettled --json` prints it."""
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


def policy_of(funnel: Funnel | None) -> SendingPolicy:
    """Return the sending policy of a definition; the default if the magnet was withdrawn."""
    return funnel.sending.policy if funnel else SendingPolicy()


def find_unsettled(lead: Lead, records: LeadRecords, now: datetime) -> Iterator[Unsettled]:
    """Yield the lead's unsettled mails, by magnet and in the order in which they were claimed."""
    for magnet, enrolment in lead.enrolments.items():
        funnel = records.funnel(magnet) if enrolment.attempts else None
        attempts = unsettled_mails(enrolment, now, policy_of(funnel))
        for attempt in sorted(attempts, key=lambda each: each.at):
            policy = funnel.sending.unsettled if funnel else "never-twice"
            yield Unsettled(lead.id, attempt, policy, _then(attempt, enrolment, funnel, now))


def _then(attempt: Attempt, enrolment: Enrolment, funnel: Funnel | None, now: datetime) -> str:
    if funnel is None:
        return "the magnet was withdrawn, so nothing more comes"
    if funnel.sending.unsettled == "at-least-once":
        policy = funnel.sending.policy
        if tries_spent(enrolment, attempt) >= policy.tries:
            return f"given up after {policy.tries} attempts"
        if now >= attempt.at + policy.settle:
            return "sent again, as long as it is still to come"
        return f"sent again once {rounded_span(policy.settle)} has passed without a report"
    if attempt.send.step == OPT_IN and enrolment.status == "unconfirmed":
        return "not sent again; without it they cannot confirm, unless they send the form again"
    if attempt.send.step == DELIVERY:
        return "not sent again; without it they lack what they asked for, unless they send the form again"
    return "not sent again; the sequence goes on behind it"
