"""`build.py leads …`: what the commands print, ask and refuse."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from leads import events
from leads.events import SendId
from lodestone.cli.leads.command import leads
from lodestone.data_directory.store import open_store
from lodestone.stack import outputs
from tests.desk.office import Session, refusal
from tests.world import World


@pytest.fixture
def world() -> World:
    """Somebody signed up half an hour ago: the commands read the machine's clock."""
    world = World()
    world.time = datetime.now(UTC) - timedelta(minutes=30)
    world.sign_up()
    return world


@pytest.fixture
def session(world, monkeypatch) -> Session:
    session = Session(world)
    monkeypatch.setattr(outputs, "open_session", lambda profile, region: session)
    return session


def run(*arguments: str):
    return CliRunner().invoke(leads, [*arguments, "--stack", "press"])


def claim(world: World, step: str = "first") -> None:
    world.wiring.ledger.append(
        world.lead_id(), events.claimed(SendId("guide", step, 0, 1), world.time, "worker")
    )


def test_show_tells_who_they_are_what_comes_next_and_what_happened(world, session):
    shown = run("show", "lead@example.com")
    assert shown.exit_code == 0
    assert shown.output.startswith(f"lead@example.com ({world.lead_id()})")
    for words in ("answers", "first_name: Ida", "first on ", "delivery"):
        assert words in shown.output
    assert re.search(r"^  guide +confirmed$", shown.output, re.MULTILINE)
    as_json = json.loads(run("show", world.lead_id(), "--json").output)
    assert [(each["magnet"], each["step"]) for each in as_json["next"]] == [("guide", "first")]
    assert (as_json["email"], as_json["enrolments"]["guide"]["status"]) == ("lead@example.com", "confirmed")


def test_show_tells_of_a_suppression_and_who_can_lift_it(world, session):
    bounce = events.reported("bounced", SendId("guide", "delivery", 1, 1), world.time, "id", kind="hard")
    world.wiring.ledger.append(world.lead_id(), bounce)
    shown = run("show", "lead@example.com").output
    assert "suppressed" in shown
    assert "lifted by `leads readmit`" in shown


def test_unsettled_lists_and_settle_empties_the_list(world, session):
    assert "it is known" in run("unsettled").output
    claim(world)
    listed = run("unsettled")
    assert listed.exit_code == 0
    assert f"{world.lead_id()}  guide/first  claimed" in listed.output
    assert "(30 minutes ago)  not sent again" in listed.output
    (row,) = json.loads(run("unsettled", "--json").output)
    assert (row["lead"], row["step"], row["policy"]) == (world.lead_id(), "first", "never-twice")
    settled = run("settle", "lead@example.com", "guide", "first", "--as", "sent")
    assert settled.output.startswith("settled: guide/first was sent\nnext\n  guide  second on ")
    assert "it is known" in run("unsettled").output
    again = run("settle", "lead@example.com", "guide", "first", "--as", "sent")
    assert (again.exit_code, "it is known" in again.output) == (1, True)


@pytest.mark.parametrize(
    ("magnet", "step", "says"),
    [
        ("giude", "first", "never asked for `giude`"),
        ("guide", "frist", "no mail `frist` of `guide` was ever begun"),
    ],
)
def test_settling_a_mail_that_is_misspelt_says_so(world, session, magnet, step, says):
    claim(world)
    refused = run("settle", "lead@example.com", magnet, step, "--as", "sent")
    assert (refused.exit_code, says in refused.output) == (1, True)


def test_reconcile_shows_first_and_mends_when_told_to(world, session):
    assert "1 lead in the stack press (eu-west-1): nothing is missing" in run("reconcile").output
    world.schedules.clear()
    shown = run("reconcile").output
    assert "1 step of 1 lead" in shown
    assert "guide/first  has no schedule" in shown
    assert shown.endswith("nothing was changed; --do mends it\n")
    assert not world.messages
    assert run("reconcile", "--do").output.endswith("mended: the worker looks at each of them now\n")
    assert len(world.messages) == 1
    found = json.loads(run("reconcile", "--json").output)
    assert (found["leads"], found["missing"][0]["step"], found["mended"]) == (1, "first", False)


def test_note_says_whether_it_was_news(world, session):
    assert run("note", "lead@example.com", "customer").output.startswith(
        "noted: lead@example.com is a customer\nnext\n"
    )
    assert run("note", "lead@example.com", "customer").output.endswith("noted today already\n")
    assert run("note", "lead@example.com", "rich").exit_code == 2


@pytest.mark.parametrize("command", ["erase", "readmit"])
def test_what_cannot_be_undone_is_asked_for_first(world, session, command):
    bounce = events.reported("bounced", SendId("guide", "delivery", 1, 1), world.time, "id", kind="hard")
    world.wiring.ledger.append(world.lead_id(), bounce)
    before = dict(world.items)
    refused = run(command, "lead@example.com")
    assert refused.exit_code == 1
    assert "nobody is there to be asked" in refused.output
    assert world.items == before


@pytest.mark.parametrize(("answer", "exit_code"), [("n\n", 1), ("y\n", 0)])
def test_whoever_sits_there_decides(world, session, monkeypatch, answer, exit_code):
    monkeypatch.setattr("lodestone.cli.leads.group.is_interactive", lambda: True)
    asked = CliRunner().invoke(leads, ["erase", "lead@example.com", "--stack", "press"], input=answer)
    assert "6 events of lead@example.com will be deleted" in asked.output
    assert asked.exit_code == exit_code
    assert bool(world.events("erased")) == (exit_code == 0)


def test_erase_and_readmit_do_it_with_yes(world, session):
    bounce = events.reported("bounced", SendId("guide", "delivery", 1, 1), world.time, "id", kind="hard")
    world.wiring.ledger.append(world.lead_id(), bounce)
    session.listed.add("lead@example.com")
    assert "SES had the address on its list" in run("readmit", "lead@example.com", "--yes").output
    assert run("erase", "lead@example.com", "--yes").output == "erased: lead@example.com\n"


def test_a_permission_that_is_missing_is_named(world, session):
    session.refusals["list_schedules"] = refusal("AccessDeniedException", "ListSchedules")
    refused = run("reconcile")
    assert refused.exit_code == 1
    assert "these credentials may not call scheduler:ListSchedules" in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    "arguments", [["unsettled"], ["unsettled", "--stack", "a", "--data", "b"], ["reconcile"]]
)
def test_where_the_leads_are_has_to_be_said_once(arguments):
    wrong = CliRunner().invoke(leads, arguments)
    assert wrong.exit_code == 2
    assert "--stack NAME" in wrong.output


def test_leads_on_this_machine_are_shown_as_well(world, tmp_path):
    claim(world)
    store = open_store(tmp_path)
    for key, item in world.items.items():
        store.keep_item("leads", "/".join(key), item)
    store.close()
    here = ("--data", str(tmp_path))
    shown = CliRunner().invoke(leads, ["show", "Lead@example.com", *here])
    assert shown.output.startswith(f"lead@example.com ({world.lead_id()})")
    listed = CliRunner().invoke(leads, ["unsettled", *here])
    assert "guide/first  claimed" in listed.output
    nobody = CliRunner().invoke(leads, ["show", "nobody@example.com", *here])
    assert (nobody.exit_code, "there is no lead" in nobody.output) == (1, True)


def test_a_folder_without_leads_is_refused(tmp_path):
    refused = CliRunner().invoke(leads, ["unsettled", "--data", str(tmp_path)])
    assert refused.exit_code == 1
    assert "there is no local stack" in refused.output
