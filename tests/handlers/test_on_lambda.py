"""Each handler as Lambda runs it: the template's environment, wired at INIT, called with an event and a context.

Tables, queues and the rest are moto's, made from template.yaml; nothing reaches a network.
"""

import importlib
import io
import json
import logging
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
import pytest
from moto import mock_aws

from aws.assets import Assets
from aws.clients import Clients
from handlers.entry import LOGGER, on_lambda
from handlers.origin import HEADER
from handlers.pacing import ENOUGH, NEAR
from leads.features.downloads import Asset
from leads.rules import SendingPolicy
from leads.tokens import Signer
from lodestone.local.stack import Function, read_stack
from lodestone.local.template import REGION, read_template
from tests.world import World, http

# pytest has filters of its own; that ours works is seen in a fresh process.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:No application metrics")]

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "lead@example.com"

#: What Lambda sets beside the function's own variables, as far as our libraries look.
LAMBDA = {
    "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_SESSION_TOKEN": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass
class Context:
    """What Lambda hands over beside the event."""

    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = f"arn:aws:lambda:{REGION}:123456789012:function:function"
    aws_request_id: str = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


STACK = read_stack(read_template(ROOT / "template.yaml"), lambda name: f"secret-of-{name}")
FUNCTIONS = {each.module.removeprefix("handlers."): each for each in STACK.functions}


class Deployed:
    """The stack, and its functions started as often as a test asks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self._monkeypatch = monkeypatch
        self.table = STACK.tables[0].name
        self.dynamodb = boto3.client("dynamodb")
        self._make_resources()
        for item in World().items.values():
            self.dynamodb.put_item(TableName=self.table, Item=item)

    def _make_resources(self) -> None:
        wanted = ("AttributeDefinitions", "KeySchema", "BillingMode")
        definition = {name: STACK.tables[0].definition[name] for name in wanted}
        self.dynamodb.create_table(TableName=self.table, **definition)
        for queue in STACK.queues:
            boto3.client("sqs").create_queue(QueueName=queue.name)
        for bucket in STACK.buckets:
            boto3.client("s3").create_bucket(Bucket=bucket)
        for group in STACK.schedule_groups:
            boto3.client("scheduler").create_schedule_group(Name=group)
        for name in STACK.mail_sets:
            boto3.client("sesv2").create_configuration_set(ConfigurationSetName=name)
        boto3.client("sesv2").create_email_identity(EmailIdentity="press.example")

    def call(self, name: str, event: dict[str, Any]) -> Any:
        """Start the function (INIT) and hand it one event."""
        for variable, value in FUNCTIONS[name].environment.items():
            self._monkeypatch.setenv(variable, value)
        handler = on_lambda(importlib.import_module(f"handlers.{name}").respond)
        if "headers" in event:  # as the CDN does
            event["headers"][HEADER] = FUNCTIONS[name].environment["ORIGIN_SECRET"]
        return handler(event, Context())

    def stream(self) -> dict[str, Any]:
        """Every stored event as the stream hands it over."""
        items = self.dynamodb.scan(TableName=self.table)["Items"]
        images = [item for item in items if item["sk"]["S"].startswith("EVENT#")]
        return {
            "Records": [
                {"eventName": "INSERT", "dynamodb": {"NewImage": image, "SequenceNumber": str(number)}}
                for number, image in enumerate(images)
            ]
        }

    def queued(self) -> dict[str, Any]:
        """What waits on the worker's two queues, as they hand it over."""
        urls = [FUNCTIONS["drip"].environment[f"{lane}_QUEUE_URL"] for lane in ("FIRST", "DRIP")]
        found = [boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10) for url in urls]
        messages = [each for answer in found for each in answer.get("Messages", [])]
        return {"Records": [{"messageId": m["MessageId"], "body": m["Body"]} for m in messages]}

    def pump(self) -> None:
        """Stream to react, queue to drip."""
        assert self.call("react", self.stream()) == {"batchItemFailures": []}
        assert self.call("drip", self.queued()) == {"batchItemFailures": []}

    def types(self) -> list[str]:
        """The types of the stored events."""
        return sorted(each["dynamodb"]["NewImage"]["type"]["S"] for each in self.stream()["Records"])

    def token(self, purpose: str, *payload: Any) -> str:
        key = FUNCTIONS["confirm"].environment["SIGNING_KEYS"]
        return Signer([key]).sign(purpose, list(payload), datetime.now(UTC))

    def lead_id(self) -> str:
        image = self.stream()["Records"][0]["dynamodb"]["NewImage"]
        return image["pk"]["S"].removeprefix("LEAD#")

    def sign_up(self) -> str:
        """From the form to the delivery mail; the lead's id."""
        body = b64encode(urlencode({"email": ADDRESS, "consent": "yes"}).encode()).decode()
        assert self.call("capture", http("POST", body, {"magnet": "guide"}, base64=True))["statusCode"] == 303
        self.pump()
        token = self.token("confirm", self.lead_id(), "guide", 1)
        assert self.call("confirm", http("POST", query=f"t={token}"))["statusCode"] == 303
        self.pump()
        return self.lead_id()


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    for name, value in LAMBDA.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield Deployed(monkeypatch)


