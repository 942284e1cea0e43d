"""The pages behind the links in mails."""

import pytest

from leads.funnel import Field
from leads.placeholders import Html
from lodestone.render.service import render_answers_page, render_service_pages
from tests.render.factory import ALL_FIELDS


@pytest.fixture
def pages(press):
    return render_service_pages(press().look)


@pytest.mark.parametrize("name", ["confirm", "stay", "erase"])
def test_the_page_has_one_button_that_posts_the_token(pages, filled, name):
    page = filled(pages[name], title="The book", action="/api/x", token="a.b")
    (form,) = page.find_all("form")
    assert (form["method"], form["action"]) == ("post", "/api/x")
    assert form.find("input", attrs={"name": "t"})["value"] == "a.b"
    assert len(page.find_all("button")) == 1


def test_the_preference_page_posts_for_the_link_to_the_data(pages, filled):
    page = filled(pages["preferences"], heading="Fewer", text="<b>", action="/api/preferences", token="a.b")
    (form,) = page.main.find_all("form")
    assert (form["method"], form["action"]) == ("post", "/api/preferences")
    assert form.find("input", attrs={"name": "t"})["value"] == "a.b"
    assert (form.button["name"], form.button["value"]) == ("choice", "data")
    assert (page.h1.text, page.main.find_all("p")[1].text) == ("Fewer", "<b>")


def test_erasing_needs_a_tick_that_nobody_made_in_advance(pages, filled):
    page = filled(pages["erase"], fault="Tick the box first.")
    tick = page.find("input", type="checkbox")
    assert tick["name"] == "sure"
    assert tick.has_attr("required")
    assert not tick.has_attr("checked")
    assert page.find(id=tick["aria-describedby"]).text == "Tick the box first."


def test_what_stays_after_an_erasure_is_said(pages, filled):
    page = filled(pages["erased"])
    assert [each.strong.text for each in page.main.find_all("li")] == [
        "A mark that somebody was erased.",
        "Backups",
        "Technical logs.",
    ]
    assert not page.find("form")


def test_the_page_to_put_answers_right_asks_everything_but_the_address(press, filled):
    made = press(funnel={"fields": ALL_FIELDS})
    parts = render_answers_page(made.look, made.magnet, made.funnel)
    page = filled(parts, action="/api/data", token="a.b", email="ida@example.com", **{"value:note": "<Hm>"})
    (form,) = page.main.find_all("form")
    assert (form["method"], form["action"]) == ("post", "/api/data")
    asked = {each["name"] for each in form.find_all(["input", "select", "textarea"])}
    assert asked == {each.name for each in ALL_FIELDS if each.type != "email"} | {"t"}
    assert form.find("textarea").text == "<Hm>"
    assert (form.button["name"], form.button["value"]) == ("correct", made.funnel.slug)
    assert form.find("strong").text == "ida@example.com"
    # The script answers the landing page's form in place, as a submission; this one is none.
    assert "reply" not in form["class"]


def test_a_form_that_asks_for_the_address_alone_leaves_nothing_to_put_right(press, filled):
    made = press(funnel={"fields": (Field("email", "E-mail", "email", required=True),)})
    page = filled(render_answers_page(made.look, made.magnet, made.funnel), email="ida@example.com")
    assert not page.main.find("button")


def test_the_download_page_lists_what_it_is_given(pages, filled):
    page = filled(pages["download"], title="A & B", items=Html('<li><a href="/f">Book</a></li>'))
    assert page.h1.text == "A & B"
    assert page.find(class_="downloads").a["href"] == "/f"


def test_a_message_leads_onward(pages, filled):
    page = filled(
        pages["message"], heading="Too old", text="<It> expired.", link_href="/q/", link_label="Again"
    )
    assert (page.h1.text, page.main.p.text) == ("Too old", "<It> expired.")
    assert page.main.a["href"] == "/q/"
