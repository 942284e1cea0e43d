"""The command: where the edition before comes from, what is printed, how it ends."""

import json
from pathlib import Path

import pytest

from lodestone.cli.starter import write_starter
from lodestone.data_directory.store import open_store
from lodestone.errors import CannotServe
from lodestone.plan.command import PlanRequest, plan
from lodestone.publish.command import PublishRequest, publish
from lodestone.records.local import LocalRecords
from lodestone.records.protocol import LeadRecords
from tests.local.small_site import write_small_site
from tests.publish.cloud import NOW, Cloud, refusal
from tests.publish.conftest import edit
from tests.publish.test_in_flight import history, records_of
from tests.test_command import run as run_command


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_small_site(tmp_path / "site-root")


@pytest.fixture
def cloud(root) -> Cloud:
    """A stack that has the site as it is, with three leads on their way."""
    cloud = Cloud()
    assert publish(PublishRequest(root, "lodestone", yes=True), cloud, lambda: NOW) == 0
    for number, each in enumerate((history(days=1), history("first", days=2), history("first", days=2.5))):
        cloud.keep_lead(f"LEAD{number}", each)
    cloud.writes.clear()
    return cloud


def slow_down(root: Path) -> None:
    """The second letter later, and a third one."""
    edit(root, "magnets/guide/emails/20-second.md", "after: 3 days", "after: 5 days")
    third = root / "magnets/guide/emails/30-third.md"
    third.write_text("---\nsubject: Third\nafter: 1 day\nwhen: not downloaded\n---\n\nBye.\n")


def shown(root: Path, records: LeadRecords | None, capsys, **options) -> str:
    capsys.readouterr()
    assert plan(PlanRequest(root, **options), records, NOW) == 0
    return capsys.readouterr().out


def document(root: Path, records: LeadRecords | None, capsys) -> dict:
    return json.loads(shown(root, records, capsys, as_json=True))


def test_mails_that_go_out_beside_the_sequence_are_told_with_their_time(tmp_path, capsys):
    write_starter(tmp_path, "course", "knots")
    lines = [" ".join(line.split()) for line in shown(tmp_path, None, capsys).splitlines()]
    assert [line for line in lines if line.startswith("beside the sequence")] == [
        "beside the sequence: course-reminder, Mon 9 Mar, 08:30",
        "beside the sequence: course-reminder, Mon 16 Mar, 08:30",
    ]


def test_without_a_stack_each_sequence_is_laid_out_for_somebody_who_confirms_then(root, capsys):
    found = document(root, None, capsys)
    (guide,) = found["sequences"]
    assert [(each["step"], each["mark"], each["goes_out"]) for each in guide["mails"]] == [
        ("first", "same", "2026-03-04T08:30:00.000Z"),
        ("second", "same", "2026-03-08T08:00:00.000Z"),
    ]
    assert (found["before"], guide["leads_in_flight"]) == (None, None)


def test_a_stack_s_leads_are_asked_what_they_get_next(root, cloud, capsys):
    slow_down(root)
    (guide,) = document(root, records_of(cloud), capsys)["sequences"]
    told = {each["step"]: each for each in guide["mails"]}
    assert {step: (each["mark"], each["next_for"]) for step, each in told.items()} == {
        "first": ("same", 1),
        "second": ("changed", 2),
        "third": ("new", 0),
    }
    assert told["second"]["changes"] == ["3 days, at 09:00 → 5 days, at 09:00"]
    assert told["third"]["for"] == "if not downloaded"
    assert len(guide["leads_in_flight"]) == 2
    assert cloud.writes == []
    assert {call.split()[0] for call in cloud.reads} <= {
        "describe_stacks",
        "query",
        "scan",
        "list_objects_v2",
    }


def test_the_table_says_the_same_to_people(root, cloud, capsys):
    slow_down(root)
    said = shown(root, records_of(cloud), capsys)
    assert "before: stack lodestone (eu-west-1)" in said
    assert "+ new  ~ changed" in said
    assert "2 leads next get `second` as before; then `third` (if not downloaded)" in " ".join(said.split())


def test_where_no_sequence_was_edited_the_plan_says_so(root, cloud, capsys):
    said = shown(root, records_of(cloud), capsys)
    assert said.rstrip().endswith("no sequence differs from what is in use")
    slow_down(root)
    assert "no sequence differs" not in shown(root, records_of(cloud), capsys)
    assert "no sequence differs" not in shown(root, None, capsys)


def test_who_may_not_read_leads_sees_the_plan_without_them(root, cloud, capsys):
    cloud.refusals["scan"] = refusal("AccessDeniedException", "Scan")
    slow_down(root)
    capsys.readouterr()
    assert plan(PlanRequest(root), records_of(cloud), NOW) == 0
    said = capsys.readouterr()
    assert "~ " in said.out
    assert "leads in flight cannot be seen" in said.err


def test_a_magnet_that_is_withdrawn_is_told_as_such(root, cloud, capsys):
    (root / "magnets/guide").rename(root / "magnets/other")
    said = shown(root, records_of(cloud), capsys)
    assert "guide (withdrawn)" in said
    assert "other (new)" in said


def test_one_magnet_can_be_asked_for_and_an_unknown_one_is_told(root, capsys):
    assert plan(PlanRequest(root, magnet="giude"), None, NOW) == 2
    assert "did you mean `guide`?" in capsys.readouterr().err
    assert "guide: 2 mails" in shown(root, None, capsys, magnet="guide")


def test_a_site_with_problems_has_no_plan(root, capsys):
    edit(root, "magnets/guide/magnet.md", "kind: ebook", "kind: ebok")
    assert plan(PlanRequest(root), None, NOW) == 1
    assert "unknown kind" in capsys.readouterr().err


def test_the_picture_is_written_where_it_is_wanted(root, tmp_path, capsys):
    picture = tmp_path / "made" / "plan.svg"
    assert "wrote " in shown(root, None, capsys, picture=picture)
    assert picture.read_text("utf-8").startswith("<?xml")


def test_a_local_stack_is_read_without_running_it(root, cloud, tmp_path, capsys):
    data = tmp_path / "data"
    data.mkdir()
    store = open_store(data)
    for number, item in enumerate(cloud.items.values()):
        store.keep_item("leads", str(number), item)
    store.close()
    (guide,) = document(root, LocalRecords(data), capsys)["sequences"]
    assert [each["next_for"] for each in guide["mails"]] == [1, 2]


def test_a_folder_without_a_local_stack_is_told(tmp_path):
    with pytest.raises(CannotServe, match="there is no local stack"):
        LocalRecords(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_wrong_calls_end_with_2_and_refusals_with_1(root, tmp_path):
    both = run_command("plan", "--root", root, "--stack", "x", "--data", tmp_path)
    assert both.returncode == 2
    assert run_command("plan", "--root", root, "--confirmed", "tomorrow").returncode == 2
    nothing = run_command("plan", "--root", root, "--data", tmp_path)
    assert (nothing.returncode, nothing.stderr.splitlines()[0]) == (
        1,
        f"error: there is no local stack in {tmp_path}.",
    )
