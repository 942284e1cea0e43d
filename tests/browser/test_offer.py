"""An offer as a visitor meets it, in a real browser, with JavaScript and without: form, code, and the end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lodestone.cli.starter import write_starter

pytestmark = [pytest.mark.browser, pytest.mark.stack]

LINK = "do/rope/deadline/open"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(chromium, request):
    """A page of a visitor in Kiritimati; what its console complained of must be nothing in the end."""
    context = chromium.new_context(
        java_script_enabled=request.param,
        viewport={"width": 390, "height": 844},
        timezone_id="Pacific/Kiritimati",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.has_script = request.param
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An offer that ends in three days for all, with two codes."""
    folder = tmp_path / "root"
    write_starter(folder, "offer", "rope")
    path = folder / "magnets" / "rope" / "magnet.md"
    ends = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    text = path.read_text("utf-8").replace("window: 7 days", f"ends: {ends}Z")
    path.write_text(text.replace("code: WELCOME\n", "codes: codes.txt\n"), "utf-8")
    (path.parent / "codes.txt").write_text("ROPE-1\nROPE-2\n")
    return folder


def sign_up(visitor, served, address: str) -> None:
    visitor.goto(f"{served.origin}/rope/")
    form = visitor.locator("form").first
    form.locator("[name=email]").fill(address)
    form.locator("[name=consent]").check()
    form.locator("button[type=submit]").click()


def to_visitors(served) -> list[dict]:
    """The mails but for those to the owner, who is told how many codes are left."""
    return [
        each for each in served.mails() if each["to"].endswith("@example.com") and "hello" not in each["to"]
    ]


def test_a_visitor_gets_a_code_and_after_the_end_the_closed_page(visitor, serve, tmp_path, root):
    served = serve(tmp_path / "data", root)

    # The page says until when, and a script also on the visitor's own clock.
    visitor.goto(f"{served.origin}/rope/")
    end = visitor.locator(".coupon-end")
    assert "Until " in end.inner_text()
    assert ("where you are: " in end.inner_text()) == visitor.has_script

    sign_up(visitor, served, "ida@example.com")
    visitor.wait_for_url("**/rope/thanks/")
    served.advance("1 second")
    visitor.goto(served.link("confirm"))
    visitor.locator("main button").click()
    visitor.wait_for_url("**/rope/confirmed/")
    served.advance("1 second")

    # The mail's link shows a button, the button a code; it stands there at every later look.
    link = served.link(LINK)
    visitor.goto(link)
    assert not visitor.locator(".code").count()
    visitor.locator("main button").click()
    code = visitor.locator(".code code")
    code.wait_for()
    shown = code.inner_text()
    assert shown in ("ROPE-1", "ROPE-2")
    assert shown not in visitor.url
    visitor.goto(link)
    assert code.inner_text() == shown
    assert visitor.locator("main a.to-shop").get_attribute("href") == "https://shop.example.com/"

    # Who has the code is not reminded, and after the end the link and the form say that it is over.
    served.advance("3 days")
    assert len(to_visitors(served)) == 2
    visitor.goto(link)
    assert visitor.locator("h1").inner_text() == "This offer has ended"
    assert not visitor.locator(".code").count()
    sign_up(visitor, served, "late@example.com")
    visitor.locator("h1", has_text="This offer has ended").wait_for()
    assert "The usual price applies again" in visitor.locator("main").inner_text()
    served.advance("1 second")
    assert len(to_visitors(served)) == 2
    assert len(served.leads()) == 1
