"""The funnel as a visitor meets it, in a real browser, with JavaScript and without: form to unsubscribe."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.stack]

MAGNET = "pricing-your-work"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(chromium, request):
    """A page of a new visitor; what its console complained of must be nothing in the end."""
    context = chromium.new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    strangers: list[str] = []
    page.on("request", lambda sent: strangers.append(sent.url))
    page.strangers = strangers
    yield page
    context.close()
    assert complaints == []


def test_a_visitor_gets_the_book_the_letters_and_peace(visitor, serve, tmp_path):
    served = serve(tmp_path)

    # The index leads to the landing page, campaign and all.
    visitor.goto(f"{served.origin}/")
    assert visitor.locator(f'a[href^="/{MAGNET}/"]').count()
    visitor.goto(f"{served.origin}/{MAGNET}/?utm_source=letter&gclid=abc")

    # A wrong form comes back as it was left, the error beside its field and linked from a summary.
    form = visitor.locator("form").first
    form.locator("[name=email]").fill("ida@nowhere")
    form.locator("[name=first_name]").fill("Ida")
    form.locator("[name=consent]").check()
    form.locator("button[type=submit]").click()
    summary = visitor.locator(".error-summary")
    summary.wait_for()
    link = summary.locator("a").first
    assert "name@example.com" in link.inner_text()
    email = visitor.locator(f"#{link.get_attribute('href').removeprefix('#')}")
    assert email.get_attribute("aria-invalid") == "true"
    assert visitor.locator(".field-error").first.is_visible()
    form = visitor.locator("form", has=email)
    assert form.locator("[name=first_name]").input_value() == "Ida"
    assert form.locator("[name=consent]").is_checked()

    # Mended, it leads to the thank-you page, and one mail is on its way.
    email.fill("ida@example.com")
    form.locator("button[type=submit]").click()
    visitor.wait_for_url(f"**/{MAGNET}/thanks/")
    served.advance("1 second")
    assert [each["to"] for each in served.mails()] == ["ida@example.com"]

    # The opt-in mail's link shows one obvious button; pressing it confirms and brings the delivery.
    visitor.goto(served.link("confirm"))
    assert visitor.locator("main button").count() == 1
    visitor.locator("main button").click()
    visitor.wait_for_url(f"**/{MAGNET}/confirmed/")
    served.advance("1 second")
    assert len(served.mails()) == 2

    # Its link opens the book.
    visitor.goto(served.link("download"))
    assert visitor.locator("h1").first.is_visible()
    assert visitor.evaluate("getComputedStyle(document.body).maxWidth !== ''")

    # Each letter comes when its author said.
    served.advance("40 days")
    assert len(served.mails()) == 7
    lead = served.leads()[0]
    assert lead["first_touch"]["utm_source"] == "letter"
    assert lead["first_touch"]["gclid"] == "abc"
    assert lead["enrolments"][MAGNET]["finished_at"]

    # One button ends it.
    visitor.goto(served.link("unsubscribe"))
    visitor.get_by_role("button", name="Stop everything").click()
    visitor.get_by_text(re.compile("unsubscribed", re.I)).first.wait_for()
    served.advance("40 days")
    assert len(served.mails()) == 7
    assert served.leads()[0]["suppression"]["reason"] == "unsubscribed"

    assert [url for url in visitor.strangers if not url.startswith((served.origin, "data:"))] == []


def test_unsubscribing_half_way_stops_the_rest(serve, tmp_path, chromium):
    served = serve(tmp_path)
    served.submit(MAGNET, email="ida@example.com", consent="yes")
    served.advance("1 second")
    served.request(served.link("confirm"), b"")
    served.advance("5 days")
    received = len(served.mails())
    assert 2 < received < 7
    body = b"List-Unsubscribe=One-Click"
    answer = served.request(
        served.link("unsubscribe"), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer[0] == 200
    served.advance("60 days")
    assert len(served.mails()) == received
