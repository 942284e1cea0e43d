"""What carries the mails: queues, triggers, alarms and quotas."""

from datetime import timedelta

import pytest

from aws.pacer import PACE, SES, Book, book_to_json
from leads.pace import DRIP, Limits, Pace, reserve
from lodestone.doctor import stack_checks as checks
from lodestone.doctor import stack_facts as facts
from lodestone.doctor.findings import Severity
from lodestone.doctor.stack_facts import Alarm, Queue, Schedules, Subscription, Trigger
from tests.doctor.clinic import NOW, QUEUES, alarm, make_sources, queue

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
WELL = Alarm("press-StreamAge", "OK", "IteratorAge", "", True)


def waiting(number: int, oldest: timedelta | None = None) -> Queue:
    return Queue(QUEUES + "q", "arn:aws:sqs:eu-west-1:1:q", number, 0, oldest)


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        (waiting(0), OK),
        (waiting(400), OK),
        (waiting(400, timedelta(minutes=9)), OK),
        (waiting(400, timedelta(minutes=10)), WARNING),
        (waiting(1, timedelta(hours=1)), ERROR),
    ],
)
def test_mails_may_wait_for_minutes_and_not_for_an_hour(content, severity):
    assert checks.judge_drip_queue(content).severity is severity


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        (waiting(0), OK),
        (waiting(4, timedelta(seconds=59)), OK),
        (waiting(4, timedelta(minutes=1)), WARNING),
        (waiting(1, timedelta(minutes=10)), ERROR),
    ],
)
def test_whoever_signed_up_does_not_wait_for_minutes(content, severity):
    assert checks.judge_first_queue(content).severity is severity


@pytest.mark.parametrize(
    ("ahead", "severity", "told"),
    [
        (timedelta(0), OK, "go out when they are due"),
        (timedelta(minutes=50), OK, "50 minutes ahead"),
        (timedelta(hours=1), WARNING, "1 hour ahead"),
    ],
)
def test_a_backlog_that_moves_mails_to_another_time_of_day_is_told(ahead, severity, told):
    finding = checks.judge_backlog(ahead)
    assert finding.severity is severity
    assert told in finding.says


def test_the_backlog_is_what_the_workers_have_reserved():
    def book(TableName, Key):
        assert (TableName, Key) == ("leads", {"pk": {"S": PACE}, "sk": {"S": SES}})
        _, taken = reserve(Pace(), DRIP, 1800, NOW, Limits(2, 1))
        return {"Item": {**Key, "book": {"S": book_to_json(Book(taken))}}}

    assert facts.look_at_backlog(make_sources({"dynamodb.get_item": book})) == timedelta(minutes=30)
    assert facts.look_at_backlog(make_sources({"dynamodb.get_item": {}})) == timedelta(0)


def test_dead_letters_are_told_with_number_age_and_the_way_back():
    finding = checks.judge_drip_dead_letters(waiting(3, timedelta(days=2)))
    assert finding.severity is ERROR
    assert finding.says == "3 drip messages were given up, the oldest 2 days old"
    assert "aws sqs start-message-move-task --source-arn arn:aws:sqs:eu-west-1:1:q" in finding.copy
    assert checks.judge_drip_dead_letters(waiting(0)).severity is OK


def test_dead_letters_of_the_stream_are_not_handed_back_but_derived_anew():
    finding = checks.judge_stream_dead_letters(waiting(1))
    assert finding.severity is ERROR
    assert not any("move-task" in each for each in finding.copy)
    assert any("ReconcileFunction" in each for each in finding.copy)
    assert checks.judge_feedback_dead_letters(waiting(1)).severity is ERROR


