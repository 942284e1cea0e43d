"""Templates and assets, bundled and a site's own; colours that can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestone.content.schema import Theme
from lodestone.render import colour
from lodestone.render.look import BUNDLED, open_look
from tests.render.factory import make_magnet, make_site

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_an_assets_address_changes_with_its_content(tmp_path):
    before = open_look(make_site(tmp_path)).assets["site.css"]
    after = open_look(make_site(tmp_path, theme={"accent": "#005f73"})).assets["site.css"]
    assert re.fullmatch(r"/assets/site\.[0-9a-f]{10}\.css", before)
    assert before != after


def test_the_style_sheet_names_fonts_by_their_published_addresses(tmp_path):
    look = open_look(make_site(tmp_path))
    named = re.findall(r"url\(([^)]+)\)", look.files[look.assets["site.css"][1:]].decode())
    assert named
    assert {each[1:] for each in named} <= set(look.files)


def test_a_sites_own_asset_replaces_the_bundled_one(tmp_path):
    own = tmp_path / "site" / "assets" / "site.css"
    own.parent.mkdir(parents=True)
    own.write_text("body { color: green }")
    look = open_look(make_site(tmp_path))
    assert b"color: green" in look.files[look.assets["site.css"][1:]]
    assert look.assets["site.js"]


def test_a_sites_own_template_replaces_the_bundled_one(tmp_path):
    own = tmp_path / "site" / "templates" / "404.html"
    own.parent.mkdir(parents=True)
    own.write_text('{% extends "base.html" %}{% block main %}<h1>Lost at sea</h1>{% endblock %}')
    look = open_look(make_site(tmp_path, make_magnet(tmp_path)))
    assert "Lost at sea" in look.render("404.html", page_url="", listed=())


@given(COLOURS, COLOURS)
def test_any_accent_can_be_read_on_its_ground_and_under_its_text(light, dark):
    theme = Theme(accent=light, accent_dark=dark)
    for accent, grounds in (
        (colour.light_accent(theme), (colour.PAPER, colour.PAPER_RAISED)),
        (colour.dark_accent(theme), (colour.NIGHT, colour.NIGHT_RAISED)),
    ):
        assert all(colour.contrast(accent.text, ground) >= colour.AA for ground in grounds)
        assert colour.contrast(accent.on_fill, accent.fill) >= colour.AA


def test_an_accent_that_reads_well_stays_as_it_is():
    assert colour.light_accent(Theme(accent="#9c3d1c")).text == "#9c3d1c"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ink", "paper"),
        ("ink", "raised"),
        ("ink", "tint"),
        ("soft", "paper"),
        ("soft", "raised"),
        ("soft", "tint"),
    ]
    + [("error", "raised"), ("error", "error-ground"), ("on-night", "night")],
)
def test_the_style_sheets_own_colours_reach_aa_in_both_schemes(first, second):
    text = (BUNDLED / "assets" / "site.css").read_text()
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in _schemes(text))
    for palette in (light, {**light, **dark}):
        assert colour.contrast(palette[first], palette[second]) >= colour.AA


def test_the_grounds_that_accents_are_reckoned_against_are_the_style_sheets():
    light, dark = _schemes((BUNDLED / "assets" / "site.css").read_text())
    assert f"--paper: {colour.PAPER};" in light
    assert f"--raised: {colour.PAPER_RAISED};" in light
    assert f"--paper: {colour.NIGHT};" in dark
    assert f"--raised: {colour.NIGHT_RAISED};" in dark


def _schemes(text: str) -> list[str]:
    return re.findall(r":root \{(.*?)\}", text, re.DOTALL)[:2]
