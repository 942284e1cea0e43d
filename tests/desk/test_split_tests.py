"""What became of the versions of a mail: who counts, for which version, and what is said of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from leads import events
from leads.conditions import EVER
from leads.events import SendId
from leads.folding import fold
from leads.funnel import Funnel, Sending, Step
from leads.lead import Lead
from leads.rules import DEFAULT
from lodestone.cli.leads.command import leads as leads_group
from lodestone.desk.split_test_report import lines_of_tests, verdict
from lodestone.desk.split_tests import Comparison, SplitTest, Version, split_tests
from lodestone.stack import outputs
from tests.desk.office import Session
from tests.world import DAY, START, World, make_funnel

LATER = START + timedelta(hours=3)


def funnel_under_test(metric: str = "clicks", **changes) -> Funnel:
    steps = (Step("first", DAY, variants=("a", "b"), metric=metric), Step("second", DAY))
    return make_funnel(steps=steps, sending=Sending(clicks=True), **changes)


def reader(number: int, variant: str, *more: events.Event, outcome: bool = True) -> Lead:
    """A lead to whom that version of the first mail went out."""
    send = SendId("guide", "first", 0, 1)
    sent = (events.mailed(send, START, "id"),) if outcome else ()
    claim = events.claimed(send, START, "worker", START, variant)
    asked = events.submitted("guide", START - timedelta(days=1), {"email": f"lead-{number}@example.com"})
    return fold(f"lead-{number}", (asked, claim, *sent, *more), DEFAULT)


def click(
    step: str = "first", link: str = "pricing", at: datetime = LATER, by: str = "person"
) -> events.Event:
    return events.clicked(SendId("guide", step, 0, 1), link, at, by)


def counts(leads: list[Lead], funnel: Funnel) -> dict[str, tuple[int, int, int]]:
    """Sent, reached and machines of each version."""
    (test,) = split_tests(leads, {"guide": funnel}.get, LATER)
    return {each.name: (each.sent, each.reached, each.machine_activities) for each in test.versions}


def test_people_are_counted_for_the_version_they_got_however_often_they_click():
    leads = [
        reader(1, "a", click(), click(link="letters", at=LATER + timedelta(hours=1))),
        reader(2, "a"),
        reader(3, "b", click()),
    ]
    assert counts(leads, funnel_under_test()) == {"a": (2, 1, 0), "b": (1, 1, 0)}


def test_machines_are_shown_and_count_for_nothing():
    scanner = [click(link="pricing"), click(link="letters", at=LATER + timedelta(seconds=1))]
    leads = [
        reader(1, "a", *scanner),
        reader(2, "b", click(by="machine")),
        reader(3, "b", click(by="machine"), click()),
    ]
    assert counts(leads, funnel_under_test()) == {"a": (1, 0, 1), "b": (2, 1, 2)}


def test_a_click_in_another_mail_says_nothing_of_this_one():
    assert counts([reader(1, "a", click(step="second"))], funnel_under_test()) == {
        "a": (1, 0, 0),
        "b": (0, 0, 0),
    }


def test_a_mail_that_nobody_knows_went_out_or_that_went_out_before_the_test_is_not_counted():
    leads = [reader(1, "a", outcome=False), reader(2, "", click())]
    assert counts(leads, funnel_under_test()) == {"a": (0, 0, 0), "b": (0, 0, 0)}


def test_the_goal_is_what_ends_the_sequence():
    customer = ["did", "became_customer", EVER, 0, {}]
    bought, replied = (events.reached(goal, LATER, "guide", "owner") for goal in ("customer", "replied"))
    leads = [reader(1, "a", bought), reader(2, "b", replied), reader(3, "b", click())]
    assert counts(leads, funnel_under_test("goal", until=customer)) == {"a": (1, 1, 0), "b": (2, 0, 0)}


def test_where_nothing_ends_the_sequence_any_goal_after_the_mail_counts():
    replied = events.reached("replied", LATER, "guide", "owner")
    before = events.reached("booked", START - timedelta(hours=1), "guide", "owner")
    leads = [reader(1, "a", before), reader(2, "b", replied)]
    assert counts(leads, funnel_under_test("goal")) == {"a": (1, 0, 0), "b": (1, 1, 0)}


def test_a_magnet_that_was_withdrawn_and_a_mail_that_is_tested_no_longer_are_left_out():
    leads = [reader(1, "a", click())]
    assert split_tests(leads, {}.get, LATER) == ()
    assert split_tests(leads, {"guide": make_funnel()}.get, LATER) == ()


def test_an_open_decides_nothing():
    opened = events.reported("opened", SendId("guide", "first", 0, 1), LATER, "id")
    assert counts([reader(1, "a", opened)], funnel_under_test()) == {"a": (1, 0, 0), "b": (0, 0, 0)}


def test_a_test_that_somebody_runs_ends_in_a_table_and_a_verdict():
    leads = [reader(n, "a", *([click()] if n < 10 else [])) for n in range(100)]
    leads += [reader(n, "b", *([click()] if n < 130 else [])) for n in range(100, 200)]
    assert list(lines_of_tests(split_tests(leads, {"guide": funnel_under_test()}.get, LATER), "press")) == [
        "guide/first, by clicks",
        "  a  sent 100  clicked 10  10.0% (5.5% to 17.4%)",
        "  b  sent 100  clicked 30  30.0% (21.9% to 39.6%)",
        "  b is better than a by 9.0 to 30.6 points",
    ]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ((100, 30), (100, 10), "a is better than b by 9.0 to 30.6 points"),
        ((100, 0), (0, 0), "nothing to compare: b or a has gone out to nobody yet"),
        (
            (200, 24),
            (200, 30),
            "not decided yet: b may be 3.8 points worse than a or 9.8 better;"
            " at this rate about 1,600 more leads will tell",
        ),
        (
            (20, 3),
            (20, 3),
            "not decided yet: b may be 23.2 points worse than a or 23.2 better; they are too alike to tell",
        ),
    ],
)
def test_the_verdict_says_who_is_better_or_what_is_missing(first, second, said):
    versions = (
        Version(name, sent, reached, 0) for name, (sent, reached) in zip("ab", (first, second), strict=True)
    )
    test = SplitTest("guide", "first", "clicks", tuple(versions))
    (comparison,) = test.comparisons()
    assert verdict(comparison) == said


def test_of_three_versions_each_is_compared_with_the_first_and_has_to_be_surer():
    versions = (Version("a", 100, 20, 0), Version("b", 100, 33, 0), Version("c", 100, 50, 0))
    two = SplitTest("guide", "first", "clicks", versions[:2]).comparisons()
    three = SplitTest("guide", "first", "clicks", versions).comparisons()
    assert [each.better for each in two] == ["b"]
    assert [(each.version, each.better) for each in three] == [("b", ""), ("c", "c")]


def test_what_is_not_decided_is_nobody_s_victory():
    assert Comparison("b", "a", (-0.1, 0.0), None).better == ""
    assert Comparison("b", "a", (-0.2, -0.1), None).better == "a"


@pytest.fixture
def world(monkeypatch) -> World:
    """A stack in which one lead has got the first mail and clicked; the commands read the machine's clock."""
    world = World(funnel_under_test())
    world.time = datetime.now(UTC) - timedelta(days=2)
    world.sign_up()
    world.advance(days=1, minutes=1)
    world.wiring.ledger.append(world.lead_id(), click(at=world.time))
    monkeypatch.setattr(outputs, "open_session", lambda profile, region: Session(world))
    return world


