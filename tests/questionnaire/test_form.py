"""A survey's form: stored in one write and scored, shown again as it was typed, skipped, asked anew."""

import json

import pytest

from tests.questionnaire.example_survey import GOOD, SOFT, told
from tests.questionnaire.surveyed import page_of, send


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


def test_a_machine_that_fills_the_trap_gets_thanks_and_nothing_is_stored(survey):
    world = survey()
    answer = send(world, {"email": "lead@example.com", "_website": "x", **GOOD})
    assert answer["statusCode"] == 303
    assert not any(pk.startswith("LEAD#") for pk, _ in world.items)
