"""The stack as a whole: who is told of what, what is kept, what is forwarded, and that nobody may do everything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.origin import HEADER
from tests.structure.test_template import ROOT, behind_the_api, functions, of_type, template

#: What survives a moment, and so needs a decision about the day the stack is removed.
KEEPS_SOMETHING = {
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SecretsManager::Secret",
}


def alarms_about(metric: str, dimension: str) -> set[str]:
    """What the alarms on a metric look at."""
    found = [each for each in of_type("AWS::CloudWatch::Alarm").values() if each["MetricName"] == metric]
    dimensions = [d for each in found for d in each.get("Dimensions", []) if d["Name"] == dimension]
    return {each["Value"].removesuffix(".QueueName") for each in dimensions}


def dead_letter_queues() -> set[str]:
    redriven = [each.get("RedrivePolicy") for each in of_type("AWS::SQS::Queue").values()]
    streams = [
        event["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]
        for each in functions().values()
        for event in each.get("Events", {}).values()
        if event["Type"] == "DynamoDB"
    ]
    named = [each["deadLetterTargetArn"] for each in redriven if each] + streams
    return {each.removesuffix(".Arn") for each in named}


@pytest.mark.parametrize("name", of_type("AWS::CloudWatch::Alarm"))
def test_an_alarm_tells_somebody_what_it_means_and_what_to_do(name):
    alarm = of_type("AWS::CloudWatch::Alarm")[name]
    assert alarm["AlarmActions"] == ["AlarmTopic"]
    assert len(re.findall(r"[.:?]", alarm["AlarmDescription"])) >= 2, "what it means, then what to do"
    # No figures, as at night on a small site, are no reason to wake anybody.
    assert alarm["TreatMissingData"] == "notBreaching"
    targets = [each["Value"].split(".")[0] for each in alarm.get("Dimensions", [])]
    assert set(targets) <= {*template()["Resources"], "AWS::StackName"}


def test_every_queue_has_dead_letters_or_is_for_them():
    queues = of_type("AWS::SQS::Queue")
    working = {name for name, each in queues.items() if "RedrivePolicy" in each}
    assert set(queues) - working == dead_letter_queues()


def test_no_queue_is_out_of_sight():
    watched_for_letters = alarms_about("ApproximateNumberOfMessagesVisible", "QueueName")
    watched_for_age = alarms_about("ApproximateAgeOfOldestMessage", "QueueName")
    assert watched_for_letters == dead_letter_queues()
    assert watched_for_age == set(of_type("AWS::SQS::Queue")) - dead_letter_queues()


def test_every_function_s_failure_is_noticed_at_the_function_or_at_the_api():
    assert alarms_about("5xx", "ApiId") == {"Api"}
    # A custom resource's function runs while the stack is deployed, and answers CloudFormation.
    deploying = {
        each["ServiceToken"].removesuffix(".Arn") for each in of_type("Custom::AccountSuppression").values()
    }
    watched = alarms_about("Errors", "FunctionName")
    assert watched | behind_the_api() | deploying == set(functions())
    assert alarms_about("IteratorAge", "FunctionName") == {"ReactFunction"}


def test_an_alarm_on_a_metric_of_ours_watches_one_that_is_counted():
    alarms = of_type("AWS::CloudWatch::Alarm").values()
    ours = [each for each in alarms if each["Namespace"] == "Lodestone"]
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "functions" / "handlers").glob("*.py"))
    assert {each["MetricName"] for each in ours} == {"MailUnsettled"}
    for each in ours:
        assert f'count("{each["MetricName"]}")' in sources
        assert each["Dimensions"] == [{"Name": "service", "Value": "AWS::StackName"}]


def test_the_mailbox_providers_limits_are_watched():
    alarms = of_type("AWS::CloudWatch::Alarm").values()
    limits = {each["MetricName"]: each["Threshold"] for each in alarms if each["Namespace"] == "AWS/SES"}
    assert limits == {"Reputation.BounceRate": 0.05, "Reputation.ComplaintRate": 0.001}


def test_every_function_and_the_api_write_to_a_log_of_their_own_that_is_not_kept_for_ever():
    groups = of_type("AWS::Logs::LogGroup")
    used = [each["LoggingConfig"]["LogGroup"] for each in functions().values()]
    assert sorted([*used, "ApiLog"]) == sorted(groups)
    assert all(each["RetentionInDays"] == "LogDays" for each in groups.values())
    # A name of its own would be taken when the stack is made a second time.
    assert not any("LogGroupName" in each for each in groups.values())


def test_the_api_s_log_has_no_token_and_no_address():
    stage = of_type("AWS::ApiGatewayV2::Stage")["ApiStage"]
    fields = set(re.findall(r"\$context\.([\w.]+)", stage["AccessLogSettings"]["Format"]))
    assert fields
    assert not {each for each in fields if "identity" in each or "query" in each.lower()}


@pytest.mark.parametrize(
    "name", [name for name, each in template()["Resources"].items() if each["Type"] in KEEPS_SOMETHING]
)
def test_what_keeps_something_says_what_becomes_of_it_and_why(name):
    resource = template()["Resources"][name]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"]
    source = (ROOT / "template.yaml").read_text("utf-8")
    head = re.search(rf"^  {name}:\n(.*?)^    DeletionPolicy", source, re.MULTILINE | re.DOTALL)[1]
    # The log groups share the reason that the first of them gives.
    assert "    # " in head or resource["Type"] == "AWS::Logs::LogGroup"


def test_leads_proofs_and_what_mailed_links_need_outlive_the_stack():
    resources = template()["Resources"]
    kept = {name for name, each in resources.items() if each.get("DeletionPolicy") == "Retain"}
    assert {"Table", "AssetsBucket", "IdentityKey", "SigningKey"} <= kept


def policy_statements(node: Any) -> Iterator[dict]:
    """Every policy statement below a node, but for a key's own policy, where `*` means that key."""
    if isinstance(node, list):
        for each in node:
            yield from policy_statements(each)
    elif isinstance(node, dict):
        if "Effect" in node and "Action" in node:
            yield node
        for key, each in node.items():
            if key != "KeyPolicy":
                yield from policy_statements(each)


