"""What authors write becomes the tree: from magnet.md or from files, and back from JSON; when the edition changes."""

import copy
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup

from leads import placeholders
from leads.questionnaire.tree import from_json
from leads.questionnaire.walk import walk
from lodestone.questionnaire.compile import as_json
from tests.questionnaire.authored import write

LISTED: list[dict[str, Any]] = [
    {
        "name": "role",
        "question": "What do you do?",
        "options": ["Write", "Draw"],
        "points": [0, 2],
        "dimension": "nerve",
    },
    {
        "name": "team_size",
        "question": "How many are you?",
        "min": 0,
        "max": 50,
        "whole": True,
        "required": False,
    },
    {
        "name": "uses",
        "question": "Which do you use?",
        "type": "multiple",
        "at_most": 2,
        "options": [
            {"label": "Pen", "points": 1},
            {"label": "Ink", "points": 3},
            {"label": "None", "alone": True},
        ],
        "dimension": "nerve",
        "show_if": 'role = "Draw"',
    },
    {"name": "order", "question": "What first?", "type": "ranking", "options": ["A", "B", "C"]},
    {"name": "firm", "question": "I stay firm.", "type": "scale", "dimension": "nerve", "reverse": True},
    {
        "name": "more",
        "question": "Anything else?",
        "type": "text",
        "max_length": 90,
        "help": "A *line*.",
        "required": False,
    },
]
FILED = {
    "10-role.md": "---\ndimension: nerve\npoints: [0, 2]\n---\n\n# What do you do?\n\n- Write\n- Draw\n",
    "20-team-size.md": "---\nmin: 0\nmax: 50\nwhole: true\nrequired: false\n---\n# How many are you?\n",
    "30-uses.md": "---\ntype: multiple\nat_most: 2\ndimension: nerve\nshow_if: role = \"Draw\"\noptions:\n"
    "  - {label: Pen, points: 1}\n  - {label: Ink, points: 3}\n"
    "  - {label: None, alone: true}\n---\n# Which do you use?\n",
    "40-order.md": "---\ntype: ranking\n---\n# What first?\n\n1. A\n2. B\n3. C\n",
    "100-more.md": "---\nname: more\ntype: text\nmax_length: 90\nrequired: false\n---\n# Anything else?\n\nA *line*.\n",
    "50-firm.md": "---\ntype: scale\ndimension: nerve\nreverse: true\n---\n# I stay firm.\n",
}  # fmt: skip
DIMENSIONS = [
    {
        "name": "nerve",
        "label": "Nerve",
        "tiers": [{"at_least": 0, "label": "low"}, {"at_least": 50, "label": "high"}],
    }
]
OUTCOMES = [
    {"name": "soft", "title": "Soft", "at_least": 0, "text": "Be *firm*, {{ role }}."},
    {"name": "hard", "title": "Hard", "at_least": 50, "points": 5, "teaser": "So it goes."},
]
WHOLE: dict[str, Any] = {"dimensions": DIMENSIONS, "outcomes": OUTCOMES, "outcome_by": "nerve"}


def edition(tmp_path, questions=LISTED, **changes) -> str:
    return write(tmp_path, questions, **{**WHOLE, **changes}).tree.edition


def test_questions_in_magnet_md_and_in_files_make_the_same_tree(tmp_path):
    listed = write(tmp_path / "listed", LISTED, **WHOLE)
    filed = write(tmp_path / "filed", FILED, **WHOLE)
    assert listed.tree == filed.tree
    page = "tides/questions/index.html"
    form = [BeautifulSoup(each.static[page], "html.parser").form for each in (listed, filed)]
    assert form[0].prettify().replace(listed.funnel.build_id, "") == form[1].prettify().replace(
        filed.funnel.build_id, ""
    )


def test_the_tree_says_what_the_author_wrote(tmp_path):
    tree = write(tmp_path, LISTED, **WHOLE).tree
    assert [each.type for each in tree.questions] == [
        "single",
        "number",
        "multiple",
        "ranking",
        "scale",
        "text",
    ]
    role, team, uses, _, firm, _ = tree.questions
    assert [dict(each.points) for each in role.options] == [
        {"nerve": 0, "score": 0},
        {"nerve": 2, "score": 2},
    ]
    assert (team.lowest, team.highest, team.whole, team.required) == (0.0, 50.0, True, False)
    assert (uses.at_most, uses.show_if) == (2, ["is", "questions.role", "Draw"])
    assert [each.alone for each in uses.options] == [False, False, True]
    assert [(each.value, each.points["nerve"]) for each in firm.options] == [
        ("1", 5),
        ("2", 4),
        ("3", 3),
        ("4", 2),
        ("5", 1),
    ]
    assert (tree.decided_by, tree.tiers_of) == ("tiers", "nerve")


def test_the_tree_comes_back_from_its_json(tmp_path):
    tree = write(tmp_path, LISTED, **WHOLE).tree
    assert from_json(json.loads(json.dumps(as_json(tree)))) == tree


def test_a_list_with_blank_lines_between_its_items_is_one_list(tmp_path):
    text = "# What do you do?\n\nA hint.\n\n- Write\n\n* Draw\n\n- Build\n  and mend\n"
    authored = write(tmp_path, {"10-role.md": text})
    assert [each.label for each in authored.tree.questions[0].options] == ["Write", "Draw", "Build and mend"]
    page = BeautifulSoup(authored.static["tides/questions/index.html"], "html.parser")
    assert page.select_one(".help").get_text(strip=True) == "A hint."


