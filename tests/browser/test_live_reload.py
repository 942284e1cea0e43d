"""An edit shows in the open page by itself; what is wrong shows over the last good build."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Error

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.browser, pytest.mark.stack]


@pytest.fixture
def root(tmp_path):
    """A copy of the examples, to be edited."""
    for name in ("magnets", "site"):
        shutil.copytree(ROOT / name, tmp_path / "root" / name)
    return tmp_path / "root"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def letter_spacing(page) -> str:
    """Of the first heading; "" while the page is reloading under our hands."""
    try:
        return page.locator("h1").first.evaluate("each => getComputedStyle(each).letterSpacing")
    except Error:
        return ""


def wait_until(page, holds) -> None:
    """Playwright's own wait evaluates in the page, which the page's policy forbids."""
    for _ in range(150):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("it never came true")


def test_an_open_page_follows_text_template_and_style_and_shows_problems(chromium, serve, root, tmp_path):
    served = serve(tmp_path / "data", root)
    page = chromium.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{served.origin}/dry-summer-garden/")
    magnet = root / "magnets" / "dry-summer-garden" / "magnet.md"

    headline = next(line for line in magnet.read_text("utf-8").splitlines() if line.startswith("headline:"))
    edit(magnet, headline, "headline: Edited while you looked")
    page.get_by_role("heading", name="Edited while you looked").wait_for()

    edit(magnet, "kind: ebook", "kind: ebok")
    page.get_by_text("unknown kind").first.wait_for()
    assert page.get_by_role("heading", name="Edited while you looked").count() == 1
    assert "magnet.md:" in page.locator("body").inner_text()

    edit(magnet, "kind: ebok", "kind: ebook")
    page.get_by_text("unknown kind").first.wait_for(state="detached")

    templates, assets = root / "site" / "templates", root / "site" / "assets"
    for folder in (templates, assets):
        folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "site" / "assets" / "site.css", assets / "site.css")
    with (assets / "site.css").open("a") as sheet:
        sheet.write("\nh1 { letter-spacing: 7px !important; }\n")
    wait_until(page, lambda: letter_spacing(page) == "7px")

    base = (ROOT / "site" / "templates" / "base.html").read_text("utf-8")
    (templates / "base.html").write_text(base.replace("</body>", "<p>From a template</p></body>"), "utf-8")
    page.get_by_text("From a template").wait_for()
    page.close()
