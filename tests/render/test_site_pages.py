"""Index, notices, not-found, and what crawlers read."""

from xml.etree import ElementTree

from bs4 import BeautifulSoup

from lodestone.build.definition import render_card
from lodestone.build.make import Card
from lodestone.render.site_pages import render_site_pages


def render(made):
    files: dict[str, bytes] = {}
    front = made.magnet.front
    card = Card(front.title, made.magnet.url, front.seo.noindex, render_card(made.look, made.magnet, files))
    return files | render_site_pages(made.look, [card])


def test_the_index_leads_to_every_magnet_and_shows_its_cover(press):
    files = render(press())
    link = BeautifulSoup(files["index.html"], "html.parser").find(class_="shelf").a
    assert link["href"] == "/quiet-price/"
    assert link.img["src"][1:] in files


def test_the_sitemap_lists_what_search_may_find(press):
    tree = ElementTree.fromstring(render(press())["sitemap.xml"])
    urls = [each.text for each in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert urls == [f"https://quayside.example{path}" for path in ("/", "/quiet-price/", "/privacy/")]


def test_the_sitemap_leaves_out_what_its_author_hides(press):
    assert b"quiet-price" not in render(press(seo={"noindex": True}))["sitemap.xml"]


def test_robots_are_shown_the_sitemap_and_kept_from_the_api(press):
    lines = render(press())["robots.txt"].decode().splitlines()
    assert "Disallow: /api/" in lines
    assert "Sitemap: https://quayside.example/sitemap.xml" in lines


def test_the_footer_leads_to_every_site_page(press):
    files = render(press())
    footer = BeautifulSoup(files["404.html"], "html.parser").footer
    assert {link["href"] for link in footer.find_all("a")} == {"/", "/privacy/"}
    assert "privacy/index.html" in files
