"""The whole examination: complete, never a crash, told to people and to programs."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from lodestone.doctor import mail_checks
from lodestone.doctor.display import as_json, styled, summarise
from lodestone.doctor.examination import CHECKS, examine
from lodestone.doctor.findings import Finding, Section, Severity
from lodestone.doctor.mail_facts import MAIL_EVENTS_RULE
from lodestone.doctor.reach import IAM_NAMES
from lodestone.local.template import read_template
from lodestone.stack.errors import AwsError
from lodestone.stack.outputs import StackOutputs
from tests.doctor.clinic import (
    DeadNames,
    FakeAws,
    denied,
    healthy_answers,
    healthy_stack,
    make_sources,
    queue,
)

ROOT = Path(__file__).resolve().parents[2]
CALLS = sorted(healthy_answers())

#: boto3's operations whose permission is not their own name.
PERMISSIONS = {
    "sts.get_caller_identity": None,  # needs none
}


def permission(call: str) -> str | None:
    if call in PERMISSIONS:
        return PERMISSIONS[call]
    service, operation = call.split(".")
    name = "".join(each.title() for each in operation.split("_"))
    return f"{IAM_NAMES.get(service, service)}:{name}"


def all_findings(sections) -> list[Finding]:
    return [each for section in sections for each in section.findings]


def test_a_healthy_stack_is_found_healthy():
    sections = examine(make_sources())
    assert [each.title for each in sections] == list(CHECKS)
    assert {each.severity for each in all_findings(sections)} == {Severity.OK}
    assert summarise(sections) == "nothing is wrong"


@pytest.mark.parametrize("call", CALLS)
def test_what_the_caller_may_not_see_is_told_and_is_no_error(call):
    found = all_findings(examine(make_sources({call: denied("x:Y")})))
    blind = [each for each in found if each.severity is Severity.UNSEEN]
    assert blind
    assert all("could not look" in each.says and "needs permission x:Y" in each.says for each in blind)
    assert {each.severity for each in found} <= {Severity.OK, Severity.UNSEEN}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_an_emulator_lacks_or_answers_thinly_is_no_crash(call):
    lacking = AwsError("ses:X is not offered here", "an emulator may lack it", not_offered=True)
    for answer in (lacking, {}):
        assert all_findings(examine(make_sources({call: answer})))


@pytest.mark.parametrize(
    "output",
    [each.name for each in fields(StackOutputs) if each.name not in ("name", "region", "parameters")],
)
def test_an_output_that_the_stack_has_not_got_is_no_crash(output):
    assert all_findings(examine(make_sources(stack=healthy_stack(**{output: ""}))))


def test_without_dns_the_rest_is_told():
    found = all_findings(examine(make_sources(names=DeadNames())))
    assert {each.severity for each in found} == {Severity.OK, Severity.UNSEEN}


def test_commands_name_this_stack_and_its_region():
    answers = {
        "sqs.get_queue_attributes": lambda QueueUrl, **_: queue(QueueUrl, 2),
        "sns.list_subscriptions_by_topic": {
            "Subscriptions": [{"Endpoint": "a@b.example", "SubscriptionArn": "PendingConfirmation"}]
        },
    }
    lines = [line for each in all_findings(examine(make_sources(answers))) for line in each.copy]
    assert "sam logs --name DripFunction --stack-name press --filter ERROR --region eu-west-1" in lines
    assert any("--topic-arn arn:aws:sns:eu-west-1:1:alarms" in each for each in lines)
    assert not [each for each in lines if "{" in each]


def test_every_call_is_in_the_documented_policy_and_no_other():
    aws = FakeAws(healthy_answers())
    sources = make_sources()
    object.__setattr__(sources, "ask", aws.ask)
    examine(sources)
    text = (ROOT / "docs" / "operating.md").read_text("utf-8").split("## Doctor")[1]
    policy = json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
    allowed = {action for each in policy["Statement"] for action in each["Action"]}
    needed = {permission(call) for call in aws.asked} - {None}
    assert allowed == needed | {"cloudformation:DescribeStacks"}


def test_what_is_asked_for_by_name_is_in_the_template():
    template = read_template(ROOT / "template.yaml")
    assert template.resource(MAIL_EVENTS_RULE).type == "AWS::Events::Rule"
    (destination,) = template.of_type("AWS::SES::ConfigurationSetEventDestination")
    kinds = destination.properties["EventDestination"]["MatchingEventTypes"]
    assert set(kinds) == {*mail_checks.NEEDED, *mail_checks.USEFUL}


SICK = (
    Section(
        "Sending",
        (
            Finding(Severity.OK, "SES sends"),
            Finding(
                Severity.ERROR, "it is ill", "leads suffer " * 12, "take this", ("aws do --it " + "x" * 120,)
            ),
            Finding(Severity.UNSEEN, "could not look at the moon", remedy="wait for night"),
        ),
    ),
)


def test_people_read_wrapped_sentences_and_commands_in_one_piece():
    told = styled("press", "eu-west-1", SICK, width=60).plain
    lines = told.splitlines()
    assert "  ok       SES sends" in lines
    assert "  error    it is ill" in lines
    assert any(each.endswith("x" * 120) for each in lines)
    assert all(len(each) <= 60 for each in lines if "aws do" not in each)
    assert lines[-1] == "1 error; could not look at 1 thing"


def test_programs_read_one_document():
    document = json.loads(as_json("press", "eu-west-1", SICK))
    assert (document["errors"], document["warnings"], document["unseen"]) == (1, 0, 1)
    sick = document["findings"][1]
    assert set(sick) == {"section", "severity", "says", "means", "remedy", "copy"}
    assert (sick["section"], sick["severity"]) == ("Sending", "error")