def test_the_worker_outlasts_its_slowest_mail_the_queue_outlasts_the_worker_and_the_lease_outlasts_both(
    monkeypatch,
):
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    template = read_template(ROOT / "template.yaml")
    worker = template.resource("DripFunction").properties
    ses = Clients().sesv2.meta.config
    slowest = ses.connect_timeout + ses.read_timeout
    # The last mail is begun after `ENOUGH`, waits for its slot, asks SES for its limits, and is sent.
    assert ENOUGH.total_seconds() + NEAR.total_seconds() + 2 * slowest < worker["Timeout"]
    for queue in ("FirstQueue", "DripQueue"):
        visibility = template.resource(queue).properties["VisibilityTimeout"]
        assert 6 * worker["Timeout"] <= visibility < SendingPolicy().lease.total_seconds()


def test_every_function_starts_in_a_fresh_process_and_needs_no_network_for_it():
    environment = {name: value for each in STACK.functions for name, value in each.environment.items()}
    modules = [each.module for each in STACK.functions]
    code = (
        "import importlib, types\n"
        "context = types.SimpleNamespace(function_name='f', memory_limit_in_mb=512, invoked_function_arn='a',"
        " aws_request_id='r')\n"
        f"handlers = [importlib.import_module(name).handler for name in {modules}]\n"
        "import handlers.drip\n"
        "print(handlers.drip.handler({'Records': []}, context))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | LAMBDA | {"PYTHONPATH": str(ROOT / "functions")},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    # An invocation that counts nothing is not worth a warning in the log.
    assert (found.stdout, found.stderr) == ("{'batchItemFailures': []}\n", "")


@pytest.mark.parametrize("function", STACK.functions, ids=lambda each: each.module)
def test_a_function_whose_environment_is_not_whole_does_not_start(function: Function, monkeypatch):
    for name, value in LAMBDA.items():
        monkeypatch.setenv(name, value)
    for name in function.environment:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(KeyError):
        on_lambda(importlib.import_module(function.module).respond)


def test_a_lead_goes_the_whole_way_through_the_deployed_functions(deployed):
    deployed.sign_up()
    expected = ["claimed", "claimed", "confirmed", "mailed", "mailed", "submitted"]
    assert deployed.types() == expected
    group = STACK.schedule_groups[0]
    schedules = boto3.client("scheduler").list_schedules(GroupName=group)["Schedules"]
    assert [each["Target"]["Arn"] for each in schedules] == [FUNCTIONS["drip"].environment["DRIP_QUEUE_ARN"]]


def test_the_confirm_and_unsubscribe_pages_come_by_get_and_change_nothing(deployed):
    lead = deployed.sign_up()
    before = deployed.types()
    for name, payload in (("confirm", (lead, "guide", 1)), ("unsubscribe", (lead, "guide"))):
        answer = deployed.call(name, http("GET", query=f"t={deployed.token(name, *payload)}"))
        assert answer["statusCode"] == 200
        assert answer["headers"]["content-type"].startswith("text/html")
    assert deployed.types() == before


def test_unsubscribing_is_stored(deployed):
    token = deployed.token("unsubscribe", deployed.sign_up(), "guide")
    answer = deployed.call("unsubscribe", http("POST", "List-Unsubscribe=One-Click", query=f"t={token}"))
    assert answer["statusCode"] == 200
    assert "unsubscribed" in deployed.types()


def test_a_lead_sees_what_is_stored_and_has_it_erased(deployed):
    lead = deployed.sign_up()
    query = f"t={deployed.token('data', lead, 'guide', 1)}"
    for more in ("", "&format=json", "&correct=guide", "&view=erase"):
        assert deployed.call("data", http("GET", query=query + more))["statusCode"] == 200
    token = deployed.token("stay", lead, "guide", 1)
    assert deployed.call("keep_subscribed", http("GET", query=f"t={token}"))["statusCode"] == 200
    assert deployed.call("data", http("POST", "erase=yes&sure=yes", query=query))["statusCode"] == 200
    deployed.pump()
    assert deployed.types() == ["erased"]
    left = [
        each for each in deployed.dynamodb.scan(TableName=deployed.table)["Items"] if lead in each["pk"]["S"]
    ]
    assert len(left) == 2
    assert ADDRESS not in str(left)


def test_a_download_leads_to_the_private_bucket_and_is_stored(deployed):
    token = deployed.token("download", deployed.sign_up(), "guide")
    answer = deployed.call("download", http("GET", query=f"t={token}", headers={"user-agent": "Mozilla"}))
    assert answer["statusCode"] == 302
    assert answer["headers"]["location"].startswith(f"https://{STACK.buckets[0]}.s3.amazonaws.com/guide/abc/")
    assert "downloaded" in deployed.types()


@pytest.mark.parametrize(
    ("region", "host"),
    [("us-east-1", "gated.s3.amazonaws.com"), ("eu-central-1", "gated.s3.eu-central-1.amazonaws.com")],
)
def test_a_presigned_link_is_one_that_new_buckets_take_in_any_region(monkeypatch, region, host):
    for name, value in (LAMBDA | {"AWS_DEFAULT_REGION": region}).items():
        monkeypatch.setenv(name, value)
    asset = Asset("guide/abc/büch 1.pdf", "büch 1.pdf", "The Guide", "application/pdf", 1)
    link = urlsplit(Assets(Clients().s3, "gated").link(asset))
    query = parse_qs(link.query)
    assert (link.netloc, link.path) == (host, "/guide/abc/b%C3%BCch%201.pdf")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["response-content-disposition"] == ["attachment; filename*=UTF-8''b%C3%BCch%201.pdf"]


def test_a_slug_too_long_for_a_key_is_an_offer_that_is_not_there(deployed):
    body = f"email={ADDRESS}"
    assert deployed.call("capture", http("POST", body, {"magnet": "x" * 6000}))["statusCode"] == 404


def test_health_tells_whether_the_table_answers(deployed):
    answer = deployed.call("health", http("GET"))
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"ok": True, "published": True})
    deployed.dynamodb.delete_table(TableName=deployed.table)
    assert deployed.call("health", http("GET"))["statusCode"] == 503


