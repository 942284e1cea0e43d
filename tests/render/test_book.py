"""The HTML edition of a book."""

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from lodestone.render.book import render_book


@pytest.fixture
def book(press):
    made = press()
    gated = made.magnet.features["downloads"]
    edition = render_book(made.look, made.magnet, gated.book, gated.chapters)
    return BeautifulSoup(edition, "html.parser")


def test_the_file_stands_alone(book):
    loaded = [tag["src"] for tag in book.find_all(src=True)]
    assert loaded
    assert all(each.startswith("data:image/png;base64,") for each in loaded)
    assert not book.find_all("script")
    addresses = re.findall(r"url\((.{5})", book.style.text)
    assert addresses
    assert set(addresses) == {"data:"}


def test_the_file_carries_its_icon_so_that_no_browser_asks_its_host_for_one(book):
    links = book.find_all("link")
    assert [link["rel"] for link in links] == [["icon"]]
    assert links[0]["href"].startswith("data:image/svg+xml;base64,")


def test_the_contents_lead_to_every_chapter(book):
    links = book.find(class_="contents").find_all("a")
    assert [link["href"] for link in links] == ["#one", "#two"]
    assert all(book.find(id=link["href"][1:]).name == "h2" for link in links)


def test_a_chapter_does_not_repeat_its_own_title(book):
    assert [heading.text for heading in book.find_all("h2")] == [
        "Contents",
        "Before you start",
        "The letters",
    ]


def test_headings_inside_chapters_begin_below_the_chapters_title(book):
    assert [heading.text for heading in book.find_all("h3")] == ["Costs", "Costs"]


def test_ids_are_unique_across_chapters_and_every_link_inside_resolves(book):
    ids = [tag["id"] for tag in book.find_all(id=True)]
    assert len(ids) == len(set(ids))
    inside = [link["href"][1:] for link in book.find_all("a", href=True) if link["href"].startswith("#")]
    assert set(inside) <= set(ids)


def test_links_between_chapters_stay_inside_the_edition(book):
    assert book.find("a", string="the letters")["href"] == "#two"
    assert book.find("a", string="costs")["href"] == "#two--costs"


def test_a_picture_with_a_title_is_a_figure_with_a_caption(book):
    figure = book.find("figure")
    assert figure.img["alt"] == "Three steps"
    assert "title" not in figure.img.attrs
    assert figure.figcaption.text == "The three steps"


def test_parts_stand_above_their_chapters(press):
    made = press()
    first, second = made.magnet.features["downloads"].chapters
    chapters = (replace(first, part="Before"), replace(second, part="After"))
    gated = made.magnet.features["downloads"]
    edition = render_book(made.look, made.magnet, gated.book, chapters)
    book = BeautifulSoup(edition, "html.parser")
    assert [each.h2.text for each in book.find_all("header", class_="part")] == ["Before", "After"]
    assert [each.find("h3").text for each in book.find_all("article")] == ["Before you start", "The letters"]
    assert [each.text for each in book.find_all(class_="chapter-number")] == ["1", "2"]


def test_only_parts_with_a_title_are_counted(press):
    made = press()
    first, second = made.magnet.features["downloads"].chapters
    chapters = (first, replace(second, part="After"))
    gated = made.magnet.features["downloads"]
    edition = render_book(made.look, made.magnet, gated.book, chapters)
    book = BeautifulSoup(edition, "html.parser")
    assert [each.text for each in book.find_all(class_="part-number")] == ["Part 1"]


def test_the_title_page_shows_title_subtitle_and_author(book):
    page = book.find(class_="title-page")
    assert page.h1.text == "The Quiet Price Rise"
    assert page.find(class_="subtitle").text == "A handbook"
    assert page.find(class_="author").text == "Mara Ellison"
    assert page.img["width"] == "300"
