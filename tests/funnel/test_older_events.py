"""Events are never rewritten: what was stored under a former name means what it meant."""

from datetime import timedelta

from leads import events
from leads.events import Event
from leads.folding import fold
from leads.rules import DEFAULT
from tests import example_feature
from tests.world import START, World


def test_a_step_that_was_passed_over_is_skipped():
    world = World()
    world.sign_up()
    data = {"step": "first", "due": None, "reason": "when", "words": "not so"}
    world.note(Event("passed", world.time, "passed#guide#first", "guide", data))
    world.advance(days=6)
    assert world.mails() == ["opt-in", "delivery", "second"]
    assert "“First” was not sent: not so" in world.data(world.data_link())["body"]


def test_who_stayed_kept_subscribed_and_showed_a_sign_of_life():
    at = START + timedelta(days=3)
    stayed = Event("stayed", at, "stayed#1", "guide")
    assert fold("lead", [stayed], DEFAULT).last_sign == at
    assert fold("lead", [stayed], DEFAULT) == fold("lead", [events.kept_subscribed("guide", at)], DEFAULT)


def test_an_activity_of_a_former_name_answers_to_the_name_that_conditions_have_for_it():
    with example_feature.registered():
        lead = fold("lead", [Event("trial_begun", START, "t", "guide")], DEFAULT)
    assert [each.type for each in lead.activities] == ["trial_started"]
    assert lead.score == 15
