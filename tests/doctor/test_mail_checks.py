"""SES: what keeps it from sending, and from telling what became of a mail."""

from dataclasses import replace

import pytest

from lodestone.doctor import mail_checks as checks
from lodestone.doctor.findings import Severity
from lodestone.doctor.mail_facts import Account, MailEvents, Reputation

BOTH = frozenset({"BOUNCE", "COMPLAINT"})
HEALTHY = Account(True, True, "HEALTHY", 50_000, 14, 120, BOTH)
EVENTS = MailEvents(
    mail_set="press-mail",
    sending=True,
    suppressed=BOTH,
    types=frozenset(
        {"SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "DELIVERY_DELAY", "RENDERING_FAILURE"}
    ),
    rule="rule",
    rule_enabled=True,
    targets=("arn:aws:sqs:eu-west-1:1:feedback",),
    queue="feedback",
)
OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR


def worst(findings):
    """The gravest finding."""
    return max(findings, key=lambda each: list(Severity).index(each.severity))


def test_a_healthy_account_says_what_it_may_send():
    (finding,) = checks.judge_account(HEALTHY)
    assert finding.severity is OK
    assert "14 a second, 50,000 a day" in finding.says


def test_the_sandbox_is_an_error_with_the_command_that_asks_to_leave_it():
    finding = worst(checks.judge_account(replace(HEALTHY, production=False)))
    assert (finding.severity, finding.says) == (ERROR, "the account is in the SES sandbox")
    assert finding.copy[0].startswith("aws sesv2 put-account-details --production-access-enabled")


@pytest.mark.parametrize(
    ("changes", "severity", "says"),
    [
        ({"sending": False}, ERROR, "paused"),
        ({"enforcement": "SHUTDOWN"}, ERROR, "paused"),
        ({"enforcement": "PROBATION"}, WARNING, "under review"),
        ({"sent": 39_999}, OK, "80%"),
        ({"sent": 40_000}, WARNING, "80%"),
        ({"sent": 50_000}, ERROR, "100%"),
        ({"a_day": -1, "sent": 9_000_000}, OK, "9,000,000"),
    ],
)
def test_pauses_reviews_and_quotas_are_told_by_how_bad_they_are(changes, severity, says):
    finding = worst(checks.judge_account(replace(HEALTHY, **changes)))
    assert finding.severity is severity
    assert says in finding.says


def test_suppression_is_an_error_only_where_neither_account_nor_set_has_it():
    none = replace(HEALTHY, suppressed=frozenset())
    assert checks.judge_suppression(HEALTHY, EVENTS).severity is OK
    assert checks.judge_suppression(none, EVENTS).severity is WARNING
    uncovered = checks.judge_suppression(none, replace(EVENTS, suppressed=frozenset({"BOUNCE"})))
    assert uncovered.severity is ERROR
    assert checks.judge_suppression(none, None).severity is ERROR


def test_a_mail_set_whose_reports_arrive_is_well():
    (finding,) = checks.judge_events(EVENTS)
    assert finding.severity is OK


@pytest.mark.parametrize(
    ("changes", "severity", "says"),
    [
        ({"sending": False}, ERROR, "switched off"),
        ({"types": EVENTS.types - {"COMPLAINT"}}, ERROR, "does not report COMPLAINT"),
        ({"types": EVENTS.types - {"DELIVERY"}}, WARNING, "does not report DELIVERY"),
        ({"types": EVENTS.types - {"DELIVERY_DELAY"}}, WARNING, "does not report DELIVERY_DELAY"),
        ({"rule": ""}, ERROR, "is gone"),
        ({"rule_enabled": False}, ERROR, "is off"),
        ({"targets": ("arn:aws:sqs:eu-west-1:1:other-feedback",)}, ERROR, "does not lead"),
    ],
)
def test_each_break_in_the_way_of_reports_is_told(changes, severity, says):
    finding = worst(checks.judge_events(replace(EVENTS, **changes)))
    assert finding.severity is severity
    assert says in finding.says


def test_a_mail_set_that_is_gone_refuses_every_mail():
    (finding,) = checks.judge_events(None)
    assert finding.severity is ERROR


@pytest.mark.parametrize(
    ("bounces", "complaints", "severity"),
    [
        (None, None, OK),
        (0.0, 0.0, OK),
        (0.0499, 0.0009, OK),
        (0.05, None, WARNING),
        (0.10, None, ERROR),
        (None, 0.001, WARNING),
        (None, 0.003, ERROR),
    ],
)
def test_reputation_is_held_to_the_providers_limits(bounces, complaints, severity):
    assert worst(checks.judge_reputation(Reputation(bounces, complaints))).severity is severity
