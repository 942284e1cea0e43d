"""The stand-ins, called as the functions call boto3's clients."""

import json
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from moto import mock_aws

from aws.account import SesAccount
from lodestone.local.mails import Mails
from lodestone.local.schedules import Schedules
from lodestone.local.stack import Queue, Rule, Table
from lodestone.local.stand_ins.bus import Bus
from lodestone.local.stand_ins.files import FileStandIn
from lodestone.local.stand_ins.postal import PostalStandIn
from lodestone.local.stand_ins.queues import QueueStandIn
from lodestone.local.stand_ins.scheduling import SchedulerStandIn
from lodestone.local.stand_ins.tables import TableStandIn
from tests.local.conftest import START

QUEUE = Queue("drip", "arn:aws:sqs:us-east-1:1:drip", "https://sqs/drip", 60, 0, "", 0)
TABLE = Table(
    name="leads",
    arn="arn:leads",
    stream_arn="arn:leads/stream",
    keys=("pk", "sk"),
    view="NEW_AND_OLD_IMAGES",
    definition={
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    },
)


def code_of(caught) -> str:
    return caught.value.response["Error"]["Code"]


def item(pk: str, sk: str = "a", **rest: str) -> dict:
    return {"pk": {"S": pk}, "sk": {"S": sk}} | {name: {"S": value} for name, value in rest.items()}


class TestTables:
    @pytest.fixture
    def make(self, store, messages, clock):
        with mock_aws():

            def make() -> TableStandIn:
                return TableStandIn([TABLE], store, messages, {TABLE.stream_arn: ["s"]}, clock.now)

            yield make

    @pytest.fixture
    def client(self, make):
        return make().client()

    def records(self, messages) -> list[dict]:
        return [json.loads(each.body) for each in messages.waiting("s")]

    def test_a_put_is_on_disk_and_in_the_stream_when_it_returns(self, client, store, messages):
        client.put_item(TableName="leads", Item=item("x", note="hello"))
        assert list(store.items("leads")) == [item("x", note="hello")]
        (record,) = self.records(messages)
        assert (record["eventName"], record["eventSourceARN"]) == ("INSERT", TABLE.stream_arn)
        assert record["dynamodb"]["Keys"] == item("x")
        assert record["dynamodb"]["NewImage"] == item("x", note="hello")
        assert "OldImage" not in record["dynamodb"]

    def test_a_condition_that_fails_changes_nothing_and_tells_nobody(self, client, store, messages):
        client.put_item(TableName="leads", Item=item("x", note="1"))
        with pytest.raises(client.exceptions.ConditionalCheckFailedException):
            client.put_item(
                TableName="leads", Item=item("x", note="2"), ConditionExpression="attribute_not_exists(pk)"
            )
        assert list(store.items("leads")) == [item("x", note="1")]
        assert len(self.records(messages)) == 1

    def test_every_kind_of_write_is_kept_and_told(self, client, store, messages):
        client.put_item(TableName="leads", Item=item("a", note="1"))
        client.put_item(TableName="leads", Item=item("a", note="2"))
        client.update_item(
            TableName="leads",
            Key=item("a"),
            UpdateExpression="SET note = :n",
            ExpressionAttributeValues={":n": {"S": "3"}},
        )
        client.delete_item(TableName="leads", Key=item("a"))
        client.batch_write_item(RequestItems={"leads": [{"PutRequest": {"Item": item("b")}}]})
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "leads", "Item": item("c")}},
                {"Delete": {"TableName": "leads", "Key": item("b")}},
            ]
        )
        told = [(each["eventName"], each["dynamodb"]["Keys"]["pk"]["S"]) for each in self.records(messages)]
        assert told == [
            ("INSERT", "a"),
            ("MODIFY", "a"),
            ("MODIFY", "a"),
            ("REMOVE", "a"),
            ("INSERT", "b"),
            ("INSERT", "c"),
            ("REMOVE", "b"),
        ]
        assert list(store.items("leads")) == [item("c")]

    def test_a_put_that_changes_nothing_is_told_to_nobody(self, client, messages):
        for _ in range(2):
            client.put_item(TableName="leads", Item=item("x"))
        assert len(self.records(messages)) == 1

    def test_all_items_are_back_after_a_restart(self, store, messages, clock):
        for _ in range(2):  # each round is a process of its own
            with mock_aws():
                client = TableStandIn([TABLE], store, messages, {}, clock.now).client()
                client.put_item(TableName="leads", Item=item("x", str(len(list(store.items("leads"))))))
                found = client.query(
                    TableName="leads",
                    KeyConditionExpression="pk = :pk",
                    ExpressionAttributeValues={":pk": {"S": "x"}},
                )["Items"]
                assert found == sorted(store.items("leads"), key=lambda each: each["sk"]["S"])
        assert len(found) == 2

    def test_a_disk_that_refuses_leaves_memory_as_it_was(self, client, store, monkeypatch):
        client.put_item(TableName="leads", Item=item("old", note="1"))

        def full(*_):
            raise OSError("no space left on device")

        monkeypatch.setattr(store, "keep_item", full)
        for change in (item("old", note="2"), item("new")):
            with pytest.raises(OSError, match="no space"):
                client.put_item(TableName="leads", Item=change)
        assert client.scan(TableName="leads")["Items"] == [item("old", note="1")]

    def test_queries_and_scans_page_through_a_table_in_order(self, client):
        for partition in range(3):
            for row in range(4):
                client.put_item(TableName="leads", Item=item(f"p{partition}", f"s{row}"))
        query = client.get_paginator("query").paginate(
            TableName="leads",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :s)",
            ExpressionAttributeValues={":pk": {"S": "p1"}, ":s": {"S": "s"}},
            PaginationConfig={"PageSize": 3},
        )
        assert [each["sk"]["S"] for page in query for each in page["Items"]] == ["s0", "s1", "s2", "s3"]
        scan = client.get_paginator("scan").paginate(TableName="leads", PaginationConfig={"PageSize": 5})
        assert [each["pk"]["S"] for page in scan for each in page["Items"]] == ["p0"] * 4 + ["p1"] * 4 + [
            "p2"
        ] * 4

    def test_what_is_not_kept_is_refused_rather_than_lost(self, client):
        with pytest.raises(ClientError) as caught:
            client.execute_statement(Statement="DELETE FROM leads WHERE pk='x' AND sk='a'")
        assert code_of(caught) == "NotImplemented"


