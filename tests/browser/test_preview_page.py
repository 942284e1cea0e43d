"""The preview in a browser: frames in both schemes, and nothing that leaves the file."""

from datetime import UTC, datetime

import pytest

from lodestone.preview.command import PreviewRequest, preview
from lodestone.preview.reader import invent
from tests.local.small_site import write_small_site

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
def page(chromium, tmp_path):
    root = write_small_site(tmp_path / "root")
    made = preview(
        PreviewRequest(root, "guide", "first", tmp_path / "out", lambda funnel: invent(funnel, {}, "", NOW))
    )
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(made.as_uri())
    yield page
    page.close()


def ground(page, scheme: str) -> int:
    """How light the mail's ground is in a frame of that scheme: 0 black, 255 white."""
    frame = page.frame_locator(f".{scheme} .phone iframe")
    colour = frame.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    return int(colour.partition("(")[2].partition(",")[0])


def test_a_mail_is_shown_light_and_dark_whatever_the_system_prefers(page):
    assert ground(page, "light") > 200
    page.get_by_label("Dark").check()
    assert not page.locator(".light .phone").is_visible()
    assert ground(page, "dark") < 60


def test_a_link_in_a_mail_leads_nowhere_and_nothing_is_fetched(page):
    before = page.url
    page.frame_locator(".light .desktop iframe").get_by_role("link").first.click(no_wait_after=True)
    page.get_by_text("Text part").click()
    assert page.locator("details pre").is_visible()
    assert page.url == before
    assert page.asked == [before]


def test_a_phone_shows_it_without_scrolling_sideways(page):
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
