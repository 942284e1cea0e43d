"""A real questionnaire of 120 items in two scripts: five dimensions as an independent scorer finds them."""

import gzip
import time
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from leads.questionnaire.kept import result_of
from leads.questionnaire.walk import walk
from tests.questionnaire import big_five
from tests.questionnaire.authored import Authored, write
from tests.questionnaire.surveyed import page_of, send, survey_world

pytestmark = pytest.mark.skipif(
    not big_five.is_here(), reason="the real questionnaire is not on this machine"
)

LANGUAGES = ("en", "he")
SETS = 500

#: Checks a radio button for each answer and fills in the address, as a visitor would one after the other.
FILL = """answers => {
  for (const [name, value] of Object.entries(answers)) {
    const input = document.querySelector(`[name="${name}"][value="${value}"]`);
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.querySelector("[name=email]").value = "ida@example.com";
}"""
WALK = """batch => {
  const tree = JSON.parse(document.getElementById("questionnaire.tree").textContent);
  return batch.map(posted => window.questionnaire.walk(tree, posted).answers);
}"""


@pytest.fixture(scope="module", params=LANGUAGES)
def survey(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Authored]:
    language: str = request.param
    front = big_five.as_front(language)
    root = tmp_path_factory.mktemp(language)
    site = big_five.SITE.format(language=language)
    return language, write(root, front.pop("questions"), site=site, contact="skippable", **front)


def answer_sets(count: int) -> list[dict[str, str]]:
    """Random answers to every item; the first two are the lowest and the highest all along."""
    random, names = Random(120), [f"q{number}" for number in range(1, 121)]
    drawn = [{name: random.choice("12345") for name in names} for _ in range(count - 2)]
    return [dict.fromkeys(names, "1"), dict.fromkeys(names, "5"), *drawn]


def test_it_loads_without_a_problem_and_soon(survey):
    _, authored = survey
    began = time.perf_counter()
    assert authored.problems() == []
    assert time.perf_counter() - began < 15
    assert len(authored.tree.questions) == 120


def test_the_five_dimensions_are_those_of_an_independent_scorer(survey):
    language, authored = survey
    tree = authored.tree
    for answers in answer_sets(SETS):
        kept = result_of(tree, walk(tree, {name: [value] for name, value in answers.items()}))
        expected = big_five.scored(language, answers)
        assert {name: kept.scores[name].points for name in expected} == expected
        for name, points in expected.items():
            score = kept.scores[name]
            assert (score.least, score.most) == (24, 120)
            assert score.percent == Fraction(100 * (points - 24), 96)
            assert kept.tiers[name] == ("more" if score.percent >= 50 else "less")


def test_the_form_stores_and_shows_what_the_scorer_says(survey):
    language, authored = survey
    for answers in answer_sets(6):
        world = survey_world(authored)
        page = page_of(send(world, {**answers, "email": "lead@example.com"}))
        stored = world.events("submitted")[0].data["told"]["questions"]["scores"]
        expected = big_five.scored(language, answers)
        assert {name: stored[name][0] for name in expected} == expected
        says = [
            int(row.td.find_next_sibling("td").text.removesuffix(" %"))
            for row in page.select(".result-bars tr")
        ]
        assert says == [(200 * (points - 24) + 96) // 192 for points in expected.values()]


@pytest.mark.browser
def test_the_page_walks_all_sets_alike_and_sends_one(survey, stage, show):
    language, authored = survey
    staged = stage(authored)
    page = show(staged)
    page.goto(staged.url("questions/"))
    sets = answer_sets(SETS)
    batch = [{name: [value] for name, value in each.items()} for each in sets]
    assert page.evaluate(WALK, batch) == sets
    page.evaluate(FILL, sets[7])
    page.evaluate("document.querySelector('form.questionnaire').requestSubmit()")
    page.locator("article.result").wait_for()
    assert stored_points(staged) == big_five.scored(language, sets[7])


@pytest.mark.browser
def test_without_script_the_long_form_sends_the_same(survey, stage, show):
    language, authored = survey
    staged = stage(authored)
    page = show(staged, script=False)
    page.goto(staged.url("questions/"))
    answers = answer_sets(9)[8]
    page.evaluate(FILL, answers)
    page.locator(".send button").first.click()
    page.locator("article.result").wait_for()
    assert stored_points(staged) == big_five.scored(language, answers)


def stored_points(staged: Any) -> dict[str, int]:
    scores = staged.world.events("submitted")[0].data["told"]["questions"]["scores"]
    return {name: scores[name][0] for name in big_five.DOMAINS.values()}


@pytest.mark.browser
def test_pages_run_in_the_direction_of_their_language(survey, stage, show):
    language, authored = survey
    staged = stage(authored)
    page = show(staged)
    page.goto(staged.url("questions/"))
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "he" else "ltr")
    page.locator("#q1 input").nth(2).click()
    page.locator("#q2:not([hidden])").wait_for()
    next_, back = (page.locator(f".steps .{name}").bounding_box() for name in ("next", "back"))
    assert (next_["x"] < back["x"]) == (language == "he")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_even_a_page_of_120_questions_is_small(survey, stage):
    staged = stage(survey[1])
    html = (staged.site / "tides" / "questions" / "index.html").read_bytes()
    styles = [*(staged.site / "assets").glob("site.*.css"), *(staged.site / "assets").glob("questions.*.css")]
    size = sum(len(gzip.compress(each)) for each in (html, *(style.read_bytes() for style in styles)))
    assert size <= 22_000, size
