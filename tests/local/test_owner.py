"""The owner's commands on this machine: they write through the `serve` that runs."""

import json
import re
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from lodestone.cli.leads.command import leads
from tests.local.test_serve import Serve, start, wait_for  # noqa: F401  start is the fixture

pytestmark = pytest.mark.stack

ADA = "ada@example.com"


def command(tmp_path: Path, *arguments: str):
    return CliRunner().invoke(leads, [*arguments, "--data", str(tmp_path / "data")])


def signed_up(start) -> Serve:  # noqa: F811
    serve = start()
    assert serve.ask("/api/leads/guide", {"email": ADA, "consent": "yes"}).status == 303
    serve.move("0 seconds")
    token = re.search(r"t=([\w.-]+)", serve.json("/_local/mails.json")[-1]["text"])[1]
    assert serve.ask("/api/confirm", {"t": token}).status == 303
    serve.move("0 seconds")
    return serve


def test_a_goal_is_noted_and_ends_the_sequence_and_an_erasure_deletes(start, tmp_path):  # noqa: F811
    serve = signed_up(start)
    noted = command(tmp_path, "note", ADA, "customer")
    assert noted.output.startswith(
        f"noted: {ADA} is a customer\nnext\n  guide  nothing: ended, because customer"
    )
    before = len(serve.json("/_local/mails.json"))
    serve.move("30 days")
    assert len(serve.json("/_local/mails.json")) == before

    assert command(tmp_path, "erase", ADA, "--yes").output == f"erased: {ADA}\n"
    wait_for(lambda: [each["type"] for each in serve.json("/_local/leads.json")[0]["events"]] == ["erased"])


def test_nothing_is_written_beside_a_stack_that_does_not_run(start, tmp_path):  # noqa: F811
    signed_up(start).stop(signal.SIGTERM)
    refused = command(tmp_path, "note", ADA, "customer")
    assert refused.exit_code == 1
    assert "`serve` does not run" in refused.output
    assert "build.py serve --data" in refused.output
    assert command(tmp_path, "show", ADA).exit_code == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "nobody",
            {"type": "replied", "at": "2026-03-02T08:30:00.000Z", "key": "k", "magnet": "", "data": {}},
        ),
        ("{id}", {"type": "replied"}),
        ("{id}", ["replied"]),
        ("{id}", None),
    ],
)
def test_what_is_no_event_of_a_lead_is_refused(start, path, body):  # noqa: F811
    serve = signed_up(start)
    (lead,) = serve.json("/_local/leads.json")
    answer = serve.ask(f"/_local/leads/{path.format(id=lead['id'])}/events", body=json.dumps(body).encode())
    assert answer.status == 400
    assert json.load(answer)["error"]
    assert serve.json("/_local/leads.json") == [lead]