def test_a_report_of_ses_becomes_an_event(deployed):
    lead = deployed.sign_up()
    tags = {"lead": [lead], "send": ["guide_delivery_1_1"]}
    mail = {"messageId": "m1", "timestamp": "2026-11-22T06:00:00.000Z", "tags": tags}
    delivery = {"timestamp": "2026-11-22T06:00:01.000Z"}
    body = json.dumps({"detail": {"eventType": "Delivery", "mail": mail, "delivery": delivery}})
    records = {"Records": [{"messageId": "good", "body": body}, {"messageId": "bad", "body": "{}"}]}
    assert deployed.call("feedback", records) == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert "delivered" in deployed.types()


def test_reconcile_goes_over_every_lead(deployed):
    deployed.sign_up()
    assert deployed.call("reconcile", {}) == {"leads": 1, "finished": True}


def test_a_capture_is_counted_and_an_invocation_without_a_count_prints_nothing(deployed, capsys):
    deployed.call("health", http("GET"))
    assert capsys.readouterr().out == ""
    deployed.call("capture", http("POST", f"email={ADDRESS}", {"magnet": "guide"}))
    metric = json.loads(capsys.readouterr().out)
    assert metric["Captured"] == [1.0]
    assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Lodestone"


def test_what_goes_wrong_is_logged_without_the_address(deployed, monkeypatch):
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    handler.setFormatter(LOGGER.registered_formatter)
    LOGGER.addHandler(handler)
    deployed.call("capture", http("POST", f"email={ADDRESS}", {"magnet": "guide"}))
    deployed.call("react", deployed.stream())
    boto3.client("sesv2").delete_email_identity(EmailIdentity="press.example")
    queued = deployed.queued()
    deployed.dynamodb.delete_item(
        TableName=deployed.table, Key={"pk": {"S": "MAGNET#guide"}, "sk": {"S": "MAIL#opt-in"}}
    )
    assert deployed.call("drip", queued)["batchItemFailures"]
    LOGGER.removeHandler(handler)  # type: ignore[attr-defined]  # handed on to the logger within
    assert "is not published" in logged.getvalue()
    assert ADDRESS not in logged.getvalue()
