"""Questions asked later, in a real browser on a phone, with JavaScript and without."""

import pytest

from tests.browser.axe import complaints

pytestmark = [pytest.mark.browser, pytest.mark.stack]

MAGNET = "quote-sheet"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def reader(chromium, request):
    context = chromium.new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_a_reader_answers_what_is_missing_and_is_not_asked_again(reader, serve, tmp_path):
    served = serve(tmp_path)
    reader.goto(f"{served.origin}/{MAGNET}/")
    assert reader.locator("[name=trade], [name=country]").count() == 0
    served.submit(MAGNET, email="ida@example.com", consent="yes", trade="Design")
    served.advance("1 second")
    served.request(served.link("confirm"), b"")
    served.advance("30 days")
    link = served.link("do/quote-sheet/more_questions/answer")
    reader.goto(link)
    assert reader.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert reader.locator("[name=trade]").input_value() == ""
    assert reader.locator("[name=country] option").nth(1).inner_text() == "Ireland"

    with reader.expect_navigation():
        reader.get_by_role("button").click()
    assert "Answer one question at least" in reader.locator(".error-summary").inner_text()
    reader.locator("[name=country]").select_option("PT")
    with reader.expect_navigation():
        reader.get_by_role("button").click()
    assert reader.locator("h1").inner_text() == "Thank you for the answers"

    reader.goto(link)
    assert reader.locator("h1").inner_text() == "One more question"
    assert not reader.locator("[name=country]").is_visible()
    assert reader.locator("[name=country]").input_value() == ""
    reader.locator("[name=trade]").select_option("Software")
    with reader.expect_navigation():
        reader.get_by_role("button").click()
    assert served.leads()[0]["enrolments"][MAGNET]["answers"] == {"country": "PT", "trade": "Software"}
    reader.goto(link)
    assert reader.locator("h1").inner_text() == "There are no more questions"


def test_nothing_is_wrong_with_the_page_for_those_who_cannot_see_it(chromium, serve, tmp_path, axe):
    served = serve(tmp_path)
    served.submit(MAGNET, email="ida@example.com", consent="yes")
    served.advance("1 second")
    served.request(served.link("confirm"), b"")
    served.advance("30 days")
    context = chromium.new_context()
    page = context.new_page()
    page.goto(served.link("do/quote-sheet/more_questions/answer"))
    told = complaints(page, axe)
    with page.expect_navigation():
        page.get_by_role("button").click()
    assert page.locator(".error-summary").is_visible()
    told += complaints(page, axe)
    context.close()
    assert told == []
