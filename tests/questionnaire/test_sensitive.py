"""Sensitive answers: a tick of their own, used for the result on the screen, and then nowhere."""

import json

from leads.conditions import holds
from leads.facts import facts_of, rows_of_lead
from tests.questionnaire.example_survey import FRONT, QUESTIONS, told
from tests.questionnaire.surveyed import page_of, send, take_part

PRIVATE = [
    {"name": "health", "question": "How are you?", "options": ["Well", "Ill"], "points": [0, 4], "dimension": "nerve",
     "sensitive": True, "required": False},
    QUESTIONS[0] | {"dimension": "paper"},
]  # fmt: skip
PRIVATE_FRONT = {
    "sensitive": {"consent": "Yes, use what I say about my health."},
    "dimensions": [*FRONT["dimensions"], {"name": "paper", "label": "Paper"}],
    "outcomes": [FRONT["outcomes"][0], {**FRONT["outcomes"][1], "text": "Go on."}],
}


def test_a_sensitive_answer_needs_a_tick_of_its_own_and_is_stored_nowhere(survey):
    world = survey(PRIVATE, mails={"10-hi.md": ("Hi", "Hello.", "")}, **PRIVATE_FRONT)
    values = {"email": "lead@example.com", "consent": "yes", "health": "Ill", "role": "Draw"}
    refused = send(world, values)
    assert refused["statusCode"] == 422
    assert [each["href"] for each in page_of(refused).select(".error-summary a")] == ["#sensitive_consent"]
    answer = send(world, {**values, "sensitive_consent": "yes"})
    assert page_of(answer).h1.get_text(strip=True) == "You are firm"
    assert "Nerve" in page_of(answer).get_text()
    take_part(world, {**values, "sensitive_consent": "yes"})
    assert set(told(world)) == {"edition", "answers", "scores"}
    assert told(world)["answers"] == {"role": "Draw"}
    assert set(told(world)["scores"]) == {"paper"}
    stored = json.dumps([each.data for each in world.events()])
    assert "Ill" not in stored
    assert "firm" not in stored
    assert not any("Ill" in each["text"] or "are firm" in each["text"] for each in world.sent)
    lead = world.lead()
    assert "Ill" not in str(rows_of_lead(lead, {"tides": world.funnel}))
    facts = facts_of(lead, world.funnel)
    assert facts.value("questions.health") == ""
    assert not holds(["given", "questions.outcome"], facts, world.time)
    shown = page_of(world.act(world.link("do/tides/questions/result"), "GET"))
    assert "Nerve" not in shown.get_text()


def test_without_a_sensitive_answer_no_tick_is_needed(survey):
    world = survey(PRIVATE, **PRIVATE_FRONT)
    assert send(world, {"email": "lead@example.com", "role": "Draw"})["statusCode"] == 200


def test_the_tick_goes_along_to_the_form_of_the_result(survey):
    world = survey(PRIVATE, contact="after the result", **PRIVATE_FRONT)
    page = page_of(
        send(world, {"health": "Ill", "role": "Draw", "sensitive_consent": "yes", "_only_result": "yes"})
    )
    values = {str(each["name"]): str(each["value"]) for each in page.select(".keep input[type=hidden]")}
    assert send(world, {**values, "email": "lead@example.com"})["statusCode"] == 200
