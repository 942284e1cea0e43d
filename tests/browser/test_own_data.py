"""The lead's own pages in a real browser, on a phone, with JavaScript and without: fewer mails, their data, erasure."""

import json

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.stack]

MAGNET = "pricing-your-work"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def reader(chromium, request):
    """A page on a phone; what its console complained of must be nothing in the end."""
    context = chromium.new_context(
        java_script_enabled=request.param, viewport={"width": 390, "height": 844}, accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def sign_up(served) -> None:
    """From the form to the delivery mail."""
    served.submit(MAGNET, email="ida@example.com", first_name="Ida", consent="yes")
    served.advance("1 second")
    served.request(served.link("confirm"), b"")
    served.advance("1 second")


def press(reader, name: str) -> None:
    """Press a button, and wait for the page behind it: what is looked at next must not be the one before."""
    with reader.expect_navigation():
        reader.get_by_role("button", name=name, exact=True).click()


def follow(reader, name: str) -> None:
    with reader.expect_navigation():
        reader.get_by_role("link", name=name).click()


def heading(reader) -> str:
    return reader.locator("h1").inner_text()


def fits(reader) -> bool:
    return reader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_reader_takes_fewer_mails_then_none(reader, serve, tmp_path):
    served = serve(tmp_path)
    sign_up(served)
    reader.goto(served.link("unsubscribe"))
    assert reader.locator(".choices button").all_inner_texts() == [
        "Stop these letters",
        "One mail a week at most",
        "Stop everything",
    ]
    assert fits(reader)
    press(reader, "One mail a week at most")
    assert heading(reader) == "One mail a week, at most"
    served.advance("9 days")
    assert len(served.mails()) == 4
    press(reader, "As often as they come")
    press(reader, "Stop these letters")
    assert heading(reader).startswith("No more letters about")
    press(reader, "Stop everything")
    assert heading(reader) == "We send you nothing more"
    assert reader.locator(".choices").count() == 0
    served.advance("60 days")
    assert len(served.mails()) == 4


def test_a_reader_sees_puts_right_takes_away_and_erases_what_is_stored(reader, serve, tmp_path):
    served = serve(tmp_path)
    sign_up(served)
    reader.goto(served.link("preferences"))
    press(reader, "Mail me the link")
    assert heading(reader) == "Look in your inbox"
    served.advance("1 second")

    reader.goto(served.link("data"))
    assert reader.get_by_text("ida@example.com").first.is_visible()
    assert reader.locator(".receipt blockquote").count() == 1
    assert fits(reader)

    with reader.expect_download() as download:
        reader.get_by_role("link", name="Save my data as a file").click()
    assert json.loads(download.value.path().read_text("utf-8"))["email"] == "ida@example.com"

    # What is wrong comes back with the error at its field; what is right counts.
    follow(reader, "Put your answers right")
    reader.locator("[name=phone]").fill("12")
    press(reader, "Save")
    assert reader.locator("[name=phone]").get_attribute("aria-invalid") == "true"
    reader.locator("[name=phone]").fill("")
    reader.locator("[name=first_name]").fill("Ada")
    press(reader, "Save")
    assert reader.locator(".done").is_visible()
    answers = [each["answers"] for each in served.leads()[0]["enrolments"].values()]
    assert [each["first_name"] for each in answers] == ["Ada"]

    # The browser asks for the tick, and nothing goes without it.
    follow(reader, "Erase what is stored about me")
    assert fits(reader)
    reader.get_by_role("button", name="Erase it").click()
    assert served.leads()[0]["email"] == "ida@example.com"
    reader.locator("#sure").check()
    press(reader, "Erase it")
    reader.get_by_role("heading", name="It is erased").wait_for()
    reader.goto(served.link("data"))
    assert heading(reader) == "What we had stored about you is erased"
    served.advance("60 days")
    assert "example.com" not in json.dumps(served.leads())
    assert len(served.mails()) == 3
