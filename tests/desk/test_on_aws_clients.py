"""The desk through real boto3 clients: moto in process, its table made from template.yaml."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from aws.funnels import FUNNEL, MAGNET, definition_item
from aws.ledger import Ledger
from aws.queue import DripMessage
from aws.schedules import Schedules
from leads import events
from leads.events import SendId
from leads.folding import fold
from leads.funnel import funnel_to_json
from leads.identity import lead_id
from leads.pace import DRIP, FIRST
from leads.rules import DEFAULT
from lodestone.desk import changes
from lodestone.desk.reconcile import mend, reconcile
from lodestone.local.stand_ins.clients import answered_client
from lodestone.local.template import read_template
from lodestone.records.find import find_lead
from lodestone.records.stack import StackRecords
from lodestone.stack.outputs import read_stack
from tests.world import DAY, START, make_funnel

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
ANN = "ann@example.com"
ID = lead_id("identity", email=ANN)


class Account:
    """A boto3 session: CloudFormation and SES answer for themselves, everything else is moto's."""

    region_name = REGION

    def __init__(self) -> None:
        self._session = boto3.Session(region_name=REGION)
        self.secret = self.client("secretsmanager").create_secret(
            Name="IdentityKey-1", SecretString=json.dumps({"key": "identity"})
        )["ARN"]
        self.queues = {
            lane: self.client("sqs").create_queue(QueueName=lane)["QueueUrl"] for lane in (FIRST, DRIP)
        }
        self.client("scheduler").create_schedule_group(Name="group")
        self.listed = {ANN}

    def client(self, service: str, **options: Any) -> Any:
        answers = {"cloudformation": self._formation, "sesv2": self._postal}
        if service in answers:
            return answered_client(service, answers[service])
        return self._session.client(service, **options)

    def _formation(self, operation: str, call: dict[str, Any]) -> dict[str, Any]:
        if operation == "DescribeStacks":
            outputs = {
                "TableName": "table",
                "FirstQueueUrl": self.queues[FIRST],
                "DripQueueUrl": self.queues[DRIP],
            }
            told = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
            return {"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Outputs": told}]}
        named = {"IdentityKey": self.secret, "ScheduleGroup": "group"}
        return {"StackResourceDetail": {"PhysicalResourceId": named[call["LogicalResourceId"]]}}

    def _postal(self, operation: str, call: dict[str, Any]) -> dict[str, Any]:
        assert operation == "DeleteSuppressedDestination"
        self.listed.remove(call["EmailAddress"])
        return {}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        table = read_template(ROOT / "template.yaml").resource("Table").properties
        kept = {key: table[key] for key in ("AttributeDefinitions", "KeySchema", "BillingMode")}
        account = Account()
        client = account.client("dynamodb")
        client.create_table(TableName="table", **kept)
        item = definition_item(MAGNET + "guide", FUNNEL, funnel_to_json(make_funnel()))
        client.put_item(TableName="table", Item=item)
        for event in history():
            Ledger(client, "table").append(ID, event)
        yield account


def history() -> list[events.Event]:
    """Ann asked, confirmed and has her guide."""
    form = {"email": ANN, "answers": {}, "consent": {"given": True, "text": "Yes"}, "opt_in": "double"}
    sends = SendId("guide", "opt-in", 1, 1), SendId("guide", "delivery", 1, 1)
    mails = [
        event
        for send in sends
        for event in (events.claimed(send, START, "worker"), events.mailed(send, START, f"id-{send.step}"))
    ]
    return [events.submitted("guide", START, form), events.confirmed("guide", 1, START), *mails]


def records(account: Account, **later: float) -> StackRecords:
    stack = read_stack("press", account)
    return StackRecords(stack, account, lambda: START + timedelta(**later))


def waiting(account: Account, lane: str) -> list[DripMessage]:
    found = account.client("sqs").receive_message(QueueUrl=account.queues[lane], MaxNumberOfMessages=10)
    return [DripMessage.from_json(each["Body"]) for each in found.get("Messages", [])]


def test_what_lacks_a_schedule_is_found_and_a_message_mends_it(account):
    first = DripMessage(ID, "guide", "first")
    (gap,) = reconcile(records(account, hours=1), START + timedelta(hours=1)).missing_wakeups
    assert (gap.message, gap.at) == (first, START + timedelta(seconds=2 * DAY))
    mend(records(account), [gap])
    assert waiting(account, DRIP) == [first]
    arns = dict.fromkeys((FIRST, DRIP), "arn:aws:sqs:us-east-1:123456789012:drip")
    scheduler = account.client("scheduler")
    role = "arn:aws:iam::123456789012:role/schedules"
    assert Schedules(scheduler, "group", role, arns).make(first, gap.at)
    assert reconcile(records(account, hours=1), START + timedelta(hours=1)).missing_wakeups == ()


def test_a_lead_is_found_by_address_settled_readmitted_and_erased(account):
    desk, now = records(account, days=3), START + timedelta(days=3)
    ledger = Ledger(account.client("dynamodb"), "table")
    found = find_lead(desk, ANN)
    assert (found.id, len(found.events)) == (ID, 6)

    ledger.append(ID, events.claimed(SendId("guide", "first", 0, 1), START + timedelta(days=2), "worker"))
    changes.settle(desk, find_lead(desk, ID).lead, "guide", "first", False, now)
    assert waiting(account, DRIP) == [DripMessage(ID, "guide", "first")]

    bounce = events.reported("bounced", SendId("guide", "delivery", 1, 1), START, "id", kind="hard")
    ledger.append(ID, bounce)
    assert changes.readmit(desk, find_lead(desk, ANN).lead, now)
    assert not account.listed

    changes.erase(desk, find_lead(desk, ANN).lead, now + timedelta(minutes=1))
    assert [each.type for each in ledger.events(ID)] == ["erased"]
    (left,) = ledger.partitions()
    assert ANN not in left.profile
    assert fold(ID, left.events, DEFAULT).erased_at
