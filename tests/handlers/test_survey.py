"""A survey's form: stored in one write and scored, shown again as it was typed; what comes of it in mails and links."""

import json
from typing import Any

import pytest

from leads import events
from leads.conditions import holds
from leads.facts import facts_of, rows_of_lead
from leads.folding import fold
from leads.rules import DEFAULT
from tests.questionnaire.authored import Authored, add_mail, write
from tests.questionnaire.surveyed import page_of, publish, send, survey_world, take_part
from tests.world import World

QUESTIONS: list[dict[str, Any]] = [
    {
        "name": "role",
        "question": "What do you do?",
        "options": ["Write", "Draw"],
        "points": [0, 4],
        "dimension": "nerve",
    },
    {"name": "uses", "question": "Which?", "type": "multiple", "options": ["Pen", "Ink"], "required": False},
    {"name": "team", "question": "How many?", "min": 0, "max": 9, "whole": True, "show_if": 'role = "Draw"'},
    {"name": "order", "question": "What first?", "type": "ranking", "options": ["A", "B"], "required": False},
    {"name": "note", "question": "And?", "type": "text", "required": False},
]
FRONT: dict[str, Any] = {
    "dimensions": [{"name": "nerve", "label": "Nerve", "tiers": [
        {"at_least": 0, "label": "low", "text": "Rest."}, {"at_least": 50, "label": "high", "text": "Go on."}]}],
    "outcomes": [
        {"name": "soft", "title": "You are soft", "at_least": 0, "text": "Be *firm*."},
        {"name": "firm", "title": "You are firm", "at_least": 50, "points": 7, "text": "You draw: {{ role }}."},
    ],
    "outcome_by": "nerve",
}  # fmt: skip
GOOD = {"role": "Draw", "uses": ["Ink", "Pen"], "team": "3", "order": ["B", "A"], "note": "Hello"}
SOFT = {"role": "Write"}


@pytest.fixture
def survey(tmp_path):
    """Writes the survey, changed or not; its world."""

    def make(
        questions: object = QUESTIONS, mails: dict[str, tuple[str, str, str]] | None = None, **front: Any
    ):
        authored = write(tmp_path, questions, **{**FRONT, **front})
        for name, (subject, text, more) in (mails or {}).items():
            add_mail(authored, name, subject, text, more)
        return survey_world(authored)

    return make


def told(world: World) -> dict:
    return world.events("submitted")[-1].data["told"]["questions"]


def test_a_form_is_one_write_with_answers_and_result(survey):
    world = survey()
    world.calls.clear()
    answer = send(world, {"email": "lead@example.com", "consent": "yes", **GOOD})
    assert [each for each in world.calls if each != "get_item"] == ["put_item"]
    assert answer["statusCode"] == 200
    assert told(world) == {
        "edition": world.funnel.features["questions"]["edition"],
        "answers": {
            "role": "Draw",
            "uses": ["Pen", "Ink"],
            "team": "3",
            "order": ["B", "A"],
            "note": "Hello",
        },
        "scores": {"nerve": [4, 0, 4], "score": [4, 0, 4]},
        "tiers": {"nerve": "high"},
        "outcome": "firm",
        "points": 7,
    }
    page = page_of(answer)
    assert page.h1.get_text(strip=True) == "You are firm"
    assert "You draw: Draw." in page.get_text()
    assert "4 points" not in page.get_text()
    assert page.select_one(".result-bars td:last-child").text == "100 %"
    assert answer["headers"]["cache-control"] == "no-store"


def test_what_was_posted_for_a_hidden_question_is_not_stored(survey):
    world = survey()
    send(world, {"email": "lead@example.com", "role": "Write", "team": "3"})
    assert told(world)["answers"] == {"role": "Write"}


