"""A course as a learner takes it, in a real browser, with JavaScript and without: from the form to the last lesson."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.stack]

MAGNET = "one-good-letter"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def learner(chromium, request):
    """A page of a new visitor on a phone."""
    context = chromium.new_context(java_script_enabled=request.param, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(15_000)
    strangers: list[str] = []
    page.on("request", lambda sent: strangers.append(sent.url))
    page.strangers = strangers
    yield page
    context.close()


def link(mail: dict) -> str:
    return re.search(r"http://\S+/api/do/\S+\?t=[\w.-]+", mail["text"])[0]


def test_a_learner_reads_marks_waits_comes_back_and_finishes(learner, chromium, serve, tmp_path):
    served = serve(tmp_path)
    learner.goto(f"{served.origin}/{MAGNET}/")
    learner.locator(".hero [name=email]").fill("ida@example.com")
    learner.locator(".hero [name=consent]").check()
    learner.locator(".hero button[type=submit]").click()
    learner.wait_for_url(f"**/{MAGNET}/thanks/")
    served.advance("1 second")
    learner.goto(served.link("confirm"))
    learner.locator("main button").click()
    learner.wait_for_url(f"**/{MAGNET}/confirmed/")
    served.advance("1 second")
    course = link(served.mails()[-1])

    # The first lesson: its solution is folded away, its button at the foot, the others locked with their time.
    learner.goto(course)
    assert learner.locator("h1").inner_text() == "One reader"
    assert not learner.get_by_text("I have put my rate up").is_visible()
    learner.locator(".solution summary").first.click()
    assert learner.get_by_text("I have put my rate up").is_visible()
    assert learner.locator(".lessons .locked").count() == 4
    assert learner.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    # Done: the next lesson opens tomorrow, and the page says when.
    learner.locator(".mark button").click()
    learner.wait_for_url("**view=course*")
    assert "That is all for now" in learner.locator("h1").inner_text()
    assert learner.locator("progress").get_attribute("value") == "1"
    served.advance("24 hours")
    mail = served.mails()[-1]
    assert mail["subject"] == "Open now: One thing to do"

    # On another device the same link leads on.
    other = chromium.new_page()
    other.goto(course)
    assert other.locator("h1").inner_text() == "One thing to do"
    other.close()
    learner.goto(link(mail))
    assert learner.locator("h1").inner_text() == "One thing to do"

    # A mark is taken back, and the pace is the learner's choice.
    learner.get_by_role("link", name="One reader", exact=True).click()
    learner.locator(".mark button").click()
    learner.wait_for_load_state()
    assert learner.locator("progress").get_attribute("value") == "0"
    learner.locator(".mark button").click()
    learner.wait_for_url("**lesson=one-thing-to-do*")
    learner.get_by_role("link", name="All lessons").click()
    learner.get_by_role("button", name="Open all lessons now").click()
    learner.wait_for_load_state()
    assert learner.locator(".lessons .locked").count() == 0

    # The quiz is judged by the server, and says of each answer what was right.
    learner.goto(course)
    assert "stand beside her" not in learner.content()
    learner.get_by_label("She answers with a line of her quote.").check()
    learner.get_by_label("Her name").check()
    learner.get_by_label("One question").check()
    learner.get_by_label("How many things does one letter ask for?").fill("1")
    learner.get_by_role("button", name="Answer").click()
    learner.locator(".quiz .result").wait_for()
    assert "3 of 3 right. You have passed." in learner.locator(".quiz").inner_text()
    assert learner.locator(".quiz .right").count() == 3

    # The rest, to the end.
    learner.goto(course)
    for title in ("One thing to do", "The first line", "A third less", "Send it"):
        assert learner.locator("h1").inner_text() == title
        learner.locator(".mark button").click()
        learner.wait_for_load_state()
    assert learner.locator("h1").inner_text() == "You have done the whole course"
    served.advance("30 days")
    assert [each["subject"] for each in served.mails()][3:] == ["The first line you wrote"]
    assert all(each.startswith((served.origin, "data:")) for each in learner.strangers)
