"""The ebook's whole story on a deployed stack: its own stream, queue and scheduler carry it."""

import json
import re
import time

import pytest

from tests.deploy.conftest import STACK, deploy, wait_for, write_letter

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1200), pytest.mark.xdist_group("deploy")]

FORM = {"content_type": "application/x-www-form-urlencoded"}
IDA, BEN = "ida@example.com", "ben@example.com"


def link(mail: dict, purpose: str) -> str:
    return re.search(rf"https?://\S+/api/{purpose}\?t=[\w.-]+", mail["BodyText"])[0]


def subjects(cloud, address: str) -> list[str]:
    return [each["Subject"] for each in cloud.mails(address)]


def sign_up(cloud, address: str, magnet: str = "guide") -> None:
    """From the form to the delivery mail."""
    body = f"email={address.replace('@', '%40')}&consent=yes".encode()
    status, headers, _ = cloud.request(f"/api/leads/{magnet}", body, **FORM)
    assert (status, headers["location"]) == (303, f"/{magnet}/thanks/")
    (opt_in,) = wait_for(lambda: cloud.mails(address), f"the opt-in mail to {address}")
    page = cloud.request(link(opt_in, "confirm"))
    assert page[0] == 200
    assert page[2].count(b"<button") == 1
    assert len(cloud.mails(address)) == 1
    status, headers, _ = cloud.request(link(opt_in, "confirm"), b"", **FORM)
    assert (status, headers["location"]) == (303, f"/{magnet}/confirmed/")
    wait_for(lambda: len(cloud.mails(address)) >= 2, f"the delivery mail to {address}")


def test_a_deployed_stack_carries_a_lead_from_form_to_unsubscribe(deployed, package, site_root):
    cloud = deployed
    assert json.loads(cloud.request("/api/health")[2]) == {"ok": True, "published": True}

    sign_up(cloud, IDA)
    sign_up(cloud, BEN)

    # The delivery mail's link leads to the file in the private bucket.
    status, headers, _ = cloud.request(link(cloud.mails(IDA)[1], "download"))
    assert status == 302
    status, headers, book = cloud.request(headers["location"])
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert b"<h1" in book

    # The first letter comes by the stack's own schedule.
    wait_for(lambda: len(cloud.mails(IDA)) == 3, "the first letter", seconds=180)
    wait_for(lambda: len(cloud.mails(BEN)) == 3, "the first letter", seconds=180)
    assert subjects(cloud, IDA)[2] == "The first letter"

    # One of them has enough.
    one_click = b"List-Unsubscribe=One-Click"
    assert cloud.request(link(cloud.mails(BEN)[2], "unsubscribe"), one_click, **FORM)[0] == 200

    # The magnet changes while the other is under way: the second letter goes, a third comes in its place.
    (site_root / "magnets" / "guide" / "emails" / "20-second.md").unlink()
    write_letter(site_root / "magnets" / "guide", "30-third", "1 minute")
    told = cloud.build_py("publish", "--stack", STACK, "--root", site_root, "--dry-run")
    assert "third" in told.stdout + told.stderr
    cloud.build_py("publish", "--stack", STACK, "--root", site_root, "--yes")
    deploy(cloud, package, "FunnelCacheSeconds=1")
    cloud.client("lambda").invoke(FunctionName=function(cloud, "Reconcile"), Payload=b"{}")
    wait_for(lambda: "The third letter" in subjects(cloud, IDA), "the third letter", seconds=180)
    assert "The second letter" not in subjects(cloud, IDA)

    # No mail came twice, and none to the one who left.
    time.sleep(5)
    for address in (IDA, BEN):
        assert len(subjects(cloud, address)) == len(set(subjects(cloud, address)))
    assert len(cloud.mails(BEN)) == 3

    # Nothing was lost on the way.
    for name in ("DripDeadLettersUrl", "FeedbackDeadLettersUrl", "StreamDeadLettersUrl"):
        attributes = cloud.client("sqs").get_queue_attributes(
            QueueUrl=cloud.outputs()[name], AttributeNames=["ApproximateNumberOfMessages"]
        )
        assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "0", name


def test_a_report_of_ses_reaches_its_lead(deployed):
    cloud = deployed
    sign_up(cloud, "bounced@example.com")
    item = next(
        each
        for page in cloud.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=cloud.outputs()["TableName"])
        for each in page["Items"]
        if each["sk"]["S"] == "PROFILE" and "bounced@example.com" in each["profile"]["S"]
    )
    lead_id = item["pk"]["S"].removeprefix("LEAD#")
    tags = {"lead": [lead_id], "send": ["guide_delivery_1_1"]}
    mail = {"messageId": "m-1", "timestamp": "2026-11-22T06:00:00Z", "tags": tags}
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "timestamp": "2026-11-22T06:00:01Z"}
    detail = {"eventType": "Bounce", "mail": mail, "bounce": bounce}
    body = json.dumps({"source": "aws.ses", "detail": detail})
    cloud.client("sqs").send_message(QueueUrl=cloud.outputs()["FeedbackQueueUrl"], MessageBody=body)

    def suppressed() -> bool:
        table, key = cloud.outputs()["TableName"], {"pk": item["pk"], "sk": {"S": "PROFILE"}}
        profile = cloud.client("dynamodb").get_item(TableName=table, Key=key)["Item"]["profile"]["S"]
        return json.loads(profile).get("suppression", {}).get("reason") == "bounced"

    wait_for(suppressed, "the suppression", seconds=150)  # reports are gathered for a minute


def function(cloud, name: str) -> str:
    """The deployed name of a function, by its name in the template."""
    resource = cloud.client("cloudformation").describe_stack_resource(
        StackName=STACK, LogicalResourceId=f"{name}Function"
    )
    return resource["StackResourceDetail"]["PhysicalResourceId"]


def test_the_account_s_suppression_list_is_seen_to_and_ses_s_answer_stops_no_deployment(deployed):
    """The emulator knows no such list; on AWS it is switched on here."""
    found = deployed.client("cloudformation").describe_stack_resource(
        StackName=STACK, LogicalResourceId="AccountSuppression"
    )["StackResourceDetail"]
    assert found["ResourceStatus"].endswith("_COMPLETE")
    assert found["PhysicalResourceId"] == "account-suppression"  # the function's own answer


def test_the_functions_carry_bytecode_and_nothing_compiled_for_one_machine(package):
    for folder in (each for each in package.iterdir() if each.name.endswith("Function")):
        sources = {str(each.relative_to(folder)) for each in folder.rglob("*.py")}
        compiled = {str(each.relative_to(folder)) for each in folder.rglob("*.pyc")}
        assert sources
        assert len(compiled) >= len(sources) * 0.99, folder.name
        assert not list(folder.rglob("*.so"))
        assert not (folder / "boto3").exists()
