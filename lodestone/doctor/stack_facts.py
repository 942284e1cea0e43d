"""Read the facts about a stack's queues, triggers, alarms and quotas."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from leads.pace import DRIP, Allowance, Pace, booked, limits_of
from lodestone.doctor.sources import CannotLook, Sources, output

#: How far back a queue's age is looked for. SQS reports it every few minutes, and only while the queue is in use.
_AGE_WINDOW = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue's content; `oldest` is the age of its oldest message, None where CloudWatch has no figure."""

    url: str
    arn: str
    waiting: int
    in_flight: int
    oldest: timedelta | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What invokes a function. `state` is Lambda's (`Enabled`, `Disabled`, …), "" if there is no trigger."""

    source: str  # first queue, drip queue, feedback queue, table stream
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """One of the stack's alarms."""

    name: str
    state: str  # OK, ALARM, INSUFFICIENT_DATA
    metric: str
    description: str
    acts: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address that is notified of alarms, once it has confirmed."""

    endpoint: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Schedules:
    """The quota of schedules, and the most that can exist: one for each lead, so no more than the table has items."""

    quota: float
    at_most: int


def look_at_queue(sources: Sources, url: str) -> Queue:
    """Read how many messages a queue has, and the age of the oldest one."""
    wanted = ["QueueArn", "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    seen = sources.ask("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=wanted)["Attributes"]
    arn, waiting = seen["QueueArn"], int(seen["ApproximateNumberOfMessages"])
    in_flight = int(seen.get("ApproximateNumberOfMessagesNotVisible", 0))
    oldest = _oldest(sources, arn.rpartition(":")[2]) if waiting + in_flight else None
    return Queue(url, arn, waiting, in_flight, oldest)


def _oldest(sources: Sources, name: str) -> timedelta | None:
    now = sources.now()
    answer = sources.ask(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=[
            {
                "Id": "oldest",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SQS",
                        "MetricName": "ApproximateAgeOfOldestMessage",
                        "Dimensions": [{"Name": "QueueName", "Value": name}],
                    },
                    "Period": 300,
                    "Stat": "Maximum",
                },
            }
        ],
        StartTime=now - _AGE_WINDOW,
        EndTime=now,
        ScanBy="TimestampDescending",
    )
    values = answer["MetricDataResults"][0].get("Values", ())
    return timedelta(seconds=values[0]) if values else None


def look_at_first_queue(sources: Sources) -> Queue:
    """Read the queue of the mails that leads wait for."""
    return look_at_queue(sources, output(sources.stack.first_queue_url, "FirstQueueUrl"))


def look_at_drip_queue(sources: Sources) -> Queue:
    """Read the queue of the mails of sequences that are due or wait for their slot."""
    return look_at_queue(sources, output(sources.stack.drip_queue_url, "DripQueueUrl"))


def look_at_backlog(sources: Sources) -> timedelta:
    """Return how long a mail of a sequence that is due now waits, by the worker's book of slots (`aws/pacer.py`)."""
    key = {"pk": {"S": "PACE"}, "sk": {"S": "SES"}}
    found = sources.ask("dynamodb", "get_item", TableName=sources.stack.table, Key=key).get("Item")
    if not found:
        return timedelta(0)
    book = json.loads(found["book"]["S"])
    hours = {int(hour): count for hour, count in book["hours"].items()}
    allowance = Allowance(book["rate"], book["quota"]) if "rate" in book else None
    pace = Pace(book["first"], book["drip"], book["alone"], hours)
    return booked(pace, DRIP, sources.now(), limits_of(allowance))


def look_at_drip_dead_letters(sources: Sources) -> Queue:
    """Read the queue of drip messages that failed five times."""
    return look_at_queue(sources, output(sources.stack.drip_dead_letters_url, "DripDeadLettersUrl"))


def look_at_feedback_dead_letters(sources: Sources) -> Queue:
    """Read the queue of SES's reports that could not be stored."""
    return look_at_queue(sources, output(sources.stack.feedback_dead_letters_url, "FeedbackDeadLettersUrl"))


