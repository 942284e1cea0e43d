"""The examples' pages that stand on kinds of their own, on a phone and on a desk, and what they weigh."""

import gzip
from mimetypes import guess_type
from urllib.parse import urlsplit

import pytest

ORIGIN = "https://press.example.com"
PAGES = ("garden-notebook", "letters-counted", "one-good-letter", "quote-sheet")


@pytest.fixture
def visit(chromium, examples):
    """Opens a page of the examples, as wide as asked."""
    page = chromium.new_page()

    def answer(route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        file = examples / (f"{path}index.html" if not path or path.endswith("/") else path)
        route.fulfill(status=200, body=file.read_bytes(), content_type=guess_type(file.name)[0])

    page.route("**/*", answer)

    def go(slug: str, width: int, height: int):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{ORIGIN}/{slug}/")
        page.evaluate("document.fonts.ready")
        return page

    yield go
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("slug", PAGES)
def test_the_forms_button_is_on_the_first_screen_of_a_phone(visit, slug):
    box = visit(slug, 390, 844).query_selector(".hero button").bounding_box()
    assert box["y"] + box["height"] <= 760


@pytest.mark.browser
@pytest.mark.parametrize("slug", PAGES)
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(visit, slug, width):
    assert visit(slug, width, 844).evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("slug", PAGES)
def test_page_and_style_sheet_fit_into_the_first_round_trip(examples, slug):
    (style,) = examples.glob("assets/site.*.css")
    parts = ((examples / slug / "index.html").read_bytes(), style.read_bytes())
    assert sum(len(gzip.compress(each)) for each in parts) < 14_600
