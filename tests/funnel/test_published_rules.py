"""The owner's rules are published with the definitions, and what is stored of every lead follows them."""

import json
from datetime import timedelta

from leads import events
from leads.features.downloads import downloaded
from leads.funnel import Sending, Step
from leads.rules import DEFAULT, Rules, rules_from_json, rules_to_json
from tests.world import DAY, World, make_funnel


def profile(world: World) -> tuple[str, int]:
    """Stage and score, as they are stored."""
    item = world.items["LEAD#" + world.lead_id(), "PROFILE"]
    return item["stage"]["S"], json.loads(item["profile"]["S"]).get("score", 0)


def test_where_nothing_was_published_the_defaults_count():
    world = World()
    world.sign_up()
    world.download(world.link("download"))
    world.settle()
    assert world.wiring.funnels.rules() == DEFAULT
    assert profile(world) == ("warm", 20)


def test_what_was_published_counts_in_the_stored_profile():
    world = World()
    world.publish_rules(Rules(points={"confirmed": 1, "downloaded": 50}, warm=2, hot=51))
    world.sign_up()
    assert profile(world) == ("cold", 1)
    world.download(world.link("download"))
    world.settle()
    assert profile(world) == ("hot", 51)


def test_other_rules_count_for_what_happened_before_from_the_next_repair_on():
    world = World()
    world.sign_up()
    assert profile(world) == ("cold", 10)
    world.publish_rules(Rules(points={"confirmed": 99}))
    world.reconcile()
    assert profile(world) == ("hot", 99)


def test_every_function_that_stores_a_profile_stores_it_by_the_published_rules():
    world = World()
    world.publish_rules(Rules(points={"confirmed": 99}))
    world.sign_up()
    world.advance(days=7)  # the worker stores it last
    assert world.events("finished")
    assert profile(world) == ("hot", 99)
    world.data(world.data_link(), erase="yes", sure="yes")
    assert profile(world) == ("lead", 0)


def test_a_condition_asks_for_the_score_of_the_published_rules():
    funnel = make_funnel(
        steps=(Step("keen", DAY, when=["number", "lead.score", ">=", "99"]), Step("all", DAY))
    )
    for rules, mails in ((Rules(points={"confirmed": 99}), ["keen", "all"]), (DEFAULT, ["all"])):
        world = World(funnel)
        world.publish_rules(rules)
        world.sign_up()
        world.advance(days=4)
        assert world.mails()[2:] == mails


def test_points_of_nothing_and_below_nothing_are_points():
    world = World()
    world.publish_rules(Rules(points={"confirmed": 0, "clicked": -3}))
    world.sign_up()
    world.note(events.clicked(events.SendId("guide", "first", 0, 1), "x", world.time, "person"))
    assert profile(world) == ("cold", -3)


def test_the_caps_are_no_one_s_to_publish_and_unknown_keys_are_left_out():
    raw = rules_to_json(Rules(points={"clicked": 3}, warm=1, hot=2))
    assert rules_from_json({**raw, "asks_a_day": 99, "new": 1}) == Rules(points={"clicked": 3}, warm=1, hot=2)
    assert rules_from_json({}) == DEFAULT


# ── open-ended sequences ──

_STEPS = (Step("first", DAY), Step("second", DAY))


def _had_them_all(open_ended: bool) -> World:
    world = World(make_funnel(steps=_STEPS, open_ended=open_ended, sending=Sending()))
    world.sign_up()
    world.advance(days=30)
    assert world.mails() == ["opt-in", "delivery", "first", "second"]
    return world


def test_a_mail_that_is_appended_to_an_open_ended_sequence_reaches_those_who_had_them_all():
    world = _had_them_all(open_ended=True)
    assert not world.events("finished")
    world.reconcile()
    assert not world.messages
    assert not world.schedules
    world.publish(make_funnel(steps=(*_STEPS, Step("third", DAY)), open_ended=True))
    world.reconcile()
    world.settle()
    world.reconcile()
    world.settle()
    assert world.mails()[4:] == ["third"]


def test_a_mail_that_is_appended_to_any_other_does_not():
    world = _had_them_all(open_ended=False)
    assert world.events("finished")
    world.publish(make_funnel(steps=(*_STEPS, Step("third", DAY))))
    world.reconcile()
    world.advance(days=30)
    assert world.mails()[4:] == []


def test_who_finished_before_the_sequence_was_opened_stays_finished():
    world = _had_them_all(open_ended=False)
    world.publish(make_funnel(steps=(*_STEPS, Step("third", DAY)), open_ended=True))
    world.reconcile()
    world.advance(days=30)
    assert world.mails()[4:] == []


def test_a_download_on_another_day_counts_more_and_on_the_same_day_does_not():
    world = World()
    world.sign_up()
    world.note(downloaded("guide", "guide.pdf", world.time, "person"))
    world.note(downloaded("guide", "table.csv", world.time, "person"))
    assert profile(world) == ("warm", 30)
    world.time += timedelta(days=1)
    world.note(downloaded("guide", "guide.pdf", world.time, "machine"))
    assert profile(world) == ("warm", 30)
    world.note(downloaded("guide", "guide.pdf", world.time, "person"))
    assert profile(world) == ("hot", 45)


def test_the_owner_says_what_a_return_is_worth():
    world = World()
    world.publish_rules(Rules(points={"downloaded": 0, "downloaded_again": 7}))
    world.sign_up()
    for _ in range(3):
        world.note(downloaded("guide", "guide.pdf", world.time, "person"))
        world.time += timedelta(days=1)
    assert profile(world) == ("warm", 24)
