"""Lessons that others wrote, in two languages, become a course with nothing lost."""

import json
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from leads.lesson_actions import page_name
from leads.placeholders import decode, fill
from lodestone.build.load import load_site
from lodestone.build.pipeline import build
from lodestone.markdown.html import render_markdown
from tests.conftest import ROOT
from tests.shell_lessons import convert, held

LESSONS = ROOT.parent / "shared" / "real" / "shell-lessons"

#: The largest item of the table, in bytes.
LARGEST_ITEM = 400_000

pytestmark = [
    pytest.mark.skipif(not LESSONS.exists(), reason="the lessons are not on this machine"),
    pytest.mark.slow,
]

SITE = """\
name: Harbour School
base_url: https://school.example.com
sender: {name: Harbour School, email: post@school.example.com}
postal_address: 1 Quay Street, Harbourtown
language: LANGUAGE
"""
COURSE = """\
---
kind: course
title: The Shell
summary: Seven lessons on the command line.
outcomes: [Find your way about, Repeat what you did]
lessons: {release: after the lesson before}
form: {consent: {text: Write to me}}
---
"""


@pytest.fixture(params=["en", "es"])
def course(request, tmp_path: Path) -> tuple[Path, dict]:
    """The source of the lessons, and the definition that they became."""
    source = LESSONS / request.param
    magnet = tmp_path / "magnets" / "shell"
    convert(source, magnet / "lessons", LESSONS / "en" / "fig")
    (magnet / "magnet.md").write_text(COURSE, "utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.yaml").write_text(SITE.replace("LANGUAGE", request.param), "utf-8")
    assert load_site(tmp_path)[1] == []
    assert not build(tmp_path, tmp_path / "dist").failed
    return source, json.loads((tmp_path / "dist" / "funnels" / "shell.json").read_text("utf-8"))


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_lesson_scrolls_sideways_however_long_its_lines_of_code(course, chromium, tmp_path, width):
    _, definition = course
    site, pages = tmp_path / "dist" / "site", definition["pages"]

    def answer(route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        if path in pages:
            html = fill(decode(pages[path]), {}, html=True)
            route.fulfill(status=200, body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=200, body=(site / path).read_bytes(), content_type=guess_type(path)[0])

    page = chromium.new_page(viewport={"width": width, "height": 844})
    page.route("**/*", answer)
    for name in (each for each in pages if each.startswith("lesson-")):
        page.goto(f"https://school.example.com/{name}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('.prose *')].map(e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert smallest >= 15, name
    page.close()


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


def test_every_heading_code_block_figure_and_exercise_is_on_the_lessons_page(course):
    source, definition = course
    paths = sorted(source.glob("*.md"))
    assert len(definition["funnel"]["features"]["lessons"]["lessons"]) == len(paths) == 7
    for path in paths:
        parts = definition["pages"][page_name(path.stem[3:])]
        assert len(json.dumps(parts, ensure_ascii=False).encode()) < LARGEST_ITEM
        page = BeautifulSoup(fill(decode(parts), {}, html=True), "html.parser").select_one("article > .prose")
        expected = held(path.read_text("utf-8"))
        found = [" ".join(each.get_text().split()) for each in page.find_all(["h2", "h3", "h4", "h5"])]
        language = definition["funnel"]["language"]
        assert found == [words(render_markdown(each, language=language).html) for each in expected.headings]
        assert [each.get_text().split() for each in page.find_all("pre")] == [
            each.split() for each in expected.blocks
        ]
        assert len(page.select("figure > img")) == expected.figures
        assert all(each["alt"] and each["src"].startswith("/assets/shell/") for each in page.select("img"))
        assert len(page.select(".exercise")) == expected.exercises
        assert len(page.select("details.solution")) == expected.solutions
        assert ":::" not in page.get_text()