#: Actions on the account itself: AWS's service authorization reference names no resource for them.
_OF_THE_ACCOUNT = {"ses:GetAccount", "ses:PutAccountSuppressionAttributes"}


def test_nobody_may_do_a_thing_to_everything():
    found = list(policy_statements(template()["Resources"]))
    assert len(found) > 10
    for statement in found:
        if not set(listed(statement["Action"])) <= _OF_THE_ACCOUNT:
            assert "*" not in listed(statement.get("Resource", []))  # a trust policy has none
        if statement["Effect"] == "Allow":
            assert not [each for each in listed(statement["Action"]) if "*" in each]
            assert statement.get("Principal") != "*"


def listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_the_cdn_sends_the_secret_that_the_functions_ask_for():
    distribution = of_type("AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]
    api = next(each for each in distribution["Origins"] if each["Id"] == "api")
    (header,) = api["OriginCustomHeaders"]
    asked = functions()["CaptureFunction"]["Environment"]["Variables"]["ORIGIN_SECRET"]
    assert header["HeaderName"] == HEADER
    assert header["HeaderValue"] in asked


def test_the_cdn_hands_over_every_header_that_a_function_reads_and_not_the_host():
    policy = of_type("AWS::CloudFront::OriginRequestPolicy")["ApiRequests"]["OriginRequestPolicyConfig"]
    handed = {each.lower() for each in policy["HeadersConfig"]["Headers"]}
    sources = [path.read_text("utf-8") for path in (ROOT / "functions" / "handlers").glob("*.py")]
    assert handed == {name for text in sources for name in re.findall(r'headers\.get\("([a-z-]+)"', text)}


def test_the_cdn_hands_a_webhook_over_with_whatever_header_its_provider_signs_in():
    distribution = of_type("AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]
    first, second = distribution["CacheBehaviors"]  # the first whose pattern fits is taken
    assert (first["PathPattern"], second["PathPattern"]) == ("/api/hooks/*", "/api/*")
    assert first["TargetOriginId"] == second["TargetOriginId"] == "api"
    all_but_the_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert first["OriginRequestPolicyId"] == all_but_the_host
    assert "POST" in first["AllowedMethods"]


def test_a_404_of_the_api_is_not_replaced_by_the_site_s_page():
    distribution = of_type("AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]
    assert [each["ErrorCode"] for each in distribution["CustomErrorResponses"]] == [403]
    # So the bucket has to answer 403 for what is not there, which it does to those who may not list it.
    allowed = [
        each for each in policy_statements(of_type("AWS::S3::BucketPolicy")) if each["Effect"] == "Allow"
    ]
    assert [each["Action"] for each in allowed] == ["s3:GetObject"]


def test_every_check_that_is_passed_over_says_why():
    metadata = [each["Metadata"] for each in template()["Resources"].values() if "Metadata" in each]
    skipped = [skip for each in metadata for skip in each.get("checkov", {}).get("skip", [])]
    assert skipped
    assert all(len(each["comment"]) > 5 for each in skipped)


def test_the_outputs_are_what_publish_and_doctor_read():
    assert set(template()["Outputs"]) == {
        *("SiteUrl", "ApiUrl", "DistributionId", "DistributionDomainName"),
        *("TableName", "SiteBucketName", "AssetsBucketName", "MailSetName", "AlarmTopicArn"),
        *(
            "FirstQueueUrl",
            "DripQueueUrl",
            "DripDeadLettersUrl",
            "FeedbackQueueUrl",
            "FeedbackDeadLettersUrl",
        ),
        "StreamDeadLettersUrl",
    }


def test_every_parameter_is_explained_to_whoever_deploys():
    documented = (ROOT / "docs" / "operating.md").read_text("utf-8")
    rows = "\n".join(line for line in documented.splitlines() if line.startswith("| `"))
    assert [name for name in template()["Parameters"] if f"`{name}`" not in rows] == []
    assert all(each["Description"] for each in template()["Parameters"].values())