def test_a_form_with_wrong_answers_comes_back_as_it_was_typed(survey):
    world = survey()
    answer = send(
        world, {"email": "lead@example.com", **GOOD, "team": "3.5", "note": "<b>", "consent": "yes"}
    )
    page = page_of(answer)
    assert answer["statusCode"] == 422
    assert [each.get_text() for each in page.select(".error-summary a")] == ["Enter a whole number."]
    assert page.select_one(".error-summary a")["href"] == "#team"
    assert page.select_one("#team")["aria-invalid"] == "true"
    assert page.select_one("#team .field-error").text == "Enter a whole number."
    assert page.select_one('input[name="team"]')["value"] == "3.5"
    assert [each["value"] for each in page.select('input[name="role"][checked]')] == ["Draw"]
    assert [each["value"] for each in page.select('input[name="uses"][checked]')] == ["Pen", "Ink"]
    assert [each["value"] for each in page.select('select[name="order"] option[selected]')] == ["B", "A"]
    assert page.select_one('textarea[name="note"]').text == "<b>"
    assert page.select_one('input[name="email"]')["value"] == "lead@example.com"
    assert page.select_one('input[name="consent"]').has_attr("checked")
    assert not any(pk.startswith("LEAD#") for pk, _ in world.items)


def test_answers_stay_when_only_the_address_is_wrong(survey):
    page = page_of(send(survey(), {"email": "lead", **GOOD}))
    assert page.select_one('textarea[name="note"]').text == "Hello"
    assert [each["value"] for each in page.select('input[name="role"][checked]')] == ["Draw"]


def test_a_program_gets_the_errors_as_json(survey):
    answer = send(survey(), {"email": "lead@example.com", "role": "Sing"}, accept="application/json")
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"] == [
        {"field": "role", "message": "Choose one of the answers offered."}
    ]
    answer = send(survey(), {"email": "lead@example.com", **SOFT}, accept="application/json")
    assert json.loads(answer["body"]) == {"ok": True, "next": "/tides/thanks/"}


def test_an_old_page_is_asked_again_and_never_scored_by_the_new_edition(survey):
    world = survey()
    answer = send(world, {"email": "lead@example.com", **GOOD, "_edition": "000000000000"})
    assert answer["statusCode"] == 422
    page = page_of(answer)
    assert "The questions have changed since you opened this page." in page.select_one(".error-summary").text
    assert page.select_one('input[name="_edition"]')["value"] == world.funnel.features["questions"]["edition"]
    assert page.select_one('input[name="team"]')["value"] == "3"
    assert not any(pk.startswith("LEAD#") for pk, _ in world.items)


@pytest.mark.parametrize("contact", ["skippable", "after the result"])
def test_who_wants_only_the_result_gets_it_and_nothing_is_stored(survey, contact):
    world = survey(contact=contact)
    before = dict(world.items)
    answer = send(world, {**GOOD, "_only_result": "yes", "_landing": "https://x.example/?utm_source=a"})
    assert answer["statusCode"] == 200
    assert world.items == before
    page = page_of(answer)
    assert page.h1.get_text(strip=True) == "You are firm"
    kept = [(each["name"], each["value"]) for each in page.select(".keep input[type=hidden]")]
    for name, value in GOOD.items():
        values = (
            [value] if isinstance(value, str) else sorted(value, reverse=name == "uses" or name == "order")
        )
        assert [given for key, given in kept if key == name] == values
    assert ("_landing", "https://x.example/?utm_source=a") in kept


def test_who_skips_with_a_wrong_answer_is_not_asked_for_an_address(survey):
    for contact in ("skippable", "after the result"):
        page = page_of(send(survey(contact=contact), {"role": "Sing", "_only_result": "yes"}))
        assert [each.text for each in page.select(".error-summary a")] == [
            "Choose one of the answers offered."
        ]


def test_an_address_may_not_be_skipped_where_it_is_needed(survey):
    page = page_of(send(survey(), {**GOOD, "_only_result": "yes"}))
    assert [each["href"] for each in page.select(".error-summary a")] == ["#email"]


