"""The daily repair: everything is mended, in as many invocations as it takes, and one more does no harm."""

from datetime import timedelta

import pytest

from aws.ledger import Partition
from aws.reconcile_cursor import ROUND
from handlers import reconcile
from leads import events
from leads.events import SendId
from tests.world import START, Crash, World, make_funnel

TIMER = {"source": "aws.scheduler"}


def grown(world: World, count: int) -> list[str]:
    """So many leads who asked, and of whom nobody took notice."""
    ids = [f"lead{number:03}" for number in range(count)]
    for each in ids:
        asked = events.submitted("guide", START, {"email": f"{each}@example.com", "answers": {}})
        world.wiring.ledger.append(each, asked)
    world.stream.clear()
    return ids


def queued(world: World) -> list[str]:
    return sorted(body.split('"')[3] for body in world.messages)


def stopping_after(leads: int):
    """Seconds left: plenty for so many leads, then none."""
    left = iter([900.0] * (leads - 1))
    return lambda: next(left, 5.0)


def test_a_pass_that_runs_out_of_time_goes_on_with_the_next_invocation():
    world = World()
    ids = grown(world, 10)
    assert reconcile.respond({}, world.wiring, stopping_after(4)) == {"leads": 4, "finished": False}
    assert queued(world) == ids[:4]
    assert reconcile.respond(TIMER, world.wiring, stopping_after(4)) == {"leads": 4, "finished": False}
    assert reconcile.respond(TIMER, world.wiring) == {"leads": 2, "finished": True}
    assert queued(world) == ids


def test_between_passes_an_invocation_looks_at_no_lead():
    world = World()
    grown(world, 3)
    assert reconcile.respond(TIMER, world.wiring)["leads"] == 3
    world.time += timedelta(hours=20)
    world.calls.clear()
    assert reconcile.respond(TIMER, world.wiring) == {"leads": 0, "finished": True}
    assert world.calls == ["update_item"]
    world.time += timedelta(hours=4)
    assert reconcile.respond(TIMER, world.wiring)["leads"] == 3


def test_a_pass_that_takes_longer_than_a_day_still_reaches_the_last_lead():
    world = World()
    ids = grown(world, 9)
    for _ in range(5):
        world.time += timedelta(hours=30)
        reconcile.respond(TIMER, world.wiring, stopping_after(2))
    assert queued(world) == ids


def test_by_hand_a_pass_begins_at_once_and_the_one_under_way_gives_way():
    world = World()
    grown(world, 6)
    scan = world.wiring.ledger.partitions()
    reconcile.respond({}, world.wiring, stopping_after(2))
    old = world.wiring.reconcile_cursor.take(world.time)
    world.time += timedelta(minutes=1)
    assert reconcile.respond({}, world.wiring)["leads"] == 6
    assert not world.wiring.reconcile_cursor.note(old, next(scan).scan_key)
    assert "ended" in world.items["RECONCILE", ROUND]


def test_tomorrows_pass_goes_on_as_well_where_it_was_cut():
    world = World()
    ids = grown(world, 6)
    for _ in range(2):
        world.messages.clear()
        assert reconcile.respond(TIMER, world.wiring, stopping_after(4))["finished"] is False
        assert reconcile.respond(TIMER, world.wiring) == {"leads": 2, "finished": True}
        assert queued(world) == ids
        world.time += timedelta(days=1)


def test_a_kill_costs_the_leads_since_the_last_note_and_no_more():
    world = World()
    grown(world, 250)
    calls = iter(range(240))

    def killed() -> float:
        if next(calls, None) is None:
            raise Crash
        return 900.0

    with pytest.raises(Crash):
        reconcile.respond(TIMER, world.wiring, killed)
    assert reconcile.respond(TIMER, world.wiring) == {"leads": 50, "finished": True}


def test_a_killed_invocation_is_taken_up_whatever_call_it_died_at():
    points = 0
    while True:
        points += 1
        world = World()
        ids = grown(world, 5)
        world.arm(points)
        try:
            reconcile.respond(TIMER, world.wiring)
        except Crash:
            world.restart()
            world.arm(None)
            reconcile.respond(TIMER, world.wiring)
            assert set(queued(world)) == set(ids)
            assert all(("LEAD#" + each, "PROFILE") in world.items for each in ids)
        else:
            break
    assert points > 20


def test_one_lead_that_fails_is_told_in_the_end_and_keeps_nobody_waiting():
    world = World()
    ids = grown(world, 3)
    world.items[f"LEAD#{ids[1]}", "EVENT#broken"] = {
        "pk": {"S": f"LEAD#{ids[1]}"},
        "sk": {"S": "EVENT#broken"},
        "type": {"S": "skipped"},
        "at": {"S": "2026-03-02T08:30:00.000Z"},
        "data": {"S": "{}"},
    }
    with pytest.raises(RuntimeError, match="1 of 3 leads"):
        reconcile.respond({}, world.wiring)
    assert queued(world) == [ids[0], ids[2]]
    assert reconcile.respond(TIMER, world.wiring) == {"leads": 0, "finished": True}


def test_a_profile_that_is_right_is_not_written_again():
    world = World()
    world.sign_up()
    world.reconcile()
    world.calls.clear()
    world.reconcile()
    assert "put_item" not in world.calls


def test_an_erasure_that_was_cut_short_is_completed():
    world = World()
    world.sign_up()
    lead = world.lead_id()
    world.wiring.ledger.append(lead, events.erased(world.time + timedelta(minutes=1), "lead"))
    world.stream.clear()
    world.time += timedelta(hours=1)
    world.reconcile()
    assert [each.type for each in world.wiring.ledger.events(lead)] == ["erased"]
    assert "example.com" not in str([item for key, item in world.items.items() if key[0] == f"LEAD#{lead}"])


def test_a_scan_that_is_a_moment_old_deletes_nothing_of_a_later_sign_up():
    world = World()
    world.sign_up()
    lead = world.lead_id()
    world.note(events.erased(world.time, "lead"))
    world.time += timedelta(hours=1)
    world.sign_up()
    stored = world.wiring.ledger.events(lead)
    seen = [each for each in stored if each.type != "submitted"]
    reconcile.reconcile_lead(Partition(lead, seen, "", ""), world.wiring)
    assert world.wiring.ledger.events(lead) == stored


def test_each_of_a_leads_sequences_gets_its_next_mail_back():
    world = World()
    world.publish(make_funnel(slug="course"))
    world.publish(make_funnel())
    world.sign_up()
    assert world.post("email=lead%40example.com&consent=yes", "course")["statusCode"] == 303
    world.settle()
    world.confirm(world.link("confirm"))
    world.settle()
    lost = dict(world.schedules)
    world.schedules.clear()
    world.reconcile()
    assert len(lost) == 2
    assert world.schedules == lost


def test_mails_of_which_nobody_knows_are_counted_for_the_alarm_while_they_are_news():
    world = World()
    world.sign_up()
    claim = events.claimed(SendId("guide", "first", 0, 1), world.time, "worker")
    world.wiring.ledger.append(world.lead_id(), claim)
    counts = []
    for span in (timedelta(minutes=5), timedelta(hours=1), timedelta(days=3)):
        world.time = claim.at + span
        world.metrics.clear()
        world.reconcile()
        counts.append(world.metrics["MailUnsettled"])
    assert counts == [0, 1, 0]
