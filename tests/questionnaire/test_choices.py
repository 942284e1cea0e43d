"""Choices as visitors see them, and the values at options that an author gets wrong."""

import pytest
from bs4 import BeautifulSoup

from tests.questionnaire.authored import write
from tests.questionnaire.test_compile import WHOLE


@pytest.mark.parametrize("question", [{"options": ["Yes", "No"]}, {"scale": {"highest": 3}}])
def test_a_choice_that_nobody_has_to_make_can_be_taken_back(tmp_path, question):
    questions = [{"name": "free", "question": "And?", "required": False, **question}]
    questions += [{"name": "must", "question": "And?", **question}]
    page = BeautifulSoup(write(tmp_path, questions).static["tides/questions/index.html"], "html.parser")
    assert [each.text for each in page.select("#free .option:has([value=''])")] == ["No answer"]
    assert not page.select("#must [value='']")


def test_the_landing_page_s_scale_says_what_its_ends_mean(tmp_path):
    scale = {"highest": 3, "low": "Never", "high": "Always"}
    authored = write(tmp_path, [{"name": "often", "question": "How often?", "scale": scale}])
    page = BeautifulSoup(authored.static["tides/index.html"], "html.parser")
    shown = [each.text for each in page.select("#form .first-options a")]
    assert shown == ["1 \N{EN DASH} Never", "2", "3 \N{EN DASH} Always"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dimension": "Nerve"}, "there is no dimension `Nerve`"),
        ({"options": [{"label": "A", "points": "three"}, "B"]}, "`points`: expected a whole number, found `three`"),
        ({"options": [{"label": "A", "points": {"Nerve": 3}}, "B"]}, "there is no dimension `Nerve`"),
        ({"options": [{"label": "A", "outcome": "Hard"}, "B"]}, "there is no outcome `Hard`"),
        ({"options": [{"label": "A", "outcome": ["hard"]}, "B"]}, "`outcome`: expected text, found a list"),
    ],
)  # fmt: skip
def test_a_wrong_value_that_may_be_written_in_two_forms_is_one_problem(tmp_path, changes, message):
    question = {"name": "role", "question": "You?", "options": ["A", "B"], "points": [0, 4]} | changes
    if "options" in changes:
        del question["points"]
    team = {
        "name": "team",
        "question": "Team?",
        "options": ["A", "B"],
        "points": [0, 4],
        "dimension": "nerve",
    }
    assert write(tmp_path, [question, team], **WHOLE).messages() == [message]


def test_a_word_where_a_number_belongs_is_told_as_one(tmp_path):
    questions = [{"name": "years", "question": "How many?", "min": "ten"}]
    assert write(tmp_path, questions).messages() == ["`min`: expected a number, found `ten`"]


def test_a_misspelt_list_of_outcomes_is_one_problem(tmp_path):
    questions = [{"name": "role", "question": "You?", "options": ["A", "B"], "outcomes": ["soft", "hard"]}]
    misspelt = [{"name": "soft", "title": "Soft"}, {"name": "hard", "title": "Hard"}]
    assert write(tmp_path, questions, outcoms=misspelt).messages() == ["unknown key `outcoms`"]