def test_files_stand_in_the_order_of_their_numbers_and_behind_magnet_md(tmp_path):
    authored = write(tmp_path, {"9-b.md": "# B?\n", "10-c.md": "# C?\n"})
    text = (authored.folder / "magnet.md").read_text("utf-8")
    (authored.folder / "magnet.md").write_text(
        text.replace("title:", "questions:\n  - {name: a, question: A?, type: text}\ntitle:"), "utf-8"
    )
    assert [each.name for each in authored.tree.questions] == ["a", "b", "c"]


def test_options_and_answers_compare_in_whichever_form_accents_were_typed(tmp_path):
    questions = [
        {"name": "place", "question": "Where?", "options": ["Cafe\u0301", "Home"]},
        {"name": "drink", "question": "What?", "type": "text", "show_if": 'place = "Café"'},
    ]
    tree = write(tmp_path, questions).tree
    assert tree.questions[1].show_if == ["is", "questions.place", "Café"]
    assert [each.name for each in walk(tree, {"place": ["Cafe\u0301"]}).visible] == ["place", "drink"]


def changed(at: int, **change: Any) -> list[dict[str, Any]]:
    questions = copy.deepcopy(LISTED)
    questions[at] |= change
    return questions


@pytest.mark.parametrize(
    "questions",
    [
        changed(0, question="What is it that you do?"),
        changed(0, options=["Draw", "Write"], points=[2, 0]),
        changed(0, points=[0, 3]),
        changed(1, max=60),
        changed(1, required=True),
        changed(1, whole=False),
        changed(2, at_most=1),
        changed(2, show_if='role = "Write"'),
        changed(4, reverse=False),
        changed(4, scale={"highest": 7}),
        changed(5, max_length=80),
        LISTED[1:2] + LISTED[:1] + LISTED[2:],
        LISTED[:-1],
    ],
)
def test_the_edition_changes_with_every_question_and_what_it_is_worth(tmp_path, questions):
    assert edition(tmp_path / "after", questions) != edition(tmp_path / "before")


@pytest.mark.parametrize(
    "change",
    [
        {"outcome_by": "score"},
        {"outcomes": [OUTCOMES[0], {**OUTCOMES[1], "at_least": 60}]},
        {
            "dimensions": [
                {
                    **DIMENSIONS[0],
                    "tiers": [{"at_least": 0, "label": "low"}, {"at_least": 40, "label": "high"}],
                }
            ]
        },
    ],
)
def test_the_edition_changes_with_what_decides(tmp_path, change):
    assert edition(tmp_path / "after", **change) != edition(tmp_path / "before")


@pytest.mark.parametrize(
    "change",
    [
        {
            "outcomes": [
                {**OUTCOMES[0], "text": "Other words."},
                {**OUTCOMES[1], "title": "Harder", "teaser": "Else."},
            ]
        },
        {"dimensions": [{**DIMENSIONS[0], "label": "Courage"}]},
        {"questions": changed(5, help="Two lines.")},
        {"title": "Tides again"},
    ],
)
def test_the_edition_stays_when_only_words_of_results_or_help_change(tmp_path, change):
    assert edition(tmp_path / "after", **change) == edition(tmp_path / "before")


PIPED = [
    {"name": "team", "question": "Your team's name?", "type": "text", "required": False},
    {"name": "size", "question": 'How many are in {{ team | default("your <team>") }}?', "min": 0},
]


def test_an_earlier_answer_stands_in_a_later_question(tmp_path):
    authored = write(tmp_path, PIPED)
    page = BeautifulSoup(authored.static["tides/questions/index.html"], "html.parser")
    span = page.select_one("#size legend [data-piped=team]")
    assert span.text == "your <team>"
    assert span["data-default"] == "your <team>"
    assert authored.tree.questions[1].text == "How many are in your <team>?"


def test_the_page_that_a_function_fills_escapes_the_earlier_answer(tmp_path):
    page = write(tmp_path, PIPED).pages["form"]
    filled = lambda **values: BeautifulSoup(placeholders.fill(page, values, html=True), "html.parser")  # noqa: E731
    assert filled(**{"piped:team": "<b>Us</b>"}).select_one("[data-piped=team]").text == "<b>Us</b>"
    assert filled().select_one("[data-piped=team]").text == "your <team>"


def test_the_page_holds_no_points_and_ends_no_script_early(tmp_path):
    questions = changed(0, options=["</script><b>", "Draw"], points=[517, 519])
    questions[2].pop("show_if")
    authored = write(tmp_path, questions, **WHOLE)
    page = authored.static["tides/questions/index.html"].decode()
    assert "517" not in page
    script = BeautifulSoup(page, "html.parser").find(id="questionnaire.tree")
    tree = json.loads(script.text)
    assert tree["questions"][0]["options"] == ["</script><b>", "Draw"]
    assert {"points", "marks", "bands"} & {key for each in tree["questions"] for key in each} == set()
    assert tree["questions"][1]["lowest"] == 0


def test_a_condition_is_told_in_words_to_who_has_no_script(tmp_path):
    questions = [
        {"name": "a", "question": "First?", "options": ["x", "y"]},
        {"name": "b", "question": "Second?", "type": "number", "required": False},
        {"name": "c", "question": "Third?", "type": "multiple", "options": ["m", "n"], "required": False},
        {"name": "d", "question": "And?", "type": "text", "show_if": 'a = "x" and (b > 3 or c contains "n")'},
        {"name": "e", "question": "Or?", "type": "text", "show_if": '(a = "x" and b > 3) or c contains "n"'},
    ]
    page = BeautifulSoup(write(tmp_path, questions).static["tides/questions/index.html"], "html.parser")
    words = {each.parent["id"]: each.text for each in page.select(".only-if")}
    a, b, c = (
        "you chose “x” for “First?”",
        "your answer to “Second?” is more than 3",
        "you chose “n” for “Third?”",
    )
    assert words == {"d": f"Only if {a}, and ({b}, or {c}).", "e": f"Only if ({a}, and {b}), or {c}."}