class TestQueues:
    @pytest.fixture
    def client(self, messages):
        return QueueStandIn([QUEUE], messages).client()

    def test_a_sent_message_waits_in_its_queue(self, client, messages):
        answer = client.send_message(QueueUrl=QUEUE.url, MessageBody="hello", DelaySeconds=90)
        (waiting,) = messages.waiting("drip")
        assert (waiting.body, waiting.visible_at) == ("hello", START + timedelta(seconds=90))
        assert answer["MessageId"]

    def test_a_batch_accepts_and_refuses_entry_by_entry(self, client, messages):
        entries = [{"Id": "1", "MessageBody": "a"}, {"Id": "2", "MessageBody": "b", "DelaySeconds": 901}]
        answer = client.send_message_batch(QueueUrl=QUEUE.url, Entries=entries)
        assert [each["Id"] for each in answer["Successful"]] == ["1"]
        assert [each["Id"] for each in answer["Failed"]] == ["2"]
        assert [each.body for each in messages.waiting("drip")] == ["a"]

    @pytest.mark.parametrize(
        "call",
        [
            {"QueueUrl": "https://sqs/other", "MessageBody": "a"},
            {"QueueUrl": QUEUE.url, "MessageBody": ""},
            {"QueueUrl": QUEUE.url, "MessageBody": "a" * 1_048_577},
            {"QueueUrl": QUEUE.url, "MessageBody": "a", "DelaySeconds": 901},
        ],
    )
    def test_what_sqs_refuses_is_refused(self, client, messages, call):
        with pytest.raises(ClientError):
            client.send_message(**call)
        assert messages.waiting("drip") == []

    def test_a_call_that_botocore_refuses_is_refused(self, client):
        with pytest.raises(ParamValidationError):
            client.send_message(QueueUrl=QUEUE.url, Body="a")


