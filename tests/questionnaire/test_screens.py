"""A survey's pages: small, wide enough for a finger, and at ease with any names, scales and ticks."""

import gzip
import re

import pytest

from tests.conftest import ROOT
from tests.questionnaire.authored import Authored, write
from tests.questionnaire.screen import choose, press, wait_for

pytestmark = pytest.mark.browser

SLUG = "how-you-price"


@pytest.fixture(scope="module")
def example() -> Authored:
    return Authored(ROOT, SLUG)


def test_names_that_forms_and_objects_have_themselves_are_good_names_for_questions(tmp_path, stage, show):
    names = [
        "constructor",
        "elements",
        "dataset",
        "prepend",
        "before",
        "valueof",
        "submit",
        "action",
        "method",
    ]
    questions = [{"name": name, "question": f"{name}?", "type": "text"} for name in names]
    questions[1]["show_if"] = "constructor is given"
    staged = stage(write(tmp_path / "root", questions))
    page = show(staged)
    page.goto(staged.url("questions/"))
    press(page, "Next")
    assert page.locator("#constructor .field-error").inner_text() == "Write an answer to: constructor?"
    for name in names:
        wait_for(page, name)
        page.locator(f"#{name} textarea").fill(name)
        press(page, "Next")
    page.locator("input[name=email]").fill("ida@example.com")
    page.locator(".send button").first.click()
    page.locator("article.result").wait_for()
    told = staged.world.events("submitted")[0].data["told"]["questions"]
    assert told["answers"] == {name: name for name in names}


def test_a_number_key_on_a_scale_chooses_that_number(tmp_path, stage, show):
    scale = {"name": "likely", "question": "How likely?", "scale": {"lowest": 0, "highest": 9}}
    staged = stage(write(tmp_path / "root", [scale, {"name": "why", "question": "Why?", "type": "text"}]))
    page = show(staged)
    page.goto(staged.url("questions/"))
    page.locator("#likely input").first.focus()
    for key in "370":
        page.keyboard.press(key)
        assert page.locator("#likely input:checked").get_attribute("value") == key


def test_a_missing_tick_for_a_sensitive_answer_is_shown_at_the_end(tmp_path, stage, show):
    questions = [
        {
            "name": "health",
            "question": "How are you?",
            "options": ["Well", "Ill"],
            "sensitive": True,
            "required": False,
        },
        {"name": "role", "question": "What do you do?", "options": ["Write", "Draw"]},
    ]
    staged = stage(
        write(tmp_path / "root", questions, sensitive={"consent": "Yes, use what I say about my health."})
    )
    page = show(staged)
    page.goto(staged.url("questions/"))
    assert not page.locator("[data-sensitive]").is_visible()
    choose(page, "Ill")
    wait_for(page, "role")
    assert "Ill" not in page.evaluate("JSON.stringify({...localStorage})")
    choose(page, "Draw")
    page.locator(".step.contact:not([hidden])").wait_for()
    assert page.locator("[data-sensitive]").is_visible()
    page.locator("input[name=email]").fill("ida@example.com")
    page.locator(".send button").first.click()
    page.locator(".error-summary").wait_for()
    assert page.locator("[data-sensitive] .field-error").is_visible()
    page.locator("#sensitive_consent").check()
    page.locator(".send button").first.click()
    page.locator("article.result").wait_for()


@pytest.mark.parametrize("path", ["", "questions/"])
def test_the_first_thing_to_press_is_on_the_first_screen_of_a_phone(example, stage, show, path):
    staged = stage(example)
    page = show(staged)
    page.goto(staged.url(path))
    last = page.locator(".first-options a:visible").nth(3) if not path else page.locator("button.next")
    box = last.bounding_box()
    assert box["y"] + box["height"] <= 760


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_no_page_of_a_survey_scrolls_sideways(example, stage, show, width, script):
    staged = stage(example)
    page = show(staged, script=True, width=width)
    if not script:
        page.route(re.compile(r"\.js$"), lambda route: route.abort())
    for path in ("", "questions/", "firm/"):
        page.goto(staged.url(path))
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_each_page_with_its_styles_fits_into_the_first_round_trip(example, stage):
    staged = stage(example)
    for path in ("", "questions/", "firm/"):
        html = (staged.site / SLUG / path / "index.html").read_text("utf-8")
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
        parts = [html.encode(), *((staged.site / each.lstrip("/")).read_bytes() for each in styles)]
        size = sum(len(gzip.compress(each)) for each in parts)
        assert size <= 14_600, f"{path}: {size}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_beginning_at_the_foot_of_the_page_reads_as_the_one_at_its_head(example, stage, show, scheme):
    staged = stage(example)
    page = show(staged, color_scheme=scheme)
    page.goto(staged.url())
    colours = page.evaluate(
        """["page.first", "page.last"].map(id => {
          const heading = document.getElementById(id);
          return [getComputedStyle(heading).color, getComputedStyle(heading.closest(".begin-card")).backgroundColor];
        })"""
    )
    assert colours[0] == colours[1]


def test_each_number_of_a_long_scale_is_wide_enough_for_a_finger(tmp_path, stage, show):
    scale = {"lowest": 0, "highest": 10, "low": "Not at all", "high": "Certain"}
    staged = stage(write(tmp_path / "root", [{"name": "likely", "question": "How likely?", "scale": scale}]))
    page = show(staged, width=320)
    page.goto(staged.url("questions/"))
    boxes = [each.bounding_box() for each in page.locator("#likely label").all()]
    assert len(boxes) == 11
    assert all(each["width"] >= 36 and each["height"] >= 48 for each in boxes)
    assert all(each["x"] + each["width"] <= 320 for each in boxes)


def test_an_earlier_answer_stands_in_the_question_as_soon_as_it_is_given(tmp_path, stage, show):
    questions = [
        {"name": "team", "question": "Your team's name?", "type": "text", "required": False},
        {"name": "role", "question": "You?", "options": [{"label": "I write", "value": "w"}, "I draw"]},
        {
            "name": "last",
            "type": "text",
            "question": 'What does {{ team | default("your team") }} say to {{ role | default("it") }}?',
        },
    ]
    staged = stage(write(tmp_path / "root", questions))
    page = show(staged)
    page.goto(staged.url("questions/"))
    press(page, "Next")
    choose(page, "I write")
    wait_for(page, "last")
    assert page.locator("#last legend").inner_text() == "What does your team say to I write?"
    press(page, "Back")
    press(page, "Back")
    page.locator("#team textarea").fill("<b>Us</b>")
    press(page, "Next")
    press(page, "Next")
    assert page.locator("#last legend").inner_text() == "What does <b>Us</b> say to I write?"
