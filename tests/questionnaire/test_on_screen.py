"""A survey as a visitor meets it in a browser: one question at a time with script, one long form without."""

import gzip
import re
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.questionnaire.authored import Authored, write

pytestmark = pytest.mark.browser

SLUG = "how-you-price"
#: A whole way through the example, without its number and its several choices.
SCALES = ("holds", "first")


@pytest.fixture(scope="module")
def example() -> Authored:
    return Authored(ROOT, SLUG)


def now(page: Any) -> str:
    """The question that is shown."""
    return page.locator(".step:not([hidden])").get_attribute("id") or "contact"


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def choose(page: Any, label: str) -> None:
    page.locator(".step:not([hidden])").get_by_label(label, exact=True).click()


def wait_for(page: Any, name: str) -> None:
    page.locator(f"#{name}:not([hidden])").wait_for()


def answer_all(page: Any) -> None:
    """From the question after the first to the address."""
    choose(page, "A client named it")
    wait_for(page, "accepted")
    page.locator("#accepted input").fill("4")
    press(page, "Next")
    wait_for(page, "in_writing")
    choose(page, "What the price contains")
    choose(page, "Until when it holds")
    press(page, "Next")
    for name in SCALES:
        wait_for(page, name)
        choose(page, "4")
    wait_for(page, "raised")
    choose(page, "Longer ago, or never")
    wait_for(page, "regret")
    press(page, "Next")
    page.locator(".step.contact:not([hidden])").wait_for()


def test_the_whole_way_with_script_from_the_landing_page_to_the_stored_result(example, stage, show):
    staged = stage(example)
    page = show(staged)
    page.goto(staged.url() + "?utm_source=letter")
    page.get_by_role("link", name="By the hour").first.click()
    wait_for(page, "rate")
    assert page.evaluate("document.activeElement.tagName") == "LEGEND"
    assert page.locator("#charge input:checked").get_attribute("value") == "By the hour"
    assert "#" not in page.url
    before = page.locator("progress").evaluate("each => each.value")
    answer_all(page)
    assert page.locator("progress").evaluate("each => each.value") > before
    assert page.locator(".send").is_visible()
    page.locator("input[name=email]").fill("ida@example.com")
    press(page, "Show and send my result")
    page.locator("article.result").wait_for()
    assert page.locator("h1").inner_text() == "You count, and then you waver"
    assert page.locator(".result-bars tr").count() == 4
    (submitted,) = staged.world.events("submitted")
    assert submitted.data["told"]["questions"]["answers"] == {
        "charge": "By the hour",
        "rate": "A client named it",
        "accepted": "4",
        "in_writing": ["What the price contains", "validity"],
        "holds": "4",
        "first": "4",
        "raised": "Longer ago, or never",
    }
    assert submitted.data["touch"]["utm_source"] == "letter"
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_the_result_alone_needs_no_address(example, stage, show):
    staged = stage(example)
    page = show(staged)
    page.goto(staged.url("questions/#charge=By%20the%20hour"))
    wait_for(page, "rate")
    answer_all(page)
    press(page, "Show my result without that")
    page.locator("article.result .keep").wait_for()
    assert not any(pk.startswith("LEAD#") for pk, _ in staged.world.items)
    page.locator(".keep input[name=email]").fill("ida@example.com")
    page.locator(".keep button").click()
    page.wait_for_url("**/thanks/")
    assert staged.world.events("submitted")[0].data["told"]["questions"]["outcome"] == "wavering"


def test_going_back_asks_anew_what_the_other_answer_opens(example, stage, show):
    staged = stage(example)
    page = show(staged)
    page.goto(staged.url("questions/"))
    assert now(page) == "charge"
    choose(page, "By the hour")
    wait_for(page, "rate")
    choose(page, "A client named it")
    wait_for(page, "accepted")
    press(page, "Back")
    assert now(page) == "rate"
    page.go_back()
    wait_for(page, "accepted")
    page.go_back()
    wait_for(page, "rate")
    page.go_back()
    wait_for(page, "charge")
    choose(page, "By the job")
    wait_for(page, "job")
    values = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form.questionnaire')))")
    assert values["rate"] == "A client named it"  # kept for who comes back, and not sent
    found = page.evaluate(WALK_OF_THE_PAGE)
    assert "rate" not in found["visible"]


WALK_OF_THE_PAGE = """() => {
  const tree = JSON.parse(document.getElementById("questionnaire.tree").textContent);
  const posted = {};
  const form = document.querySelector("form.questionnaire");
  for (const [name, value] of new FormData(form)) (posted[name] ||= []).push(value);
  return window.questionnaire.walk(tree, posted);
}"""