def run(*arguments: str):
    return CliRunner().invoke(leads_group, ["tests", *arguments, "--stack", "press"])


def test_the_command_prints_the_tests_of_a_stack(world):
    (variant,) = [each.data["variant"] for each in world.events("claimed") if "variant" in each.data]
    printed = run().output
    assert printed.startswith("guide/first, by clicks\n")
    assert f"  {variant}  sent 1  clicked 1" in printed
    (found,) = json.loads(run("--json").output)
    assert (found["magnet"], found["step"], found["metric"]) == ("guide", "first", "clicks")
    assert sum(each["reached"] for each in found["versions"]) == 1
    assert found["comparisons"] == [
        {"version": "b", "first": "a", "difference": None, "more": None, "better": ""}
    ]


def test_the_command_says_when_nothing_is_tested(world):
    world.publish(make_funnel())
    assert run().output.startswith("no mail is under test in ")


def test_the_guide_shows_what_is_printed():
    guide = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text("utf-8")
    shown = guide.partition("$ python build.py leads tests --stack lodestone\n")[2].partition("```")[0]
    versions = (Version("a", 412, 58, 9), Version("b", 398, 85, 11))
    test = SplitTest("winter-tyres", "the-evening", "clicks", versions)
    assert shown.splitlines() == list(lines_of_tests([test], "lodestone"))
