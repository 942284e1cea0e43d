"""All checks, in the order in which they are printed. They run in parallel."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from lodestone.doctor import domain_checks as domain
from lodestone.doctor import mail_checks as mail
from lodestone.doctor import site_checks as site
from lodestone.doctor import stack_checks as stack
from lodestone.doctor.domain_facts import (
    Signing,
    look_at_alignment,
    look_at_dmarc,
    look_at_mail_from,
    look_at_sender_spf,
    look_at_signing,
)
from lodestone.doctor.findings import Finding, Section, unseen
from lodestone.doctor.mail_facts import (
    Account,
    MailEvents,
    look_at_account,
    look_at_events,
    look_at_reputation,
)
from lodestone.doctor.site_facts import look_at_certificate, look_at_clock, look_at_content, look_at_health
from lodestone.doctor.sources import CannotLook, Sources
from lodestone.doctor.stack_facts import (
    look_at_alarms,
    look_at_backlog,
    look_at_concurrency,
    look_at_drip_dead_letters,
    look_at_drip_queue,
    look_at_feedback_dead_letters,
    look_at_first_queue,
    look_at_schedules,
    look_at_stream_dead_letters,
    look_at_subscriptions,
    look_at_triggers,
)
from lodestone.stack.errors import AwsError

#: How many checks run at once: SES allows few API calls a second.
_AT_ONCE = 4

Findings = Finding | Iterable[Finding]


Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Check(Generic[Facts]):
    """`look` reads the facts, `judge` turns them into findings; `about` names the subject if `look` fails."""

    about: str
    look: Callable[[Sources], Facts]
    judge: Callable[[Facts], Findings]


def _look_at_suppression(sources: Sources) -> tuple[Account, MailEvents | None]:
    return look_at_account(sources), look_at_events(sources)


def _judge_signing(signing: Signing) -> Iterator[Finding]:
    yield from domain.judge_identity(signing)
    yield from domain.judge_dkim(signing)


_SENDING = (
    Check("the SES account", look_at_account, mail.judge_account),
    Check("suppression", _look_at_suppression, lambda facts: mail.judge_suppression(*facts)),
    Check("the reports of SES", look_at_events, mail.judge_events),
    Check("bounce and complaint rates", look_at_reputation, mail.judge_reputation),
)
_DOMAIN = (
    Check("the identity and DKIM", look_at_signing, _judge_signing),
    Check("MAIL FROM and SPF", look_at_mail_from, domain.judge_mail_from),
    Check("the sender's SPF", look_at_sender_spf, domain.judge_sender_spf),
    Check("DMARC", look_at_dmarc, domain.judge_dmarc),
    Check("DMARC's alignment", look_at_alignment, lambda facts: domain.judge_alignment(*facts)),
)
_QUEUES = (
    Check("the triggers", look_at_triggers, stack.judge_triggers),
    Check("the first mails' queue", look_at_first_queue, stack.judge_first_queue),
    Check("the drip queue", look_at_drip_queue, stack.judge_drip_queue),
    Check("the wait for SES", look_at_backlog, stack.judge_backlog),
    Check("the drip's dead letters", look_at_drip_dead_letters, stack.judge_drip_dead_letters),
    Check("the reports' dead letters", look_at_feedback_dead_letters, stack.judge_feedback_dead_letters),
    Check("the stream's dead letters", look_at_stream_dead_letters, stack.judge_stream_dead_letters),
)
_ALARMS = (
    Check("the alarms", look_at_alarms, stack.judge_alarms),
    Check("who is told of alarms", look_at_subscriptions, stack.judge_subscriptions),
)
_QUOTAS = (
    Check("Lambda's quota", look_at_concurrency, stack.judge_concurrency),
    Check("Scheduler's quota", look_at_schedules, stack.judge_schedules),
)
_SITE = (
    Check("the stack", lambda sources: sources.stack.status, site.judge_stack),
    Check("the published content", look_at_content, site.judge_content),
    Check("the site's health", look_at_health, site.judge_health),
    Check("the certificate", look_at_certificate, site.judge_certificate),
    Check("the clock", look_at_clock, site.judge_clock),
)

#: Every check, by section, in the order in which they are printed.
CHECKS: dict[str, tuple[Check[Any], ...]] = {
    "Sending": _SENDING,
    "The sender's domain": _DOMAIN,
    "Queues": _QUEUES,
    "Alarms": _ALARMS,
    "Quotas": _QUOTAS,
    "Site": _SITE,
}


def examine(sources: Sources) -> tuple[Section, ...]:
    """Run every check. A check that cannot read its facts yields an `unseen` finding; it does not raise."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running = [
            (title, [pool.submit(run_check, check, sources) for check in checks])
            for title, checks in CHECKS.items()
        ]
        return tuple(
            Section(title, tuple(found for each in started for found in each.result()))
            for title, started in running
        )


def run_check(check: Check[Any], sources: Sources) -> tuple[Finding, ...]:
    """Return the findings of one check."""
    try:
        facts = check.look(sources)
    except CannotLook as failed:
        return (_unseen(check, failed.reason, failed.remedy),)
    except AwsError as refused:
        reason = f"needs permission {refused.permission}" if refused.permission else refused.message
        return (_unseen(check, reason, refused.remedy),)
    except KeyError as missing:
        return (_unseen(check, f"the answer has no {missing}", "an emulator may leave it out; AWS does not"),)
    found = check.judge(facts)
    listed = (found,) if isinstance(found, Finding) else tuple(found)
    return tuple(_filled(each, sources) for each in listed)


def _unseen(check: Check[Any], reason: str, remedy: str) -> Finding:
    return unseen(f"could not look at {check.about}: {reason}", remedy)


def _filled(finding: Finding, sources: Sources) -> Finding:
    """Fill the stack's name and region into the finding's commands."""
    return replace(finding, copy=tuple(_fill(each, sources) for each in finding.copy))


def _fill(line: str, sources: Sources) -> str:
    line = line.replace("{stack}", sources.stack.name).replace("{topic}", sources.stack.alarm_topic_arn)
    regional = line.startswith(("aws ", "sam ", "python build.py "))
    return f"{line} --region {sources.stack.region}" if regional else line