def look_at_stream_dead_letters(sources: Sources) -> Queue:
    """Read the queue of batches of events that could not be handled."""
    return look_at_queue(sources, output(sources.stack.stream_dead_letters_url, "StreamDeadLettersUrl"))


def look_at_triggers(sources: Sources) -> tuple[Trigger, ...]:
    """Read what invokes drip (two queues), feedback and react."""
    table = sources.ask("dynamodb", "describe_table", TableName=sources.stack.table)["Table"]
    arns = {
        "first queue": _arn_of(sources, output(sources.stack.first_queue_url, "FirstQueueUrl")),
        "drip queue": _arn_of(sources, output(sources.stack.drip_queue_url, "DripQueueUrl")),
        "feedback queue": _arn_of(sources, output(sources.stack.feedback_queue_url, "FeedbackQueueUrl")),
        "table stream": table.get("LatestStreamArn", ""),
    }
    return tuple(_trigger(sources, source, arn) for source, arn in arns.items())


def _arn_of(sources: Sources, url: str) -> str:
    seen = sources.ask("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn"])
    return seen["Attributes"]["QueueArn"]


def _trigger(sources: Sources, source: str, arn: str) -> Trigger:
    if not arn:
        return Trigger(source, "", "")
    found = sources.ask("lambda", "list_event_source_mappings", EventSourceArn=arn)["EventSourceMappings"]
    best: dict[str, Any] = min(found, key=lambda each: each.get("State") != "Enabled", default={})
    return Trigger(source, best.get("UUID", ""), best.get("State", ""))


def look_at_alarms(sources: Sources) -> tuple[Alarm, ...]:
    """Read the alarms of this stack: their names begin with its name, and they notify its topic."""
    topic = output(sources.stack.alarm_topic_arn, "AlarmTopicArn")
    seen = sources.ask(
        "cloudwatch", "describe_alarms", AlarmNamePrefix=f"{sources.stack.name}-", MaxRecords=100
    )
    return tuple(
        Alarm(
            each["AlarmName"],
            each["StateValue"],
            each.get("MetricName", ""),
            each.get("AlarmDescription", ""),
            each.get("ActionsEnabled", True),
        )
        for each in seen["MetricAlarms"]
        if topic in each.get("AlarmActions", ())
    )


def look_at_subscriptions(sources: Sources) -> tuple[Subscription, ...]:
    """Read who is notified of alarms: the first hundred subscriptions."""
    topic = output(sources.stack.alarm_topic_arn, "AlarmTopicArn")
    seen = sources.ask("sns", "list_subscriptions_by_topic", TopicArn=topic)["Subscriptions"]
    return tuple(
        Subscription(each["Endpoint"], each["SubscriptionArn"].startswith("arn:"))
        for each in seen
        if each["SubscriptionArn"] != "Deleted"
    )


def look_at_concurrency(sources: Sources) -> int:
    """Return how many functions may run at once in this account and region."""
    return sources.ask("lambda", "get_account_settings")["AccountLimit"]["ConcurrentExecutions"]


def look_at_schedules(sources: Sources) -> Schedules:
    """Read the quota of schedules. Raises CannotLook if Service Quotas does not name it.

    The schedules are not counted, because a listing returns only a hundred for each call.
    """
    seen = sources.ask("service-quotas", "list_service_quotas", ServiceCode="scheduler", MaxResults=100)
    named = {each["QuotaName"].lower(): each["Value"] for each in seen["Quotas"]}
    quota = next(
        (value for name, value in named.items() if name in ("number of schedules", "schedules")), None
    )
    if quota is None:
        raise CannotLook(
            "Service Quotas does not name the number of schedules",
            "look there under EventBridge Scheduler; it is ten million by default",
        )
    table = sources.ask("dynamodb", "describe_table", TableName=sources.stack.table)["Table"]
    return Schedules(quota, table.get("ItemCount", 0))
