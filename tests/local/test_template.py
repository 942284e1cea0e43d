"""template.yaml, read as CloudFormation reads it."""

import pytest
import yaml

from lodestone.errors import CannotServe
from lodestone.local.stack import Route, read_stack
from lodestone.local.template import Template, TemplateLoader, read_template
from tests.local.conftest import ROOT


def template(text: str, **parameters: str) -> Template:
    return Template(read_document(text), parameters)


def read_document(text: str) -> dict:
    return yaml.load(text, TemplateLoader)  # noqa: S506


PARTS = """
Parameters:
  Stage: {Type: String, Default: test}
Mappings:
  Sizes: {test: {small: 1}, live: {small: 9}}
Conditions:
  Live: !Equals [!Ref Stage, live]
  NotLive: !Not [!Condition Live]
Resources:
  Drip:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: !If [Live, 300, 30]
      DelaySeconds: !If [Live, 5, !Ref AWS::NoValue]
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 4}
  Dead:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Join ["-", [dead, !Ref Stage]]}
  OnlyLive:
    Type: AWS::SQS::Queue
    Condition: Live
  Files: {Type: AWS::S3::Bucket}
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Stage", "test"),
        ("!Ref Drip", "https://sqs.us-east-1.amazonaws.com/123456789012/local-Drip"),
        ("!Ref Files", "local-files"),
        ("!GetAtt Dead.Arn", "arn:aws:sqs:us-east-1:123456789012:dead-test"),
        ("!GetAtt [Dead, QueueName]", "dead-test"),
        (
            '!Sub "${Stage}/${Dead.QueueName}/${!Literal}/${AWS::Region}"',
            "test/dead-test/${Literal}/us-east-1",
        ),
        ('!Sub ["${a}-${Stage}", {a: !Ref Files}]', "local-files-test"),
        ("!Select [1, [a, b]]", "b"),
        ('!Select [1, !Split [":", "x:y"]]', "y"),
        ("!FindInMap [Sizes, !Ref Stage, small]", 1),
        ("!If [NotLive, quiet, loud]", "quiet"),
        ("[a, !Ref AWS::NoValue, b]", ["a", "b"]),
        ("{a: !Ref AWS::NoValue, b: 1}", {"b": 1}),
    ],
)
def test_intrinsics_resolve_to_local_names(expression, value):
    assert template(PARTS).resolve(read_document(expression)) == value


def test_parameters_given_override_defaults_and_turn_conditions():
    live = template(PARTS, Stage="live")
    assert live.resolve({"Ref": "Stage"}) == "live"
    assert {each.id for each in live.of_type("AWS::SQS::Queue")} == {"Drip", "Dead", "OnlyLive"}
    assert live.resource("Drip").properties["DelaySeconds"] == 5


def test_queues_carry_their_redrive_policy():
    drip, dead = read_stack(template(PARTS), str).queues
    assert (drip.visibility, drip.delay, drip.dead_letters, drip.max_receives) == (30, 0, "dead-test", 4)
    assert (dead.dead_letters, dead.max_receives) == ("", 0)


@pytest.mark.parametrize("expression", ["!Ref Nowhere", "!GetAtt Nowhere.Arn", "!Cidr [a, b, c]"])
def test_what_cannot_be_resolved_is_told(expression):
    with pytest.raises(CannotServe, match=r"template\.yaml"):
        template(PARTS).resolve(read_document(expression))


def test_a_missing_template_is_told(tmp_path):
    with pytest.raises(CannotServe, match=r"template\.yaml"):
        read_template(tmp_path / "template.yaml")


def test_the_project_s_own_template_gives_every_route_trigger_and_secret():
    asked = []

    def secret(name: str) -> str:
        asked.append(name)
        return f"secret of {name}"

    stack = read_stack(read_template(ROOT / "template.yaml"), secret)
    functions = {function.name: function for function in stack.functions}
    assert Route("POST /api/leads/{magnet}", "local-CaptureFunction") in stack.routes
    assert all(route.function in functions for route in stack.routes)
    sources = {queue.arn for queue in stack.queues} | {table.stream_arn for table in stack.tables}
    assert stack.triggers
    assert all(trigger.source in sources for trigger in stack.triggers)
    assert {rule.targets for rule in stack.rules} <= {(queue.arn,) for queue in stack.queues}
    assert functions["local-CaptureFunction"].module == "handlers.capture"
    assert functions["local-CaptureFunction"].environment["IDENTITY_KEY"] == "secret of local-IdentityKey"
    assert {"local-IdentityKey", "local-SigningKey"} <= set(asked)
    assert all(
        "{{" not in value for function in functions.values() for value in function.environment.values()
    )
