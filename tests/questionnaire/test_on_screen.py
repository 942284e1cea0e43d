"""A survey as a visitor meets it in a browser: one question at a time with script, one long form without."""

from typing import Any

import pytest

from tests.conftest import ROOT
from tests.questionnaire.authored import Authored
from tests.questionnaire.screen import choose, now, press, wait_for

pytestmark = pytest.mark.browser

SLUG = "how-you-price"
#: A whole way through the example, without its number and its several choices.
SCALES = ("holds", "first")


@pytest.fixture(scope="module")
def example() -> Authored:
    return Authored(ROOT, SLUG)


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
        == "Choose an answer to: How do you reach the price of a job?"
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
        "Choose an answer to: How do you reach the price of a job?",
        "Enter a whole number.",
        "Choose at least one answer to: Which of these stand in your quotes?",
        "Choose an answer to: When somebody says “that is more than I thought",
        "Choose an answer to: I say my number first, and without an apology.",
        "Choose an answer to: When did you last raise your prices?",
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