def test_keys_choose_and_enter_goes_on(example, stage, show):
    staged = stage(example)
    page = show(staged)
    page.goto(staged.url("questions/"))
    page.locator("#charge input").first.focus()
    page.keyboard.press("3")
    assert page.locator("#charge input:checked").get_attribute("value") == "By the job"
    page.keyboard.press("Enter")
    wait_for(page, "job")
    page.keyboard.press("Enter")
    assert now(page) == "job"
    assert (
        page.locator("#job .field-error").inner_text()
        == "Choose an answer to “How do you reach the price of a job?”."
    )
    assert page.locator("#job").get_attribute("aria-invalid") == "true"
    page.keyboard.press("1")
    assert page.locator("#job .field-error").count() == 0
    page.keyboard.press("Enter")
    wait_for(page, "accepted")
    page.locator("#accepted input").fill("11")
    page.keyboard.press("Enter")
    assert page.locator("#accepted .field-error").inner_text() == "Enter 10 or less."
    page.locator("#accepted input").fill("-1")
    page.keyboard.press("Enter")
    assert page.locator("#accepted .field-error").inner_text() == "Enter 0 or more."


def test_a_closed_tab_is_gone_on_with_if_the_visitor_wants_it(example, stage, show):
    staged = stage(example)
    page = show(staged)
    page.goto(staged.url("questions/"))
    choose(page, "By the day")
    wait_for(page, "rate")
    choose(page, "I looked at what others charge")
    wait_for(page, "accepted")
    page.goto(staged.url("questions/"))
    assert now(page) == "charge"
    assert page.locator("#charge input:checked").count() == 0
    press(page, "Go on where I stopped")
    wait_for(page, "accepted")
    assert page.locator("#rate input:checked").get_attribute("value") == "I looked at what others charge"
    page.reload()
    press(page, "Begin anew")
    assert now(page) == "charge"
    page.reload()
    assert page.locator(".offer").count() == 0


def test_without_script_it_is_one_long_form_that_is_answered_alike(example, stage, show):
    staged = stage(example)
    page = show(staged, script=False)
    page.goto(staged.url())
    page.get_by_role("link", name="By the job").first.click()
    page.wait_for_url("**/questions/**")
    assert page.locator(".step").count() == page.locator(".step:visible").count() == 10
    assert page.locator("#job .only-if").inner_text() == (
        "Only if you chose “By the job” for “How do you charge for most of your work?”."
    )
    page.get_by_label("By the job", exact=True).click()
    page.locator("#accepted input").fill("many")
    page.locator("input[name=email]").fill("ida@example.com")
    press(page, "Show and send my result")
    page.locator(".error-summary").wait_for()
    assert page.locator("#charge input:checked").get_attribute("value") == "By the job"
    assert page.locator("#accepted input").input_value() == "many"
    assert page.locator("#rate .field-error").count() == 0
    assert [each.split("”")[0] for each in page.locator(".error-summary li").all_inner_texts()] == [
        "Choose an answer to “How do you reach the price of a job?",
        "Enter a whole number.",
        "Choose at least one answer to “Which of these stand in your quotes?",
        "Choose an answer to “When somebody says “that is more than I thought",
        "Choose an answer to “I say my number first, and without an apology.",
        "Choose an answer to “When did you last raise your prices?",
    ]
    page.get_by_label("Hours that I expect, times my rate", exact=True).click()
    page.locator("#accepted input").fill("5")
    page.get_by_label("None of these", exact=True).click()
    for name in SCALES:
        page.locator(f"#{name} input").nth(2).click()
    page.get_by_label("Within the last year", exact=True).click()
    press(page, "Show and send my result")
    page.locator("article.result").wait_for()
    told = staged.world.events("submitted")[0].data["told"]["questions"]
    assert told["answers"]["job"] == "Hours that I expect, times my rate"
    assert "rate" not in told["answers"]


def test_after_a_wrong_form_the_script_shows_the_step_that_is_wrong(example, stage, show):
    staged = stage(example)
    page = show(staged)
    page.goto(staged.url("questions/#charge=By%20the%20hour"))
    wait_for(page, "rate")
    answer_all(page)
    page.locator("input[name=email]").fill("ida@nowhere")
    press(page, "Show and send my result")
    page.locator(".error-summary").wait_for()
    assert now(page) == "contact"
    assert page.locator("#email-error, .contact .field-error").first.is_visible()
    assert page.locator("#charge input:checked").get_attribute("value") == "By the hour"
    page.locator("input[name=email]").fill("ida@example.com")
    press(page, "Show and send my result")
    page.locator("article.result").wait_for()


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
    assert page.locator("#constructor .field-error").inner_text() == "Write an answer to “constructor?”."
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
        {"name": "health", "question": "How are you?", "options": ["Well", "Ill"], "sensitive": True},
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
