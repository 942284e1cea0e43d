"""What every page must keep to: a strict content policy, labels, ids, headings in order, no third party."""

import json

import pytest
from bs4 import BeautifulSoup

from leads import placeholders
from lodestone.build.definition import render_card
from lodestone.build.make import Card
from lodestone.render.service import render_answers_page, render_form_page, render_service_pages
from lodestone.render.site_pages import render_site_pages
from tests.render.factory import ALL_FIELDS


@pytest.fixture
def every_page(press) -> dict[str, BeautifulSoup]:
    made = press(funnel={"fields": ALL_FIELDS})
    shown: dict[str, bytes] = {}
    html = render_card(made.look, made.magnet, shown)
    card = Card(made.magnet.front.title, made.magnet.url, False, html)
    files = made.pages() | shown | render_site_pages(made.look, [card])
    texts = {path: content.decode() for path, content in files.items() if path.endswith(".html")}
    parts = {"form page": render_form_page(made.look, made.magnet, made.funnel)}
    parts["answers page"] = render_answers_page(made.look, made.magnet, made.funnel)
    parts |= render_service_pages(made.look)
    texts |= {name: placeholders.fill(each, {"title": "A title"}, html=True) for name, each in parts.items()}
    return {name: BeautifulSoup(text, "html.parser") for name, text in texts.items()}


def test_no_page_has_inline_style_or_script_or_event_handler(every_page):
    for name, page in every_page.items():
        assert not page.find_all("style"), name
        assert not [tag for tag in page.find_all() if "style" in tag.attrs], name
        assert not [tag for tag in page.find_all() if any(each.startswith("on") for each in tag.attrs)], name
        inline = [each for each in page.find_all("script") if "src" not in each.attrs]
        assert all(each["type"] == "application/ld+json" for each in inline), name


def test_pages_load_nothing_from_elsewhere(every_page):
    for name, page in every_page.items():
        loaded = [tag["src"] for tag in page.find_all(src=True)]
        loaded += [tag["href"] for tag in page.find_all("link") if "canonical" not in tag["rel"]]
        assert loaded, name
        assert all(each.startswith("/assets/") for each in loaded), name


def test_ids_are_unique_and_references_to_them_resolve(every_page):
    for name, page in every_page.items():
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), name
        for attribute in ("for", "aria-labelledby", "aria-describedby"):
            assert {tag[attribute] for tag in page.find_all(attrs={attribute: True})} <= set(ids), name


def test_every_control_has_a_label(every_page):
    for name, page in every_page.items():
        labelled = {label["for"] for label in page.find_all("label")}
        controls = page.find_all(["input", "select", "textarea"])
        named = [each for each in controls if each.get("type") != "hidden"]
        assert all(each.get("id") in labelled for each in named), name


def test_headings_begin_with_one_h1_and_skip_no_level(every_page):
    for name, page in every_page.items():
        levels = [int(tag.name[1]) for tag in page.find_all(["h1", "h2", "h3", "h4"])]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)), name


def test_every_picture_has_its_alternative_and_its_size(every_page):
    for name, page in every_page.items():
        for image in page.find_all("img"):
            assert {"alt", "width", "height"} <= set(image.attrs), name


def test_every_page_names_its_language_and_shows_the_postal_address(every_page):
    for name, page in every_page.items():
        assert page.html["lang"] == "en", name
        assert "4 Ropewalk" in page.footer.address.text, name


def test_pages_behind_the_form_are_kept_out_of_search(every_page):
    for name, page in every_page.items():
        robots = page.find("meta", attrs={"name": "robots"})
        public = name in ("index.html", "privacy/index.html", "quiet-price/index.html")
        assert (robots is None) == public, name


def test_linked_data_is_json_that_cannot_close_its_element(press):
    page = press(title="Prices </script><b>now").page()
    described = json.loads(page.find("script", type="application/ld+json").string)
    assert described["name"] == "Prices </script><b>now"
    assert described["image"].startswith("https://quayside.example/assets/quiet-price/cover.")
