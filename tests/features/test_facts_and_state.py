"""What a feature knows of a lead: asked in conditions, counted from by mails, and each magnet's own."""

from dataclasses import replace
from datetime import timedelta

from leads import conditions, placeholders
from leads.conditions import HERE
from leads.events import SendId, clicked, reached
from leads.facts import dates_of, facts_of, rows_of_lead
from leads.folding import fold
from leads.funnel import Mail, Step
from leads.letter import write_letter
from leads.rules import DEFAULT
from leads.tokens import Signer
from tests.example_feature import started, used
from tests.features.conftest import start_trial, trial_funnel, trial_world
from tests.world import DAY, START, World

ENDS = START + timedelta(days=10)


def test_a_fact_of_a_feature_decides_who_gets_a_mail():
    running = ["is", "trial.state", "running"]
    steps = (Step("tips", DAY, when=running), Step("offer", DAY, when=["not", running]))
    tried, others = trial_world(steps=steps), trial_world(steps=steps)
    start_trial(tried)
    for world in (tried, others):
        world.advance(days=3)
    assert tried.mails()[3:] == ["tips"]
    assert others.mails()[2:] == ["offer"]


def test_a_fact_that_nobody_has_or_of_a_feature_that_the_magnet_has_not_is_empty():
    world = trial_world()
    assert facts_of(world.lead(), world.funnel).value("trial.uses") == "0"
    assert facts_of(world.lead(), world.funnel).value("trial.shoe_size") == ""
    plain = replace(world.funnel, features={})
    assert facts_of(world.lead(), plain).value("trial.uses") == ""


def test_what_a_feature_s_event_did_can_be_asked_and_is_a_sign_of_life():
    world = trial_world()
    world.time += timedelta(days=3)
    start_trial(world)
    lead = world.lead()
    assert conditions.holds(["did", "trial_started", HERE, DAY, {}], facts_of(lead, world.funnel), world.time)
    assert lead.last_sign == world.events("trial_started")[0].at
    assert lead.score == 25  # 10 for confirming


def test_a_mail_counts_from_a_feature_s_date_and_is_missed_by_who_has_none_when_its_turn_comes():
    steps = (Step("first", DAY), Step("ends-soon", anchor="trial_end", offset=-2 * DAY), Step("last", DAY))
    tried, others = trial_world(steps=steps), trial_world(steps=steps)
    tried.note(started("guide", 1, ENDS, tried.time))
    for world in (tried, others):
        world.advance(days=12)
    mail = next(each for each in tried.sent if each["step"] == "ends-soon")
    assert abs(mail["at"] - (ENDS - timedelta(days=2))) < timedelta(minutes=1)
    assert "ends-soon" not in others.mails()
    assert others.mails()[-1] == "last"


def test_a_feature_s_date_goes_before_an_answer_of_the_same_name():
    world = trial_world()
    world.note(started("guide", 1, ENDS, world.time))
    lead = world.lead()
    enrolment = lead.enrolments["guide"].with_answers({"trial_end": "2000-01-01"})
    assert dates_of(lead, enrolment, world.funnel)["trial_end"].startswith("2026-03-12")


def test_two_magnets_do_not_share_a_feature_s_state():
    world = trial_world()
    world.publish(trial_funnel(slug="course", opt_in="single"))
    world.post("email=lead%40example.com&consent=yes", "course")
    world.settle()
    world.note(started("guide", 1, ENDS, world.time))
    world.note(used("course", "r", world.time))
    lead = world.lead()
    states = {slug: each.features.get("trial") for slug, each in lead.enrolments.items()}
    assert states["guide"]["starts"] == 1
    assert states["guide"]["uses"] == 0
    assert states["course"]["starts"] == 0
    assert states["course"]["uses"] == 1
    assert facts_of(lead, trial_funnel(slug="course")).value("trial.state") == ""


def test_the_state_outlives_a_new_ask_and_an_unsubscribing_and_goes_with_an_erasure():
    world = trial_world()
    start_trial(world)
    world.unsubscribe(world.link("unsubscribe"))
    world.settle()
    world.time += timedelta(days=1)
    world.sign_up()
    assert world.lead().enrolments["guide"].features["trial"]["starts"] == 1


def test_any_order_of_a_feature_s_events_gives_the_same_lead():
    world = trial_world()
    lead_id, at = world.lead_id(), world.time
    history = [
        *world.events(),
        started("guide", 1, ENDS, at),
        used("guide", "a", at + timedelta(hours=1)),
        used("guide", "b", at + timedelta(hours=2)),
        reached("customer", at, "guide", "owner"),
        clicked(_send(world), "pricing", at, "person"),
    ]
    expected = fold(lead_id, history, DEFAULT)
    assert expected.enrolments["guide"].features["trial"]["uses"] == 2
    assert fold(lead_id, [*reversed(history), *history], DEFAULT) == expected


def _send(world: World) -> SendId:
    return SendId.parse(world.sent[-1]["send"])


def test_a_mail_prints_what_a_feature_says_and_people_read_what_it_tells():
    world = trial_world()
    start_trial(world)
    world.note(used("guide", "r1", world.time))
    text = ("You used it ", placeholders.Placeholder("trial_uses"), " times.")
    lead, send = world.lead(), SendId("guide", "tips", 0, 1)
    letter = write_letter(
        Mail("tips", text, text, text), world.funnel, lead, send, Signer(("key",)), world.time
    )
    assert letter.text.strip() == "You used it 1 times."
    assert rows_of_lead(lead, {"guide": world.funnel, "gone": None}) == [
        ("Trial ends", lead.enrolments["guide"].features["trial"]["ends"])
    ]
    plain = replace(world.funnel, features={})
    assert rows_of_lead(lead, {"guide": plain}) == []
