"""A root folder becomes a Site."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from lodestone.build.load import load_site
from lodestone.content.books import chapter_targets, picture_beside, resolve_in_book
from lodestone.content.model import Magnet, Site
from lodestone.markdown.html import render_markdown
from tests.content.conftest import MAGNET, SITE, put

GUIDE = Path(__file__).parents[3] / "shared" / "real" / "product-guide"


def loaded(root: Path) -> Site:
    site, problems = load_site(root)
    assert problems == []
    assert site is not None
    return site


def only(root: Path) -> Magnet:
    (magnet,) = loaded(root).magnets
    return magnet


def messages(root: Path) -> list[str]:
    return [each.message for each in load_site(root)[1]]


def test_a_magnet_without_a_form_asks_for_an_address_alone(root):
    (field,) = only(root).front.form.fields
    assert (field.name, field.type, field.required) == ("email", "email", True)


def test_the_form_speaks_the_language_of_the_site(root):
    put(root, {"site/site.yaml": SITE + "language: de-AT\n"})
    assert only(root).front.form.fields[0].label == "E-Mail-Adresse"


@pytest.mark.parametrize(
    "title", ["2024", "Yes", "no", "3.10", "2026-01-02", "null and void", "0x1F", "1:30"]
)
def test_a_title_stays_what_its_author_wrote(root, title):
    put(root, {"magnets/tides/magnet.md": MAGNET.replace("The tide guide", title)})
    assert only(root).front.title == title


def test_windows_line_ends_and_a_byte_order_mark_are_no_problem(root):
    path = root / "magnets/tides/magnet.md"
    path.write_bytes(b"\xef\xbb\xbf" + MAGNET.replace("\n", "\r\n").encode())
    magnet = only(root)
    assert magnet.front.title == "The tide guide"
    assert magnet.doc.body == "Read it before you sail.\n"


def test_a_value_left_empty_counts_as_not_written(root):
    put(root, {"magnets/tides/magnet.md": MAGNET.replace("files:", "headline:\ncover:\nfiles:")})
    front = only(root).front
    assert front.headline is None
    assert front.cover is None


def test_folders_that_begin_with_an_underscore_or_a_dot_are_left_out(root):
    put(root, {"magnets/_old/notes.txt": "x", "magnets/.git/x": "x", "magnets/tides/emails/.DS_Store": "x"})
    assert [each.slug for each in loaded(root).magnets] == ["tides"]


def test_mails_go_out_by_the_number_in_front_and_are_named_by_the_rest(root):
    mail = "---\nsubject: S\nafter: 1 day\n---\nHello.\n"
    names = ("10-ten.md", "9-nine.md", "1_one.md", "last.md")
    put(root, {f"magnets/tides/emails/{name}": mail for name in names})
    assert [each.step for each in only(root).drip] == ["one", "nine", "ten", "last"]


@pytest.mark.parametrize(
    ("step", "link"),
    [
        ("opt-in", "confirm_url"),
        ("delivery", "download_url"),
        ("your-data", "data_url"),
        ("still-there", "stay_url"),
    ],
)
def test_a_magnets_own_service_mail_comes_before_the_sites_and_that_before_the_bundled_one(root, step, link):
    def subject() -> str:
        return next(each.front.subject for each in only(root).service_mails if each.step == step)

    mail = f"---\nsubject: {{0}}\n---\n[Go on]({{{{{{{{ {link} }}}}}}}})\n"
    bundled = subject()
    put(root, {f"site/emails/{step}.md": mail.format("From the site")})
    assert bundled != subject() == "From the site"
    put(root, {f"magnets/tides/emails/{step}.md": mail.format("From the magnet")})
    assert subject() == "From the magnet"
    assert only(root).drip == ()


def test_a_gated_file_without_a_label_is_called_by_its_name(root):
    put(root, {"magnets/tides/tide-table_2026.csv": "x"})
    put(root, {"magnets/tides/magnet.md": MAGNET.replace("tides.csv", "tide-table_2026.csv")})
    assert only(root).features["downloads"].files[0].label == "Tide table 2026"


def test_a_problem_in_one_place_hides_none_in_another(root):
    broken = """\
