"""axe-core finds nothing on any page: every example magnet, the site's own pages, and those that functions serve.

Each page is looked at on a phone and on a desktop, light and dark.
"""

import re
import shutil
from collections.abc import Iterator

import pytest

from tests.browser.axe import complaints
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.slow]

MAGNETS = sorted(each.name for each in (ROOT / "magnets").iterdir() if (each / "magnet.md").exists())


@pytest.fixture
def page(chromium) -> Iterator:
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def served(serve, tmp_path):
    """The examples, with a question after a long silence, so that its page can be reached."""
    root = tmp_path / "root"
    for name in ("magnets", "site"):
        shutil.copytree(ROOT / name, root / name)
    with (root / "site/site.yaml").open("a") as file:
        file.write("\nsending:\n  clicks: true\n  sunset: 5 days\n")
    return serve(tmp_path / "data", root)


def test_a_page_with_a_mistake_is_noticed(page, axe):
    page.set_content("<html lang=en><title>A page</title><main><h1>A page</h1><img src=x.png></main>")
    assert any("image-alt" in each for each in complaints(page, axe))


@pytest.mark.parametrize("magnet", MAGNETS)
def test_nothing_is_wrong_with_the_pages_of_a_magnet(magnet, served, page, axe):
    told = []
    for name in ("", "thanks/", "confirmed/"):
        assert page.goto(f"{served.origin}/{magnet}/{name}").status == 200
        told += complaints(page, axe)
    # The page with errors is the server's answer to a form without anything in it.
    page.goto(f"{served.origin}/{magnet}/")
    if not page.locator("form[action]").count():  # a survey's form stands on the page of its questions
        page.goto(f"{served.origin}/{magnet}/questions/")
        told += complaints(page, axe)
    with page.expect_navigation():
        page.evaluate("HTMLFormElement.prototype.submit.call(document.querySelector('form[action]'))")
    assert page.locator(".error-summary").is_visible()
    assert told + complaints(page, axe) == []


def test_nothing_is_wrong_with_the_sites_own_pages(served, page, axe):
    told = []
    pages = sorted(each.stem for each in (ROOT / "site/pages").glob("*.md"))
    for path in ("/", *(f"/{name}/" for name in pages), "/not-a-page/"):
        page.goto(served.origin + path)
        told += complaints(page, axe)
    assert told == []


def test_nothing_is_wrong_with_the_pages_behind_links_in_mails(served, page, axe):
    told = []

    def look(link: str) -> None:
        page.goto(link)
        assert page.locator("h1").first.is_visible()
        told.extend(complaints(page, axe))

    served.submit("pricing-your-work", email="ida@example.com", first_name="Ida", consent="yes")
    served.advance("1 second")
    look(served.link("confirm"))
    look(f"{served.origin}/api/confirm?t=x")  # not complete
    served.request(served.link("confirm"), b"")
    served.advance("1 second")
    look(served.link("preferences"))
    served.advance("20 days")
    look(served.link("stay"))
    page.goto(served.link("preferences"))
    with page.expect_navigation():
        page.locator("button[value=data]").click()
    served.advance("1 second")
    texts = " ".join(each["text"] for each in served.mails())  # a letter that waited may have followed it
    data = re.findall(r"http://\S+/api/data\?t=[\w.-]+", texts)[-1]
    look(data)
    look(f"{data}&correct=pricing-your-work")
    look(f"{data}&view=erase")
    page.locator("[name=sure]").check()
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Erase")).click()
    assert "erased" in page.locator("h1").inner_text()
    told += complaints(page, axe)
    assert told == []


def test_nothing_is_wrong_with_the_page_that_lists_several_files(served, page, axe):
    served.submit("dry-summer-garden", email="ida@example.com", consent="yes")
    served.advance("1 second")
    served.request(served.link("confirm"), b"")
    served.advance("1 second")
    page.goto(served.link("download"))
    assert complaints(page, axe) == []
