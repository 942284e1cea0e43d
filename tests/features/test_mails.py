"""A feature's transactional mail: once for each number, ahead of sequences, and only to who may have it."""

from leads import events
from leads.feature import Feature
from leads.features import FEATURES
from leads.funnel import Step
from leads.mail_types import mail_types_of
from leads.pace import FIRST, lane_of
from tests.example_feature import KEY, WELCOME, started
from tests.features.conftest import start_trial, trial_funnel, trial_world
from tests.world import DAY, START, ClientError, World, make_funnel


def test_it_goes_out_once_for_each_number_and_its_own_link_asks_for_the_next():
    world = trial_world()
    start_trial(world)
    assert world.mails()[-1] == WELCOME
    assert world.sent[-1]["ask"] == 1
    again = world.link("do/guide/trial/again")
    for _ in range(2):
        assert world.act(again)["statusCode"] == 200
        world.settle()
    world.reconcile()
    world.settle()
    welcomes = [each["ask"] for each in world.sent if each["step"] == WELCOME]
    assert welcomes == [1, 2]
    assert "do/guide/trial/start?" in world.sent[-1]["text"]


def test_a_link_that_one_mail_has_alone_is_in_no_other_and_none_is_where_it_may_not_be():
    world = trial_world()
    start_trial(world)
    texts = {each["step"]: each["text"] for each in world.sent}
    assert "trial/start?" not in texts["opt-in"]
    assert "trial/start?" in texts["delivery"]
    assert "trial/again?" not in texts["delivery"]
    assert "trial/again?" in texts[WELCOME]


def test_a_magnet_without_the_feature_has_neither_its_links_nor_its_mail():
    world = World()
    world.sign_up()
    assert "/api/do/" not in world.sent[-1]["text"]
    assert WELCOME not in {each.step for each in mail_types_of(world.funnel.features)}


def test_it_goes_before_the_sequence_at_any_hour_and_does_not_move_it():
    world = trial_world(steps=(Step("first", 2 * DAY), Step("second", DAY)))
    world.advance(days=2)
    world.note(started("guide", 7, START, world.time))
    world.advance(days=1)
    assert world.mails() == ["opt-in", "delivery", "first", WELCOME, "second"]
    first, second = (each["at"] for each in world.sent if each["step"] in ("first", "second"))
    assert round((second - first).total_seconds() / DAY, 3) == 1
    assert lane_of(WELCOME) == FIRST


def test_who_has_not_confirmed_does_not_get_it_and_gets_it_once_they_have():
    world = World(trial_funnel())
    world.post("email=lead%40example.com")
    world.settle()
    world.note(started("guide", 0, START, world.time))
    assert world.mails() == ["opt-in"]
    world.confirm(world.link("confirm"))
    world.settle()
    assert world.mails() == ["opt-in", "delivery", WELCOME]


def test_who_is_unsubscribed_complained_or_bounced_does_not_get_it():
    for stop in ("unsubscribed", "complained", "bounced"):
        world = trial_world()
        if stop == "unsubscribed":
            world.unsubscribe(world.link("unsubscribe"))
        else:
            send = events.SendId.parse(world.sent[-1]["send"])
            world.note(events.reported(stop, send, world.time, "m", kind="hard"))
        start_trial(world)
        world.reconcile()
        world.settle()
        assert world.mails() == ["opt-in", "delivery"]


def test_what_ses_refuses_for_now_comes_later_and_once():
    world = trial_world()
    world.act(world.link("do/guide/trial/start"))
    world.refusals.append(ClientError("AccountSuspendedException"))
    world.settle()
    assert WELCOME not in world.mails()
    world.advance(hours=1)
    assert world.mails().count(WELCOME) == 1
    assert world.sent[-1]["attempt"] == 2


def test_once_the_magnet_has_the_feature_no_more_its_mail_is_asked_for_no_more_and_the_sequence_goes_on():
    world = trial_world()
    world.publish(make_funnel())
    # Its mail is published no more; whatever was asked for must not keep the lead's other mails waiting.
    world.items.pop(("MAGNET#guide", f"MAIL#{WELCOME}"))
    world.note(started("guide", 1, START, world.time))
    world.advance(days=6)
    assert world.mails() == ["opt-in", "delivery", "first", "second"]


def test_a_definition_with_a_feature_that_the_code_does_not_know_yet_still_sends():
    world = World(make_funnel(features={"unheard-of": {"x": 1}}))
    world.sign_up()
    world.advance(days=6)
    assert world.mails() == ["opt-in", "delivery", "first", "second"]


def test_a_mail_type_is_known_by_the_magnet_s_features_alone():
    assert isinstance(FEATURES[KEY], Feature)
    steps = [each.step for each in mail_types_of([KEY])]
    assert steps == ["your-data", "opt-in", "delivery", "still-there", WELCOME]
