"""The pages behind the links in mails."""

import pytest

from leads.slots import Html
from lodestone.render.service import render_service_pages


@pytest.fixture
def pages(press):
    return render_service_pages(press().look)


@pytest.mark.parametrize("name", ["confirm", "unsubscribe"])
def test_the_page_has_one_button_that_posts_the_token(pages, filled, name):
    page = filled(pages[name], title="The book", action="/api/x", token="a.b")
    (form,) = page.find_all("form")
    assert (form["method"], form["action"]) == ("post", "/api/x")
    assert form.find("input", attrs={"name": "t"})["value"] == "a.b"
    assert len(page.find_all("button")) == 1


def test_the_unsubscribed_page_needs_nothing(pages, filled):
    page = filled(pages["unsubscribed"])
    assert "You are unsubscribed" in page.h1.text
    assert not page.find("form")


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