---
kind: ebook
title: Tides
form: {fields: [{name: town, label: Town}]}
files: [gone.csv]
---
[x](y.pdf)
"""
    mail = "---\nsubject: S\n---\n{{ twon }}\n"
    put(root, {"magnets/tides/magnet.md": broken, "magnets/tides/emails/1-a.md": mail})
    assert messages(root) == [
        "this mail does not say when it goes out",
        "no field fills `{{ twon }}`",
        "`summary` is missing",
        "the form asks for no address to answer to",
        "no file `gone.csv`",
        "no file `y.pdf`",
    ]


def test_a_link_out_of_the_root_by_way_of_a_symlink_is_refused(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text("x")
    (root / "magnets/tides/tides.csv").unlink()
    os.symlink(outside, root / "magnets/tides/tides.csv")
    assert messages(root) == ["`tides.csv` leaves the site's folder"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_file_that_may_not_be_read_is_a_problem(root):
    (root / "magnets/tides/magnet.md").chmod(0)
    assert messages(root) == ["this file cannot be read: Permission denied"]


def test_warnings_stop_nothing(root):
    (root / "magnets/tides/sea.png").write_bytes(b"\x89PNG")
    put(root, {"magnets/tides/magnet.md": MAGNET + "![](sea.png)\n"})
    site, (warning,) = load_site(root)
    assert site is not None
    assert (warning.severity, warning.line) == ("warning", 9)


def test_links_in_code_are_not_links(root):
    code = "`[a](b.md)`\n\n```\n[c](d.md)\n```\n\n    [e](f.md)\n\n<!-- [g](h.md) -->\n"
    put(root, {"magnets/tides/magnet.md": MAGNET + code})
    loaded(root)


def test_links_to_other_sites_are_left_alone(root):
    links = "[a](https://example.com/x) <https://example.com> [m](mailto:a@example.com) [t](tel:+4930123) [q](?a=b)\n"
    put(root, {"magnets/tides/magnet.md": MAGNET + links})
    loaded(root)


BOOK = """\
---
kind: ebook
title: The tide guide
summary: Water.
book:
  folder: text
  chapters:
    - index.md
    - part: Ebb
      chapters:
        - 01-ebb/index.md
        - 01-ebb/moon.md
    - part: Flood
      chapters:
        - flood/moon.md
---
"""
CHAPTERS = {
    "magnets/tides/magnet.md": BOOK,
    "magnets/tides/text/index.md": """\
---
permalink: /
layout: post
---
# Start