def test_the_age_of_a_queue_is_asked_only_where_something_waits():
    def metrics(MetricDataQueries, **_):
        assert MetricDataQueries[0]["MetricStat"]["Metric"]["Dimensions"][0]["Value"] == "drip"
        return {"MetricDataResults": [{"Id": "oldest", "Values": [720.0, 5.0]}]}

    busy = {"sqs.get_queue_attributes": lambda QueueUrl, **_: queue(QueueUrl, 4)}
    seen = facts.look_at_drip_queue(make_sources(busy | {"cloudwatch.get_metric_data": metrics}))
    assert (seen.waiting, seen.oldest) == (4, timedelta(minutes=12))
    assert facts.look_at_drip_queue(make_sources({"cloudwatch.get_metric_data": KeyError()})).oldest is None


def test_triggers_that_are_off_or_gone_are_errors():
    triggers = [Trigger("drip queue", "u1", "Disabled"), Trigger("table stream", "", "")]
    off, gone = checks.judge_triggers(triggers)
    assert off.copy == ("aws lambda update-event-source-mapping --uuid u1 --enabled",)
    assert (off.severity, gone.severity) == (ERROR, ERROR)
    (fine,) = checks.judge_triggers([Trigger("drip queue", "u1", "Enabled")])
    assert fine.severity is OK


def test_an_enabled_trigger_counts_beside_a_disabled_one():
    mappings = [{"UUID": "old", "State": "Disabled"}, {"UUID": "new", "State": "Enabled"}]
    seen = facts.look_at_triggers(
        make_sources({"lambda.list_event_source_mappings": {"EventSourceMappings": mappings}})
    )
    assert {each.id for each in seen} == {"new"}


@pytest.mark.parametrize(
    ("alarms", "severities"),
    [
        ((), [WARNING]),
        ((WELL,), [OK]),
        ((WELL, Alarm("press-Errors", "ALARM", "Errors", "mails fail", True)), [ERROR]),
        ((Alarm("press-Errors", "OK", "Errors", "", True),), [WARNING, OK]),
        ((Alarm("press-StreamAge", "OK", "IteratorAge", "", False),), [WARNING]),
    ],
)
def test_alarms_ring_sleep_or_are_missing(alarms, severities):
    assert [each.severity for each in checks.judge_alarms(alarms)] == severities


def test_alarms_of_another_stack_with_a_like_name_are_not_ours():
    other = alarm("press-two-Errors", "ALARM", AlarmActions=["arn:aws:sns:eu-west-1:1:other"])
    seen = facts.look_at_alarms(make_sources({"cloudwatch.describe_alarms": {"MetricAlarms": [other]}}))
    assert seen == ()


def test_an_unconfirmed_subscription_is_a_warning_with_the_way_to_confirm():
    pending = {"Endpoint": "ops@press.example", "SubscriptionArn": "PendingConfirmation"}
    answer = {"sns.list_subscriptions_by_topic": {"Subscriptions": [pending]}}
    (finding,) = checks.judge_subscriptions(facts.look_at_subscriptions(make_sources(answer)))
    assert finding.severity is WARNING
    assert "has not confirmed" in finding.says
    assert finding.copy[0].endswith("--protocol email --notification-endpoint ops@press.example")


def test_alarms_that_nobody_hears_are_a_warning_and_those_told_are_named():
    (nobody,) = checks.judge_subscriptions(())
    assert nobody.severity is WARNING
    told, pending = checks.judge_subscriptions((Subscription("a@x", True), Subscription("b@x", False)))
    assert (told.severity, pending.severity) == (OK, WARNING)


@pytest.mark.parametrize(("quota", "severity"), [(10, WARNING), (50, WARNING), (100, OK), (1000, OK)])
def test_a_new_accounts_concurrency_is_too_small(quota, severity):
    finding = checks.judge_concurrency(quota)
    assert finding.severity is severity
    assert ("WorkerConcurrency" in finding.means) is (quota == 10)


def test_schedules_are_bounded_by_the_tables_items():
    assert checks.judge_schedules(Schedules(10_000_000, 7_999_999)).severity is OK
    assert checks.judge_schedules(Schedules(10_000_000, 8_000_000)).severity is WARNING
