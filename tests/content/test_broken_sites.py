"""Broken sites, kept whole in tests/broken/: what their author is told, word for word.

To accept new wording, delete a case's expected.txt, run this test once, and read what it wrote.
"""

import json
from pathlib import Path

import pytest

from lodestone.build.load import load_site
from lodestone.content.problems import Problem, as_json, has_errors, render, styled, summarise

BROKEN = Path(__file__).parents[1] / "broken"
CASES = sorted(each.name for each in BROKEN.iterdir() if each.is_dir())


def told(root: Path) -> str:
    _, problems = load_site(root)
    folders = [each for each in (root / "magnets").iterdir() if each.is_dir() and each.name[0] != "_"]
    return f"{render(problems)}\n{summarise(problems, len(folders))}\n"


@pytest.mark.parametrize("case", CASES)
def test_an_author_is_told_every_problem_of_a_broken_site(case: str) -> None:
    expected = BROKEN / case / "expected.txt"
    if not expected.exists():
        expected.write_text(told(BROKEN / case), "utf-8")
        pytest.fail(f"wrote {expected}: read it, then run again")
    assert told(BROKEN / case) == expected.read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_site_with_errors_is_not_handed_on(case: str) -> None:
    site, problems = load_site(BROKEN / case)
    assert has_errors(problems)
    assert site is None


@pytest.mark.parametrize("case", CASES)
def test_every_problem_points_into_the_line_it_shows(case: str) -> None:
    _, problems = load_site(BROKEN / case)
    for problem in problems:
        assert problem.line >= 1
        assert 1 <= problem.column <= len(problem.source) + 1
        assert problem.help, f"no remedy: {problem}"


def test_the_broken_sites_hold_many_different_mistakes() -> None:
    messages = {each.message for case in CASES for each in load_site(BROKEN / case)[1]}
    assert len(messages) > 80


def test_editors_get_the_same_problems_as_json() -> None:
    _, problems = load_site(BROKEN / "keys-and-types")
    first = json.loads(json.dumps(as_json(problems)))[0]
    assert first == {
        "file": "magnets/tides/magnet.md",
        "line": 2,
        "column": 7,
        "length": 4,
        "severity": "error",
        "message": "unknown kind `ebok`",
        "help": "did you mean `ebook`? kinds: course, ebook, offer, report, survey, template",
    }


def test_colours_change_nothing_about_the_words() -> None:
    _, problems = load_site(BROKEN / "mails")
    assert styled(problems).plain == render(problems)


def test_a_problem_told_twice_is_printed_once() -> None:
    problem = Problem("magnets/a/magnet.md", 1, 1, 3, "odd")
    assert render([problem, problem]).count("odd") == 1
    assert summarise([problem, problem], 1) == "1 problem in 1 of 1 magnet"


def test_carets_stand_below_wide_characters_and_in_the_middle_of_a_long_line() -> None:
    wide = Problem("a.md", 1, 5, 3, "odd", source="日本: foo")
    assert "  1 | 日本: foo\n    |       ^^^" in render([wide])
    source = "x" * 300 + "HERE" + "y" * 300
    line, carets = render([Problem("a.md", 1, 301, 4, "odd", source=source)]).split("\n")[1:3]
    assert line[carets.index("^") :][:4] == "HERE"
    assert len(line) < 120
