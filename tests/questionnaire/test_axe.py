"""axe-core finds nothing on the pages of the example survey: with script, without, with errors, and on results."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.questionnaire.authored import Authored
from tests.questionnaire.screen import press, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ANSWERS = {"charge": 0, "rate": 1, "in_writing": 0, "holds": 1, "first": 2, "raised": 1}
FILL = """answers => {
  for (const [name, at] of Object.entries(answers)) document.querySelectorAll(`#${name} input`)[at].checked = true;
  document.querySelector("#accepted input").value = "4";
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's script, from the package that brings it along."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


def complaints(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [f"{page.url}: {each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wrong_with_the_pages_of_a_survey(stage, show, axe, scheme, width):
    staged = stage(Authored(ROOT, "how-you-price"))
    page = show(staged, width=width, color_scheme=scheme, reduced_motion="reduce")
    told = []
    for path in ("", "questions/", "firm/"):
        page.goto(staged.url(path))
        told += complaints(page, axe)
    page.goto(staged.url("questions/#charge=By%20the%20hour"))
    wait_for(page, "rate")
    press(page, "Next")
    assert page.locator("#rate .field-error").is_visible()
    told += complaints(page, axe)
    page.evaluate(FILL, ANSWERS)
    page.evaluate("document.querySelector('.send button.second').click()")
    page.locator("article.result .keep").wait_for()
    assert told + complaints(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_with_the_long_form_and_its_errors(stage, show, axe, scheme):
    staged = stage(Authored(ROOT, "how-you-price"))
    page = show(staged, color_scheme=scheme)
    page.route("**/questions.*.js", lambda route: route.abort())
    page.goto(staged.url("questions/"))
    told = complaints(page, axe)
    page.locator(".send button").first.click()
    page.locator(".error-summary").wait_for()
    assert told + complaints(page, axe) == []
