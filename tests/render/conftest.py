"""A site in a folder of its own, and its look, for every test of the renderers."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from leads import placeholders
from leads.funnel import Funnel
from lodestone.build.definition import render_pages
from lodestone.content.model import Magnet
from lodestone.render.look import Look, open_look
from tests.render.factory import make_funnel, make_magnet, make_site


@dataclass(frozen=True)
class Press:
    """A site with one magnet, opened."""

    look: Look
    magnet: Magnet
    funnel: Funnel

    def pages(self) -> dict[str, bytes]:
        return render_pages(self.look, self.magnet, self.funnel)

    def page(self, path: str = "quiet-price/index.html") -> BeautifulSoup:
        return BeautifulSoup(self.pages()[path], "html.parser")


@pytest.fixture
def press(tmp_path: Path):
    """Makes a `Press`: keywords `site`, `funnel` and `body` aside, they go into the magnet's front matter."""

    def make(site: dict | None = None, funnel: dict | None = None, **front: object) -> Press:
        magnet = make_magnet(tmp_path, **front)
        look = open_look(make_site(tmp_path, magnet, **(site or {})))
        return Press(look, magnet, make_funnel(magnet, **(funnel or {})))

    return make


@pytest.fixture
def filled():
    """Fills the parts of a page or a mail and reads it."""

    def fill(parts: placeholders.Parts, **values: str) -> BeautifulSoup:
        return BeautifulSoup(placeholders.fill(parts, values, html=True), "html.parser")

    return fill