class TestScheduler:
    CALL = {
        "Name": "lead.step",
        "GroupName": "group",
        "ScheduleExpression": "at(2026-11-24T09:00:00)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "DELETE",
        "Target": {"Arn": QUEUE.arn, "RoleArn": "arn:aws:iam::1:role/schedules", "Input": "{}"},
    }

    @pytest.fixture
    def schedules(self, store) -> Schedules:
        return Schedules(store)

    @pytest.fixture
    def client(self, schedules):
        return SchedulerStandIn(["group"], [QUEUE], schedules).client()

    def test_a_schedule_is_due_at_its_time_in_its_zone(self, client, schedules):
        client.create_schedule(**self.CALL)
        assert schedules.next().due.isoformat() == "2026-11-24T08:00:00+00:00"
        assert client.get_schedule(GroupName="group", Name="lead.step")["Target"]["Arn"] == QUEUE.arn

    def test_a_name_that_is_taken_is_a_conflict(self, client, schedules):
        client.create_schedule(**self.CALL)
        with pytest.raises(client.exceptions.ConflictException):
            client.create_schedule(**self.CALL | {"ScheduleExpression": "at(2030-01-01T00:00:00)"})
        assert schedules.next().due.year == 2026

    def test_a_deleted_schedule_is_gone(self, client, schedules):
        client.create_schedule(**self.CALL)
        client.delete_schedule(GroupName="group", Name="lead.step")
        assert schedules.all() == []
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.delete_schedule(GroupName="group", Name="lead.step")

    @pytest.mark.parametrize(
        "change",
        [
            {"Name": "a" * 65},
            {"Name": "lead#1"},
            {"ScheduleExpression": "at(tomorrow)"},
            {"ScheduleExpressionTimezone": "Mars/Olympus"},
            {"GroupName": "other"},
            {"Target": {"Arn": "arn:aws:sqs:us-east-1:1:other", "RoleArn": "arn:aws:iam::1:role/schedules"}},
        ],
    )
    def test_what_scheduler_refuses_is_refused(self, client, schedules, change):
        with pytest.raises(ClientError):
            client.create_schedule(**self.CALL | change)
        assert schedules.all() == []


class TestPostal:
    @pytest.fixture
    def mails(self, store) -> Mails:
        return Mails(store)

    @pytest.fixture
    def client(self, store, mails, messages, clock):
        rule = Rule({"source": ["aws.ses"]}, ("arn:aws:sqs:::feedback",))
        published = {"set": frozenset({"DELIVERY", "BOUNCE", "COMPLAINT"})}
        return PostalStandIn(published, store, mails, Bus([rule], messages), clock.now).client()

    def call(self, to: str = "ada@example.com", **changes) -> dict:
        simple = {
            "Subject": {"Data": "Grüße"},
            "Body": {"Html": {"Data": "<p>Hi</p>"}, "Text": {"Data": "Hi"}},
            "Headers": [{"Name": "List-Unsubscribe", "Value": "<https://example.com/u>"}],
        }
        known = {
            "FromEmailAddress": "Press <letters@example.com>",
            "Destination": {"ToAddresses": [to]},
            "ReplyToAddresses": ["hello@example.com"],
            "Content": {"Simple": simple | changes.pop("simple", {})},
            "EmailTags": [
                {"Name": "send", "Value": "guide_one_0_1"},
                {"Name": "ses:feedback-id-a", "Value": "guide"},
                {"Name": "ses:feedback-id-b", "Value": "one"},
            ],
            "ConfigurationSetName": "set",
        }
        return known | changes

    def reports(self, messages) -> list[dict]:
        return [json.loads(each.body) for each in messages.waiting("feedback")]

    def test_a_mail_lies_in_the_inbox_with_its_headers(self, client, mails):
        client.send_email(**self.call())
        (mail,) = mails.all()
        assert (mail.to, mail.subject, mail.html, mail.text) == (
            "ada@example.com",
            "Grüße",
            "<p>Hi</p>",
            "Hi",
        )
        assert mail.headers == {
            "Feedback-ID": "guide:one:local:AmazonSES",
            "From": "Press <letters@example.com>",
            "To": "ada@example.com",
            "Subject": "Grüße",
            "Date": "Mon, 02 Mar 2026 08:30:00 +0000",
            "Reply-To": "hello@example.com",
            "List-Unsubscribe": "<https://example.com/u>",
        }

    def test_the_sender_is_shown_in_its_own_letters(self, client, mails):
        sender = "=?utf-8?b?S8Okc2UgJiBTw7ZobmU=?= <post@example.com>"
        client.send_email(**self.call(FromEmailAddress=sender))
        (mail,) = mails.all()
        assert mail.sender == "Käse & Söhne <post@example.com>"
        assert mail.headers["From"] == sender

    def test_a_report_carries_the_mails_tags_in_eventbridges_envelope(self, client, messages):
        message_id = client.send_email(**self.call())["MessageId"]
        (report,) = self.reports(messages)
        assert (report["source"], report["detail-type"]) == ("aws.ses", "Email Delivered")
        assert report["resources"][0].endswith(":configuration-set/set")
        assert report["detail"]["eventType"] == "Delivery"
        assert report["detail"]["mail"]["messageId"] == message_id
        assert report["detail"]["mail"]["tags"]["send"] == ["guide_one_0_1"]

    @pytest.mark.parametrize(
        ("address", "types"),
        [
            ("bounce@simulator.amazonses.com", ["Bounce"]),
            ("bounce+7@simulator.amazonses.com", ["Bounce"]),
            ("complaint@simulator.amazonses.com", ["Delivery", "Complaint"]),
            ("success@simulator.amazonses.com", ["Delivery"]),
            ("bounce@example.com", ["Delivery"]),
        ],
    )
    def test_the_mailbox_simulator_behaves_as_on_aws(self, client, messages, address, types):
        client.send_email(**self.call(to=address))
        assert [each["detail"]["eventType"] for each in self.reports(messages)] == types

    def test_the_account_allows_more_than_a_machine_can_send(self, client):
        account = SesAccount(client).read()
        assert (account.allowance.rate, account.allowance.quota, account.sent) == (1000, 1_000_000, 0)

    @pytest.mark.parametrize(
        "change",
        [
            {"FromEmailAddress": "Press"},
            {"FromEmailAddress": "Grüße <letters@example.com>"},
            {"Destination": {"ToAddresses": []}},
            {"Destination": {"ToAddresses": ["ada at example.com"]}},
            {"Destination": {"ToAddresses": ["a@example.com"] * 51}},
            {"ReplyToAddresses": ["nobody"]},
            {"ConfigurationSetName": "other"},
            {"EmailTags": [{"Name": "send", "Value": "guide.one.0.1"}]},
            {"simple": {"Subject": {"Data": "two\nlines"}}},
            {"simple": {"Body": {}}},
            {"simple": {"Headers": [{"Name": "X-A", "Value": "é"}]}},
            {"simple": {"Headers": [{"Name": "X-A", "Value": "a" * 996}]}},
            {"simple": {"Headers": [{"Name": "Subject", "Value": "another"}]}},
            {"simple": {"Headers": [{"Name": f"X-{n}", "Value": "a"} for n in range(16)]}},
        ],
    )
    def test_what_ses_refuses_is_refused_and_not_sent(self, client, mails, messages, change):
        with pytest.raises(ClientError) as caught:
            client.send_email(**self.call(**change))
        assert 400 <= caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
        assert (mails.all(), self.reports(messages)) == ([], [])