@pytest.mark.parametrize("contact", ["skippable", "after the result"])
def test_the_result_s_own_form_takes_the_address_and_says_what_is_wrong_with_it(survey, contact):
    world = survey(contact=contact)
    page = page_of(send(world, {**GOOD, "_only_result": "yes"}))
    values: dict[str, list[str]] = {}
    for each in page.select(".keep input[type=hidden]"):
        values.setdefault(each["name"], []).append(each["value"])
    wrong = send(world, {**values, "email": "lead"})
    assert wrong["statusCode"] == 422
    page = page_of(wrong)
    link = page.select_one(".error-summary a")
    assert page.select_one(link["href"])["value"] == "lead"
    if contact == "after the result":
        assert page.h1.get_text(strip=True) == "You are firm"
    assert send(world, {**values, "email": "lead@example.com"})["statusCode"] == 200
    assert told(world)["outcome"] == "firm"


def test_a_result_by_mail_alone_leads_to_the_thank_you_page(survey):
    answer = send(survey(result="by mail"), {"email": "lead@example.com", **GOOD})
    assert (answer["statusCode"], answer["headers"]["location"]) == (303, "/tides/thanks/")


def test_the_link_of_the_delivery_mail_shows_the_result_and_changes_nothing(survey):
    world = survey()
    take_part(world, GOOD)
    before = dict(world.items)
    for method in ("GET", "HEAD"):
        answer = world.act(world.link("do/tides/questions/result"), method)
        assert answer["statusCode"] == 200
    assert page_of(answer).h1.get_text(strip=True) == "You are firm"
    assert page_of(answer).select_one('meta[name="robots"]')["content"] == "noindex"
    assert answer["headers"]["cache-control"] == "no-store"
    assert world.items == before
    share = page_of(answer).select_one(".share a")["href"]
    assert share == "/tides/firm/"


def test_each_form_s_mail_shows_that_form_s_result_and_another_s_form_changes_nothing(survey):
    world = survey()
    take_part(world, GOOD)
    link = world.link("do/tides/questions/result")
    world.advance(hours=1)
    send(world, {"email": "lead@example.com", **SOFT})
    world.settle()
    second = world.link("do/tides/questions/result")
    assert second != link
    assert page_of(world.act(link, "GET")).h1.get_text(strip=True) == "You are firm"
    assert page_of(world.act(second, "GET")).h1.get_text(strip=True) == "You are soft"
    lead = world.lead()
    assert lead.enrolments["tides"].told["questions"]["outcome"] == "firm"
    assert facts_of(lead, world.funnel).value("questions.outcome") == "firm"


def test_the_link_of_an_erased_lead_and_one_without_a_result_say_so(survey):
    world = survey()
    take_part(world, GOOD)
    link = world.link("do/tides/questions/result")
    world.note(events.erased(world.time, "lead"))
    assert "You are firm" not in world.act(link, "GET")["body"]
    plain = survey()
    plain.wiring.ledger.append(
        "lead", events.submitted("tides", plain.time, {"email": "lead@example.com", "opt_in": "single"})
    )
    plain.settle()
    answer = plain.act(plain.link("do/tides/questions/result", "delivery"), "GET")
    assert page_of(answer).h1.get_text(strip=True) == "There is no result yet"


MAILS = {
    "10-soft.md": ("For {{ outcome }}", "You wrote {{ note | default('nothing') }}.",
                   'when: questions.outcome = "soft"\n'),
    "20-firm.md": ("For {{ outcome }}", "{{ role }} at {{ nerve }}: {{ note | default('nothing') }}.",
                   'when: questions.nerve >= 50 and questions.order.first = "B" and questions.uses contains "Ink"\n'),
}  # fmt: skip


def test_results_decide_who_gets_a_mail_and_mails_print_them(survey):
    world = survey(mails=MAILS)
    take_part(world, GOOD)
    world.advance(days=5)
    assert world.mails() == ["opt-in", "delivery", "firm"]
    assert world.sent[-1]["subject"] == "For You are firm"
    assert "Draw at 100: Hello." in world.sent[-1]["text"]
    other = survey(mails=MAILS)
    take_part(other, SOFT)
    other.advance(days=5)
    assert other.mails() == ["opt-in", "delivery", "soft"]
    assert "You wrote nothing." in other.sent[-1]["text"]


