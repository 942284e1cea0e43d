"""Sensitive answers: a tick of their own, nowhere but apart, for a time alone."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from leads import events
from leads.facts import facts_of, rows_of_lead
from leads.feature import Enrolled
from leads.features import FEATURES
from leads.features.questions import KEY
from tests.world import Crash, World, make_funnel

QUESTIONS: list[dict[str, Any]] = [
    {"name": "sleep", "type": "single", "text": "How do you sleep?", "options": [
        {"value": "Badly", "label": "Badly", "points": {"score": 0}},
        {"value": "Well", "label": "Well", "points": {"score": 2}},
    ]},
    {"name": "illness", "type": "single", "text": "Are you ill?", "required": False, "sensitive": True, "options": [
        {"value": "yes", "label": "Yes, I am"}, {"value": "no", "label": "No"},
    ]},
]  # fmt: skip
CONSENT = "Yes, you may read whether I am ill, for a month."
PAGE = "<h1>\ue000heading\ue001</h1>\ue000answers\ue001"


def world_with(keep_days: int = 30, **changes) -> World:
    asked = {
        "edition": "e1",
        "questions": QUESTIONS,
        "contact": "skippable",
        "sensitive_consent": CONSENT,
        "keep_days": keep_days,
        "in_form": True,
        **changes,
    }
    plain = make_funnel()
    world = World(make_funnel(features={**plain.features, KEY: asked}))
    for name in ("result-sent", "result-unsent", "result"):
        world.publish_page("guide", name, PAGE)
    return world


def post(world: World, **more: str) -> dict:
    answers = {"email": "lead@example.com", "_edition": "e1", "sleep": "Well", "illness": "yes", **more}
    return world.post(urlencode(answers))


def test_without_the_tick_nothing_is_stored_and_leaving_the_answer_out_is_the_other_way():
    world = world_with()
    assert post(world)["statusCode"] == 422
    assert not [each for each in world.items if each[0].startswith("LEAD#")]
    assert post(world, illness="")["statusCode"] == 200
    assert world.events("submitted")


def test_the_answer_is_in_no_event_and_kept_apart_with_the_words_that_were_ticked():
    world = world_with()
    assert post(world, sensitive_consent="yes")["statusCode"] == 200
    (event,) = world.events("submitted")
    assert "illness" not in json.dumps(dict(event.data))
    assert event.data["told"][KEY]["answers"] == {"sleep": "Well"}
    lead = world.lead()
    assert facts_of(lead, world.funnel).value("questions.illness") == ""
    assert "Yes, I am" not in str(rows_of_lead(lead, {"guide": world.funnel}))
    (kept,) = world.wiring.ledger.private(lead.id, world.time)
    assert kept.rows == [("Are you ill?", "Yes, I am")]
    assert kept.body["consent"] == CONSENT
    assert kept.until == event.at + timedelta(days=30)


def test_it_is_over_when_its_days_are_over_and_gone_when_the_lead_is_erased():
    world = world_with()
    post(world, sensitive_consent="yes")
    lead_id = world.lead().id
    assert world.wiring.ledger.private(lead_id, world.time + timedelta(days=29))
    assert not world.wiring.ledger.private(lead_id, world.time + timedelta(days=30, seconds=1))
    world.note(events.erased(world.time, "owner"))
    assert not world.wiring.ledger.private(lead_id, world.time)


def test_where_nothing_is_to_be_kept_or_no_address_is_given_there_is_nothing_apart():
    world = world_with(keep_days=0)
    post(world, sensitive_consent="yes")
    assert not world.wiring.ledger.private(world.lead().id, world.time)
    world = world_with()
    answer = post(world, sensitive_consent="yes", _only_result="yes")
    assert answer["statusCode"] == 200
    assert 'name="sensitive_consent" value="yes"' in answer["body"]
    assert not [each for each in world.items if each[0].startswith("LEAD#")]


@pytest.mark.parametrize("twice", [1, 2])
def test_a_form_that_is_sent_twice_is_kept_once(twice):
    world = world_with()
    for _ in range(twice):
        post(world, sensitive_consent="yes")
    assert len(world.wiring.ledger.private(world.lead().id, world.time)) == 1


def test_an_answer_that_is_changed_at_once_is_kept_too():
    world = world_with()
    post(world, sensitive_consent="yes")
    post(world, sensitive_consent="yes", illness="no")
    assert len(world.events("submitted")) == 1
    kept = world.wiring.ledger.private(world.lead().id, world.time)
    assert sorted(each.rows for each in kept) == [[("Are you ill?", "No")], [("Are you ill?", "Yes, I am")]]
    world.note(events.erased(world.time, "owner"))
    assert not [each for each in world.items if each[1].startswith("PRIVATE#")]


def test_of_a_form_that_was_not_stored_whole_the_daily_repair_makes_nobody():
    world = world_with()
    world.arm(4)
    with pytest.raises(Crash):
        post(world, sensitive_consent="yes")
    (left,) = (key for key in world.items if key[0].startswith("LEAD#"))
    assert left[1].startswith("PRIVATE#")
    world.reconcile()
    assert [key for key in world.items if key[0].startswith("LEAD#")] == [left]
    assert post(world, sensitive_consent="yes")["statusCode"] == 200
    assert len(world.wiring.ledger.private(world.lead().id, world.time)) == 1


def test_until_an_address_is_proven_mails_print_the_author_s_words_and_no_link_that_was_typed():
    options = [{"value": "js", "label": "Node.js"}, {"value": "other", "label": "Other"}]
    asked = [
        {"name": "tool", "type": "single", "text": "Which?", "options": options},
        {"name": "note", "type": "text", "text": "Why?"},
    ]
    world = world_with(questions=asked)
    post(world, tool="js", note="see evil.example")
    (enrolment,) = world.lead().enrolments.values()
    words = FEATURES[KEY].words(Enrolled(world.lead(), enrolment, world.funnel))
    assert words["tool"] == "Node.js"
    assert "note" not in words


def test_a_definition_of_a_newer_version_is_read():
    newer = {"of_a_newer_version": 1}
    options = [{**each, **newer} for each in QUESTIONS[0]["options"]]
    tiers = [{"start": 0, "label": "All", **newer}]
    world = world_with(
        questions=[{**QUESTIONS[0], "options": options, **newer}],
        outcomes=[{"name": "low", "title": "Low", **newer}],
        dimensions=[{"name": "rest", "label": "Rest", "tiers": tiers, **newer}],
        **newer,
    )
    assert post(world)["statusCode"] == 200


def test_an_outcome_that_a_sensitive_answer_decides_is_not_stored():
    counted = [QUESTIONS[0], {**QUESTIONS[1], "options": [
        {"value": "yes", "label": "Yes", "points": {"score": 5}}, {"value": "no", "label": "No"}]}]  # fmt: skip
    outcomes = [
        {"name": "low", "title": "Low", "start": 0},
        {"name": "high", "title": "High", "start": 50, "points": 9},
    ]
    world = world_with(questions=counted, outcomes=outcomes, decided_by="tiers")
    answer = post(world, sensitive_consent="yes")
    assert "High" in answer["body"]
    (event,) = world.events("submitted")
    told = event.data["told"][KEY]
    assert "outcome" not in told
    assert "points" not in told
    assert "score" not in told.get("scores", {})
    assert world.lead().score == 0
