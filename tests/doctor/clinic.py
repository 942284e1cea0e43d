"""A healthy stack of fakes, and ways to make it ill."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aws.funnels import FUNNEL, MAGNET, definition_item
from leads.funnel import funnel_to_json
from lodestone.doctor.sources import Answer, CannotLook, Certificate, SiteFacts, Sources
from lodestone.stack.errors import AwsError
from lodestone.stack.outputs import StackOutputs
from tests.world import make_funnel

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
QUEUES = "https://sqs.eu-west-1.amazonaws.com/1/"
TOPIC = "arn:aws:sns:eu-west-1:1:alarms"
STREAM = "arn:aws:dynamodb:eu-west-1:1:table/leads/stream/x"


def healthy_stack(**changes: Any) -> StackOutputs:
    known = {
        "name": "press",
        "region": "eu-west-1",
        "status": "UPDATE_COMPLETE",
        "table": "leads",
        "assets_bucket": "assets",
        "site_bucket": "site",
        "distribution_id": "D1",
        "site_url": "https://press.example",
        "api_url": "https://api.example",
        "first_queue_url": QUEUES + "first",
        "drip_queue_url": QUEUES + "drip",
        "feedback_queue_url": QUEUES + "feedback",
        "drip_dead_letters_url": QUEUES + "drip-dead",
        "feedback_dead_letters_url": QUEUES + "feedback-dead",
        "stream_dead_letters_url": QUEUES + "stream-dead",
        "mail_set": "press-mail",
        "alarm_topic_arn": TOPIC,
        "parameters": {"SenderIdentity": "press.example", "WorkerConcurrency": "0"},
    }
    return StackOutputs(**(known | changes))


def healthy_answers() -> dict[str, Any]:
    """What AWS answers, by `service.operation`; a function is called with the arguments."""
    kinds = ["SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "DELIVERY_DELAY", "RENDERING_FAILURE"]
    return {
        "sesv2.get_account": {
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 120.0},
            "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        },
        "sesv2.get_email_identity": {
            "VerifiedForSendingStatus": True,
            "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "Tokens": ["a", "b", "c"]},
            "MailFromAttributes": {
                "MailFromDomain": "bounce.press.example",
                "MailFromDomainStatus": "SUCCESS",
                "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
            },
        },
        "sesv2.get_configuration_set": {
            "SendingOptions": {"SendingEnabled": True},
            "SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        },
        "sesv2.get_configuration_set_event_destinations": {
            "EventDestinations": [
                {
                    "Enabled": True,
                    "MatchingEventTypes": kinds,
                    "EventBridgeDestination": {"EventBusArn": "bus"},
                }
            ]
        },
        "cloudformation.describe_stack_resource": {
            "StackResourceDetail": {"PhysicalResourceId": "press-MailEventsRule-1"}
        },
        "events.describe_rule": {"State": "ENABLED"},
        "events.list_targets_by_rule": {"Targets": [{"Id": "f", "Arn": "arn:aws:sqs:eu-west-1:1:feedback"}]},
        "cloudwatch.get_metric_data": lambda MetricDataQueries, **_: {
            "MetricDataResults": [{"Id": each["Id"], "Values": [0.0004]} for each in MetricDataQueries]
        },
        "cloudwatch.describe_alarms": {"MetricAlarms": [alarm("press-StreamAge", MetricName="IteratorAge")]},
        "sns.list_subscriptions_by_topic": {
            "Subscriptions": [{"Endpoint": "ops@press.example", "SubscriptionArn": TOPIC + ":1"}]
        },
        "sqs.get_queue_attributes": lambda QueueUrl, **_: queue(QueueUrl, 0),
        "dynamodb.describe_table": {"Table": {"LatestStreamArn": STREAM, "ItemCount": 10_000}},
        "dynamodb.get_item": {},
        "dynamodb.batch_get_item": lambda RequestItems, **_: published("guide"),
        "lambda.list_event_source_mappings": {"EventSourceMappings": [{"UUID": "u1", "State": "Enabled"}]},
        "lambda.get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 1000}},
        "service-quotas.list_service_quotas": {
            "Quotas": [{"QuotaName": "Number of schedules", "Value": 10_000_000.0}]
        },
        "sts.get_caller_identity": {
            "ResponseMetadata": {"HTTPHeaders": {"date": format_datetime(NOW, usegmt=True)}}
        },
    }


def alarm(name: str, state: str = "OK", **more: Any) -> dict[str, Any]:
    return {"AlarmName": name, "StateValue": state, "AlarmActions": [TOPIC], **more}


def queue(url: str, waiting: int) -> dict[str, Any]:
    name = url.rpartition("/")[2]
    counts = {"ApproximateNumberOfMessages": str(waiting), "ApproximateNumberOfMessagesNotVisible": "0"}
    return {"Attributes": {"QueueArn": f"arn:aws:sqs:eu-west-1:1:{name}", **counts}}


def published(*slugs: str, **changes: Any) -> dict[str, Any]:
    items = [
        definition_item(MAGNET + slug, FUNNEL, funnel_to_json(make_funnel(slug=slug, **changes)))
        for slug in slugs
    ]
    return {"Responses": {"leads": items}}


def denied(permission: str) -> AwsError:
    return AwsError(f"these credentials may not call {permission}", "ask", permission=permission)


class FakeAws:
    """Answers calls from a table and notes them; an exception in the table is raised."""

    def __init__(self, answers: dict[str, Any]):
        self.answers = answers
        self.asked: list[str] = []

    def ask(self, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        call = f"{service}.{operation}"
        self.asked.append(call)
        answer = self.answers[call]
        if isinstance(answer, Exception):
            raise answer
        return answer(**arguments) if callable(answer) else answer


class FakeNames:
    """DNS from two tables."""

    def __init__(self, texts: dict[str, list[str]] | None = None, aliases: dict[str, str] | None = None):
        self.records = texts if texts is not None else healthy_texts()
        self.aliases = aliases or {}

    def texts(self, name: str) -> list[str]:
        return self.records.get(name, [])

    def alias(self, name: str) -> str:
        return self.aliases.get(name, "")


class DeadNames:
    """DNS that nobody answers."""

    def texts(self, name: str) -> list[str]:
        raise CannotLook(f"DNS did not answer for {name}", "try elsewhere")

    alias = texts


def healthy_texts() -> dict[str, list[str]]:
    return {
        "press.example": ["v=spf1 -all", "google-site-verification=x"],
        "bounce.press.example": ["v=spf1 include:amazonses.com ~all"],
        "_dmarc.press.example": ["v=DMARC1; p=quarantine; rua=mailto:d@press.example"],
    }


class FakeWeb:
    """Every URL answers alike."""

    def __init__(self, status: int = 200, body: str = '{"ok": true, "published": true}', days: float = 90):
        self.answer = Answer(status, body)
        self.days = days

    def get(self, url: str) -> Answer:
        return self.answer

    def certificate(self, host: str) -> Certificate:
        return Certificate(host, NOW + timedelta(days=self.days))


def make_sources(
    changes: dict[str, Any] | None = None,
    *,
    stack: StackOutputs | None = None,
    names: Any = None,
    web: Any = None,
    now: Callable[[], datetime] = lambda: NOW,
    **site: Any,
) -> Sources:
    """Healthy, but for the answers in `changes`."""
    facts = {"base_url": "https://press.example", "sender": "ann@press.example", "magnets": ("guide",)}
    emulated = site.pop("emulated", False)
    aws = FakeAws(healthy_answers() | (changes or {}))
    where = stack or healthy_stack()
    return Sources(
        where, SiteFacts(**(facts | site)), aws.ask, names or FakeNames(), web or FakeWeb(), now, emulated
    )