[ebb](/ebb/) [moon]({{site.baseurl}}/01-ebb/moon#low)
""",
    "magnets/tides/text/01-ebb/index.md": """\
---
title: Ebb
permalink: ebb/
---
[up](../index.md) [it]({{ '/flood/moon/' | relative_url }})
""",
    "magnets/tides/text/01-ebb/moon.md": """\
# The *moon*

## Low

[flood](../flood/moon.md) [here](#low)
""",
    "magnets/tides/text/flood/moon.md": "# Moon\n\n[ebb](/ebb) [html](/01-ebb/moon.html)\n",
}


@pytest.fixture
def book(root: Path) -> Magnet:
    put(root, CHAPTERS)
    return only(root)


def test_chapters_keep_their_order_and_part_and_get_readable_anchors(book):
    assert [(each.anchor, each.title, each.part) for each in book.features["downloads"].chapters] == [
        ("index", "Start", ""),
        ("ebb", "Ebb", "Ebb"),
        ("ebb-moon", "The moon", "Ebb"),
        ("flood-moon", "Moon", "Flood"),
    ]


def test_links_between_chapters_resolve_by_file_permalink_and_path(book):
    targets = chapter_targets(book.features["downloads"].chapters)
    start, ebb, moon, flood = book.features["downloads"].chapters
    assert resolve_in_book(targets, start, "/ebb/") == "#ebb"
    assert resolve_in_book(targets, start, "/01-ebb/moon#low") == "#ebb-moon--low"
    assert resolve_in_book(targets, ebb, "../index.md") == "#index"
    assert resolve_in_book(targets, moon, "../flood/moon.md") == "#flood-moon"
    assert resolve_in_book(targets, moon, "#low") == "#ebb-moon--low"
    assert resolve_in_book(targets, flood, "/01-ebb/moon.html") == "#ebb-moon"
    assert resolve_in_book(targets, flood, "https://example.com/ebb") is None


def test_jekylls_expressions_are_gone_from_links_and_stay_in_code(root, book):
    assert "](/01-ebb/moon#low)" in book.features["downloads"].chapters[0].doc.body
    assert "](/flood/moon/)" in book.features["downloads"].chapters[1].doc.body
    put(root, {"magnets/tides/text/flood/moon.md": "# Moon\n\n`{{ site.baseurl }}` is Jekyll's.\n"})
    assert "`{{ site.baseurl }}`" in only(root).features["downloads"].chapters[3].doc.body


def front_of_guide(names: list[str]) -> str:
    """Chapters at the top stand alone, each folder of them is a part."""
    entries = [f"    - {name}\n" for name in names if "/" not in name]
    for part in ("discover", "define", "deliver", "partners"):
        inner = "".join(f"        - {name}\n" for name in names if name.startswith(f"{part}/"))
        entries.append(f"    - part: {part.capitalize()}\n      chapters:\n{inner}")
    return BOOK.split("  folder:")[0] + f"  folder: guide\n  chapters:\n{''.join(entries)}---\n"


@pytest.mark.skipif(not GUIDE.is_dir(), reason="the real guide is not here")
def test_a_real_guide_of_twenty_chapters_loads_as_a_book_without_a_problem(root):
    shutil.copytree(GUIDE, root / "magnets/tides/guide")
    names = [each.relative_to(GUIDE).as_posix() for each in sorted(GUIDE.rglob("*.md"))]
    put(root, {"magnets/tides/magnet.md": front_of_guide(names)})
    magnet = only(root)
    assert len({each.anchor for each in magnet.features["downloads"].chapters}) == len(names) >= 20
    assert {each.part for each in magnet.features["downloads"].chapters} == {
        "",
        "Discover",
        "Define",
        "Deliver",
        "Partners",
    }
    targets = chapter_targets(magnet.features["downloads"].chapters)
    anchors = {f"#{each.anchor}" for each in magnet.features["downloads"].chapters}
    for chapter in magnet.features["downloads"].chapters:
        html = render_markdown(
            chapter.doc.body, resolve=lambda kind, target, at=chapter: resolve_in_book(targets, at, target)
        ).html
        inner = [
            a["href"] for a in BeautifulSoup(html, "html.parser").find_all("a") if "://" not in a["href"]
        ]
        assert all(href.split("--")[0] in anchors for href in inner)


def test_a_hundred_magnets_load_together(root):
    text = {name.split("/", 2)[2]: body for name, body in CHAPTERS.items()}
    text["text/index.md"] = "# Start\n\nWater.\n"
    for number in range(100):
        put(root, {f"magnets/m{number}/{name}": body for name, body in text.items()})
    assert len(loaded(root).magnets) == 101


@pytest.mark.parametrize("folder", ["/etc", "../../../..", "nowhere", "text/index.md"])
def test_a_books_folder_must_be_one_inside_the_root(root, folder):
    put(root, {**CHAPTERS, "magnets/tides/magnet.md": BOOK.replace("folder: text", f"folder: {folder}")})
    assert messages(root) == [f"no folder `{folder}`"]


def test_a_root_may_be_named_from_where_one_stands(root, monkeypatch):
    put(root, CHAPTERS)
    monkeypatch.chdir(root / "magnets" / "tides")
    assert loaded(Path("../../site/..")).root == root


def test_pictures_named_from_the_top_of_a_jekyll_site_are_found_below_the_books_folder(root):
    text = "# Moon\n\n![Sea]({{ site.baseurl }}/images/sea.png) <img src='/images/sea.png' alt='Sea'>\n"
    put(root, {**CHAPTERS, "magnets/tides/text/flood/moon.md": text})
    assert messages(root).count("`/images/sea.png` is no picture beside this file") == 2
    put(root, {"magnets/tides/text/images/sea.png": "x"})
    chapter = only(root).features["downloads"].chapters[3]
    assert picture_beside(chapter, "/images/sea.png", Path.read_bytes) == "../images/sea.png"


@pytest.mark.parametrize("line_end", ["\x85", "\u2028", "\u2029"])
def test_line_ends_that_no_editor_shows_leave_the_line_numbers_right(root, line_end):
    put(
        root,
        {
            "magnets/tides/magnet.md": MAGNET.replace(
                "kind: ebook", f"kind: ebook\neyebrow: a{line_end}b\nx: y"
            )
        },
    )
    (problem,) = load_site(root)[1]
    assert (problem.message, problem.line, problem.source) == ("unknown key `x`", 4, "x: y")
