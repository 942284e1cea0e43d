"""docs/operating.md, "Leads": what it shows is what the commands print, and what it allows is what they call."""

import json
import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from leads import events
from leads.events import SendId
from lodestone.cli.leads.command import leads
from lodestone.stack import outputs
from tests.desk.office import Session
from tests.world import World, make_funnel

ROOT = Path(__file__).resolve().parents[2]
_CALL = re.compile(r"^\$ python build\.py leads (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)

#: Where the runs differ from the page: ids, instants, spans, counts of events.
_VARYING = [
    (r"[a-z2-7]{26}", "ID"),
    (r"\w{3} \d+ \w{3} \d{4}, \d\d:\d\d", "DAY"),
    (r"\((in )?\d+ \w+( ago)?\)", "(SPAN)"),
    (r" +", " "),
]


def section() -> str:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    return re.split(r"^## ", text.split("\n## Leads\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def transcripts() -> list[tuple[str, str]]:
    """Every call in the section with the output shown beneath it, in order."""
    blocks = re.findall(r"^```console\n(.*?)^```", section(), re.MULTILINE | re.DOTALL)
    return [call for block in blocks for call in _CALL.findall(block)]


def plain(text: str) -> list[str]:
    for pattern, word in _VARYING:
        text = re.sub(pattern, word, text)
    return text.strip().splitlines()


def signed_up() -> World:
    """Ann, who asked for a guide yesterday and is to get its first mail tomorrow."""
    until = ["or", *(["did", each, "joined", 0, {}] for each in events.GOALS.values())]
    world = World(make_funnel(slug="pricing-guide", until=until))
    world.time = datetime.now(UTC) - timedelta(hours=26)
    world.post("email=ann%40example.com&first_name=Ann&consent=yes", "pricing-guide")
    world.settle()
    world.time += timedelta(minutes=4)
    world.confirm(world.link("confirm"))
    world.settle()
    return world


def lose_answer(world: World) -> None:
    """A worker died over the first mail, hours ago."""
    send, at = SendId("pricing-guide", "first", 0, 1), datetime.now(UTC) - timedelta(hours=3, minutes=5)
    world.wiring.ledger.append(world.lead_id(), events.claimed(send, at, "worker"))


def lose_schedule(world: World) -> None:
    world.schedules.clear()


def bounce(world: World) -> None:
    send, at = SendId("pricing-guide", "delivery", 1, 1), datetime.now(UTC) - timedelta(days=1)
    report = events.reported("bounced", send, at, "id", kind="hard")
    world.wiring.ledger.append(world.lead_id(), report)


def nothing(world: World) -> None:
    """As they are."""


#: What has happened before each command of the page.
BEFORE: dict[str, Callable[[World], None]] = {
    "show": nothing,
    "unsettled": lose_answer,
    "settle": lose_answer,
    "reconcile": lose_schedule,
    "note": nothing,
    "readmit": bounce,
    "erase": nothing,
}


def run(call: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Session, str]:
    """A documented call after its story, by somebody who says yes."""
    arguments = shlex.split(call)
    world = signed_up()
    BEFORE[arguments[0]](world)
    session = Session(world)
    session.listed.add("ann@example.com")
    monkeypatch.setattr(outputs, "open_session", lambda profile, region: session)
    monkeypatch.setattr("lodestone.cli.leads.group.is_interactive", lambda: True)
    world.calls.clear()
    ran = CliRunner().invoke(leads, arguments, input="y\n")
    assert ran.exit_code == 0, ran.output
    return session, ran.output


def test_the_page_shows_what_the_commands_print(monkeypatch):
    calls = transcripts()
    assert {call.split()[0] for call, _ in calls} == set(BEFORE)
    for call, shown in calls:
        _, printed = run(call, monkeypatch)
        assert plain(printed) == plain(shown), call


#: Each call that the fakes know, as IAM names it.
ACTIONS = {
    "describe_stacks": "cloudformation:DescribeStacks",
    "describe_stack_resource": "cloudformation:DescribeStackResource",
    "get_secret_value": "secretsmanager:GetSecretValue",
    "delete_suppressed_destination": "ses:DeleteSuppressedDestination",
    "list_schedules": "scheduler:ListSchedules",
    "get_item": "dynamodb:GetItem",
    "query": "dynamodb:Query",
    "scan": "dynamodb:Scan",
    "put_item": "dynamodb:PutItem",
    "delete_item": "dynamodb:DeleteItem",
    "send_message": "sqs:SendMessage",
}


def test_the_page_names_what_the_commands_call_and_nothing_else(monkeypatch):
    statements = json.loads(re.search(r"```json\n(.*?)```", section(), re.DOTALL)[1])["Statement"]
    allowed = {action for each in statements for action in each["Action"]}
    made = {"describe_stacks"}
    for call, _ in transcripts():
        session, _ = run(call, monkeypatch)
        made |= {*session.asked, *session.world.calls}
    assert allowed == {ACTIONS[each] for each in made}
    unbound = [action for each in statements if "*" in each["Resource"] for action in each["Action"]]
    assert unbound == ["scheduler:ListSchedules", "ses:DeleteSuppressedDestination"]


def test_every_command_and_option_is_documented_with_an_example():
    pages = "".join((ROOT / "docs" / name).read_text("utf-8") for name in ("operating.md", "authoring.md"))
    for name, command in leads.commands.items():
        assert f"python build.py leads {name}" in pages, name
        assert f"python build.py leads {name}" in command.help, name
        options = {option for each in command.params for option in each.opts if option.startswith("--")}
        assert {option for option in options if option not in pages} == set(), name