def test_until_an_address_is_proven_no_mail_prints_what_could_be_a_stranger_s_link(survey):
    mails = {"10-hi.md": ("Hi", "You wrote {{ note | default('nothing') }}, {{ role }}.", "")}
    single = survey(mails=mails, opt_in="single")
    take_part(single, {**GOOD, "note": "see evil.example.com"})
    single.advance(days=3)
    assert "You wrote nothing, Draw." in " ".join(single.sent[-1]["text"].split())
    proven = survey(mails=mails)
    take_part(proven, {**GOOD, "note": "see evil.example.com"})
    proven.advance(days=3)
    assert "evil.example.com" in proven.sent[-1]["text"]


def test_the_outcome_s_points_are_in_the_score_once(survey):
    plain, firm = survey(), survey()
    take_part(plain, SOFT)
    take_part(firm, GOOD)
    assert firm.lead().score - plain.lead().score == 7
    firm.advance(minutes=30)
    send(firm, {"email": "lead@example.com", "consent": "yes", **GOOD})
    send(firm, {"email": "lead@example.com", "consent": "yes", **GOOD})
    firm.settle()
    again = events.submitted(
        "tides", firm.time, {"email": "lead@example.com", "told": {"questions": told(firm)}}
    )
    counted = firm.lead().score
    assert fold(firm.lead_id(), [*firm.events(), *reversed(firm.events())], DEFAULT).score == counted
    firm.note(again)
    submitted = len(firm.events("submitted"))
    per_form = (firm.lead().score - 7) - (plain.lead().score)
    assert per_form == (submitted - 1) * _points_of_a_form(plain)


def _points_of_a_form(world: World) -> int:
    """What one more form is worth, without any outcome."""
    once = world.lead().score
    events_now = world.events()
    more = events.submitted("tides", world.time, {"email": "lead@example.com"})
    return fold(world.lead_id(), [*events_now, more], DEFAULT).score - once


def test_any_order_of_events_gives_the_same_result(survey):
    world = survey()
    take_part(world, GOOD)
    world.advance(hours=2)
    send(world, {"email": "lead@example.com", **SOFT})
    world.settle()
    history = world.events()
    expected = fold(world.lead_id(), history, DEFAULT)
    for rotated in range(len(history)):
        shuffled = [*history[rotated:], *history[:rotated]]
        assert fold(world.lead_id(), [*shuffled, *reversed(shuffled)], DEFAULT) == expected


def test_people_read_the_result_and_the_answers_in_their_own_words(survey):
    world = survey()
    take_part(world, GOOD)
    assert rows_of_lead(world.lead(), {"tides": world.funnel}) == [
        ("Outcome", "You are firm"),
        ("Nerve", "100, high"),
        ("Score", "100"),
        ("What do you do?", "Draw"),
        ("Which?", "Pen, Ink"),
        ("How many?", "3"),
        ("What first?", "B, A"),
        ("And?", "Hello"),
    ]


def test_a_later_edition_changes_no_result_that_was_told(survey, tmp_path):
    world = survey()
    take_part(world, GOOD)
    link = world.link("do/tides/questions/result")
    questions = [{**QUESTIONS[0], "points": [4, 0], "options": ["Write", "Sketch"]}]
    fewer: Authored = write(tmp_path / "later", questions, **FRONT | {"outcomes": [
        {**FRONT["outcomes"][0]}, {**FRONT["outcomes"][1], "text": "So it is."}]})  # fmt: skip
    publish(world, fewer)
    page = page_of(world.act(link, "GET"))
    assert page.h1.get_text(strip=True) == "You are firm"
    assert page.select_one(".result-bars td:last-child").text == "100 %"
    assert facts_of(world.lead(), world.funnel).value("questions.role") == "Draw"
    assert ("note", "Hello") in rows_of_lead(world.lead(), {"tides": world.funnel})


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


def test_a_machine_that_fills_the_trap_gets_thanks_and_nothing_is_stored(survey):
    world = survey()
    answer = send(world, {"email": "lead@example.com", "_website": "x", **GOOD})
    assert answer["statusCode"] == 303
    assert not any(pk.startswith("LEAD#") for pk, _ in world.items)