class TestFiles:
    @pytest.fixture
    def client(self, store, clock, tmp_path) -> FileStandIn:
        return FileStandIn(
            ["assets"], tmp_path / "objects", store, "secret", "http://127.0.0.1:8000", clock.now
        )

    def test_an_object_is_found_as_it_was_put(self, client):
        client.put_object(Bucket="assets", Key="../a b.pdf", Body=b"%PDF", ContentType="application/pdf")
        head = client.head_object(Bucket="assets", Key="../a b.pdf")
        assert (head["ContentLength"], head["ContentType"]) == (4, "application/pdf")
        assert client.find("assets", "../a b.pdf").path.read_bytes() == b"%PDF"

    def test_what_is_not_there_is_a_client_error(self, client):
        with pytest.raises(ClientError) as caught:
            client.head_object(Bucket="assets", Key="a")
        assert code_of(caught) == "404"
        with pytest.raises(ClientError) as caught:
            client.put_object(Bucket="other", Key="a", Body=b"")
        assert code_of(caught) == "NoSuchBucket"

    def link(self, client) -> tuple[str, dict]:
        from urllib.parse import parse_qsl, urlsplit

        params = {"Bucket": "assets", "Key": "a/b.pdf", "ResponseContentDisposition": "attachment"}
        url = urlsplit(client.generate_presigned_url("get_object", Params=params, ExpiresIn=60))
        return url.path, dict(parse_qsl(url.query, keep_blank_values=True))

    def test_a_signed_link_opens_until_it_expires(self, client, time):
        path, query = self.link(client)
        assert path == "/_local/files/assets/a/b.pdf"
        assert client.admits("assets", "a/b.pdf", query)
        time.pass_by(seconds=61)
        assert not client.admits("assets", "a/b.pdf", query)

    @pytest.mark.parametrize("part", ["expires", "disposition", "type", "signature"])
    def test_a_link_that_was_changed_does_not_open(self, client, part):
        _, query = self.link(client)
        assert not client.admits("assets", "a/b.pdf", query | {part: "9999999999"})
        assert not client.admits("assets", "a/c.pdf", query)
        assert not client.admits("assets", "a/b.pdf", {})
