"""`build.py doctor`: what it prints, how it exits, and that it meets nobody but those it was given."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from lodestone.doctor.command import diagnose, read_site
from lodestone.doctor.reach import Aws
from lodestone.stack.errors import AwsError
from tests.doctor.clinic import NOW, QUEUES, TOPIC, FakeAws, FakeNames, FakeWeb, healthy_answers, published
from tests.test_command import run

OUTPUTS = {
    "TableName": "leads",
    "SiteUrl": "https://press.example",
    "FirstQueueUrl": QUEUES + "first",
    "DripQueueUrl": QUEUES + "drip",
    "FeedbackQueueUrl": QUEUES + "feedback",
    "DripDeadLettersUrl": QUEUES + "drip-dead",
    "FeedbackDeadLettersUrl": QUEUES + "feedback-dead",
    "StreamDeadLettersUrl": QUEUES + "stream-dead",
    "MailSetName": "press-mail",
    "AlarmTopicArn": TOPIC,
}


class Session:
    """A boto3 session whose clients answer from a table."""

    region_name = "eu-west-1"

    def __init__(self, changes: dict[str, Any] | None = None, endpoint: str = "https://sts.amazonaws.com"):
        stack = {
            "StackStatus": "CREATE_COMPLETE",
            "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()],
            "Parameters": [{"ParameterKey": "SenderIdentity", "ParameterValue": "press.example"}],
        }
        answers = {"cloudformation.describe_stacks": {"Stacks": [stack]}}
        self.aws = FakeAws(healthy_answers() | answers | (changes or {}))
        self.meta = SimpleNamespace(region_name=self.region_name, endpoint_url=endpoint)

    def client(self, service: str, config: Any = None) -> Any:
        return Client(service, self)


class Client:
    def __init__(self, service: str, session: Session):
        self._service, self._aws, self.meta = service, session.aws, session.meta

    def __getattr__(self, operation: str) -> Any:
        return lambda **arguments: self._aws.ask(self._service, operation, **arguments)


@pytest.fixture
def root(tmp_path):
    """A site of one magnet, `guide`."""
    assert run("new", "ebook", "guide", "--root", tmp_path).returncode == 0
    site = tmp_path / "site" / "site.yaml"
    front = site.read_text("utf-8")
    for key, value in (("base_url", "https://press.example"), ("  email", "ann@press.example")):
        line = next(each for each in front.splitlines() if each.startswith(f"{key}:"))
        front = front.replace(line, f"{key}: {value}")
    site.write_text(front, "utf-8")
    return tmp_path


def test_a_healthy_stack_exits_with_0(root, capsys):
    assert diagnose(root, "press", Session(), lambda: NOW, names=FakeNames(), web=FakeWeb()) == 0
    out = capsys.readouterr().out
    assert out.startswith("stack press in eu-west-1\n")
    assert out.endswith("\nnothing is wrong\n")
    assert "\x1b" not in out


def test_an_error_exits_with_1_and_a_warning_does_not(root, capsys):
    few = {"lambda.get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 10}}}
    assert diagnose(root, "press", Session(few), lambda: NOW, names=FakeNames(), web=FakeWeb()) == 0
    none = {"dynamodb.batch_get_item": published()}
    assert diagnose(root, "press", Session(none), lambda: NOW, names=FakeNames(), web=FakeWeb()) == 1
    assert "1 warning\n" in capsys.readouterr().out


def test_json_is_one_document_with_the_same_exit_code(root, capsys):
    none = {"dynamodb.batch_get_item": published()}
    code = diagnose(root, "press", Session(none), lambda: NOW, True, FakeNames(), FakeWeb())
    document = json.loads(capsys.readouterr().out)
    assert (code, document["errors"], document["stack"]) == (1, 1, "press")


def test_a_site_yaml_with_problems_is_told_as_the_build_tells_it(tmp_path, capsys):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.yaml").write_text("name: Press\nbase_url: nowhere\n", "utf-8")
    assert diagnose(tmp_path, "press", Session(), lambda: NOW, names=FakeNames(), web=FakeWeb()) == 1
    assert "site/site.yaml:2:" in capsys.readouterr().err


def test_the_site_is_its_sender_its_address_and_the_names_of_its_magnets(root):
    site = read_site(root)
    assert (site.sender_domain, site.base_url, site.magnets) == (
        "press.example",
        "https://press.example",
        ("guide",),
    )


def test_a_call_is_made_once_and_an_emulator_is_known_by_its_address():
    session = Session(endpoint="http://127.0.0.1:4566")
    aws = Aws(session)
    assert aws.ask("sesv2", "get_account") == aws.ask("sesv2", "get_account")
    assert session.aws.asked == ["sesv2.get_account"]
    assert aws.emulated
    assert not Aws(Session()).emulated


def test_what_was_refused_is_asked_again():
    aws = Aws(Session({"sesv2.get_account": AwsError("busy", "wait")}))
    for _ in range(2):
        with pytest.raises(AwsError):
            aws.ask("sesv2", "get_account")
    assert aws.ask("sts", "get_caller_identity")


def test_a_call_without_a_stack_is_a_wrong_call():
    wrong = run("doctor")
    assert wrong.returncode == 2
    assert "--stack" in wrong.stderr
