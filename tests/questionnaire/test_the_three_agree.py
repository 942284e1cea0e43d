"""The page with script, the page without it, and the function: the same questions, answers, messages and results."""

import json
import re
from random import Random
from typing import Any

import pytest

from leads.questionnaire.kept import result_of
from leads.questionnaire.tree import Questionnaire
from leads.questionnaire.walk import walk
from tests.questionnaire.authored import Authored, write
from tests.questionnaire.random_surveys import Posted, any_posted, valid_posted, written
from tests.questionnaire.surveyed import page_of, send, survey_world
from tests.render.factory import make_png

SEED, BATCH = 20_261_128, 100

#: Walks of the page, as plain JSON: names of what is visible, answers, messages.
WALKS = """batch => {
  const tree = JSON.parse(document.getElementById("questionnaire.tree").textContent);
  return batch.map(posted => {
    const found = window.questionnaire.walk(tree, posted);
    return [found.visible, Object.entries(found.answers), Object.entries(found.errors)];
  });
}"""


@pytest.fixture(scope="module")
def long_survey(tmp_path_factory: pytest.TempPathFactory) -> Authored:
    """Forty questions. What can never be asked is a problem, so the seed is one without such a question."""
    dimensions = [{"name": each, "label": each} for each in ("nerve", "paper")]
    for seed in range(SEED, SEED + 50):
        root = tmp_path_factory.mktemp("long")
        authored = write(root, written(Random(seed), 40), dimensions=dimensions)
        (authored.folder / "dot.png").write_bytes(make_png(4, 3))
        if not authored.problems():
            return authored
    raise AssertionError(authored.problems())


def of_python(tree: Questionnaire, posted: Posted) -> list[Any]:
    found = walk(tree, posted)
    answers = [[name, each if isinstance(each, str) else list(each)] for name, each in found.answers.items()]
    return [[each.name for each in found.visible], answers, [[*each] for each in found.errors.items()]]


def test_the_long_survey_has_every_type_and_many_conditions(long_survey):
    questions = long_survey.tree.questions
    assert len(questions) == 40
    assert {each.type for each in questions} == {
        "single", "multiple", "scale", "number", "ranking", "text", "picture",
    }  # fmt: skip
    assert sum(1 for each in questions if each.show_if) > 15


@pytest.mark.browser
def test_page_and_function_walk_five_hundred_forms_alike(long_survey, stage, show):
    staged = stage(long_survey)
    page = show(staged)
    page.goto(staged.url("questions/"))
    random, tree, posted = Random(SEED), long_survey.tree, {}
    seen: set[str] = set()
    for _ in range(500 // BATCH):
        batch = []
        for _ in range(BATCH):
            posted = any_posted(random, tree, posted)
            batch.append(posted)
        for given, in_page in zip(batch, page.evaluate(WALKS, batch), strict=True):
            here = of_python(tree, given)
            assert in_page == here, given
            seen |= {re.sub(r"“.*”|[0-9.]+", "…", message) for _, message in here[2]}
    assert len(seen) > 10, seen


def test_capture_says_and_stores_what_the_walk_says(long_survey):
    random, tree = Random(SEED), long_survey.tree
    for index in range(30):
        world = survey_world(long_survey)
        posted = valid_posted(random, tree) if index % 2 else any_posted(random, tree, {})
        found = walk(tree, posted)
        answer = send(world, {**posted, "email": "lead@example.com"}, accept="application/json")
        if found.errors:
            told = json.loads(answer["body"])["errors"]
            assert told == [{"field": name, "message": message} for name, message in found.errors.items()]
            assert not any(pk.startswith("LEAD#") for pk, _ in world.items)
        else:
            stored = world.events("submitted")[0].data["told"]["questions"]
            assert stored == json.loads(json.dumps(result_of(tree, found).to_json()))


@pytest.mark.browser
def test_the_page_without_script_sends_what_the_walk_of_the_page_reads(long_survey, stage, show):
    staged = stage(long_survey)
    page = show(staged, script=False)
    page.goto(staged.url("questions/"))
    random, tree = Random(SEED + 1), long_survey.tree
    posted = valid_posted(random, tree)
    for question in tree.questions:
        for place, value in enumerate(posted.get(question.name, ())):
            step = page.locator(f"#{question.name}")
            if question.type == "ranking":
                step.locator("select").nth(place).select_option(value)
            elif question.options:
                at = [each.value for each in question.options].index(value)
                step.locator("input").nth(at).check()
            else:
                step.locator("input, textarea").fill(value)
    page.locator("input[name=email]").fill("ida@example.com")
    page.locator(".send button").first.click()
    page.locator("article.result").wait_for()
    stored = staged.world.events("submitted")[0].data["told"]["questions"]
    assert stored == json.loads(json.dumps(result_of(tree, walk(tree, posted)).to_json()))


def test_a_form_with_errors_keeps_every_value_that_was_posted(long_survey):
    random, tree = Random(SEED + 2), long_survey.tree
    posted = valid_posted(random, tree)
    page = page_of(send(survey_world(long_survey), {**posted, "email": "nobody"}))
    for question in tree.questions:
        step, values = page.select_one(f"#{question.name}"), posted.get(question.name, [])
        if question.type == "ranking":
            assert [each["value"] for each in step.select("option[selected]")] == values
        elif question.options:
            assert sorted(each["value"] for each in step.select("input[checked]")) == sorted(values)
        elif question.type == "number":
            assert step.input["value"] == (values or [""])[0]
        else:
            assert step.textarea.text == (values or [""])[0]
