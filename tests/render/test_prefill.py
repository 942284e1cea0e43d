"""Fields that a link fills in, in a real browser: marked ones alone, and only with what they may hold."""

import pytest

from leads.funnel import Field, Option
from tests.render.test_browser import ORIGIN, Visit

pytestmark = pytest.mark.browser

FIELDS = (
    Field("email", "E-mail", "email", required=True, prefill=True),
    Field("first_name", "First name"),
    Field("company", "Company", prefill=True, max_length=12),
    Field("code", "Code", pattern="[A-Z]{3}", prefill=True),
    Field("seats", "Seats", "number", prefill=True),
    Field("land", "Country", "country", options=(Option("DE", "Germany"),), prefill=True),
    Field("size", "Size", "radio", options=(Option("1", "Me"), Option("2+", "More")), prefill=True),
    Field("topics", "Topics", "checkboxes", options=(Option("a", "Rates"),), prefill=True),
    Field("note", "Note", "textarea", prefill=True),
    Field("source", "Where from", "hidden", prefill=True, max_length=10),
)


@pytest.fixture
def sent(chromium, press):
    """Open the page with these parameters, send the form, and return what it posted."""
    made = press(funnel={"fields": FIELDS})
    contexts = []

    def send(address: str) -> dict[str, list[str]]:
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        visit = Visit(contexts[-1].new_page(), made.look.files | made.pages())
        visit.answers = [(200, '{"ok": true, "next": "/quiet-price/thanks/"}')]
        visit.page.goto(f"{ORIGIN}/quiet-price/{address}")
        visit.page.click(".closing button")
        visit.page.wait_for_url("**/thanks/")
        # Chromium remarks on what a number field does not take.
        assert [each for each in visit.complaints if not each.startswith("The specified value")] == []
        return visit.posts[0]

    yield send
    for each in contexts:
        each.close()


def test_what_the_author_marked_is_filled_in_both_forms_from_query_and_hash(sent):
    posted = sent(
        "?company=Quay+%26+Co&land=DE&size=2%2B&seats=12&code=ABC&source=spring"
        "#email=ada%40example.com&topics=a&note=Two%0Alines"
    )
    assert posted["email"] == ["ada@example.com"]
    assert posted["company"] == ["Quay & Co"]
    assert (posted["land"], posted["size"], posted["topics"]) == (["DE"], ["2+"], ["a"])
    assert (posted["seats"], posted["code"], posted["source"]) == (["12"], ["ABC"], ["spring"])
    assert posted["note"] == ["Two\nlines"]


def test_nothing_else_is(sent):
    posted = sent("?first_name=Ada&consent=yes&_website=x&_build=x&email=a%40example.com#first_name=Ada")
    assert posted["first_name"] == [""]
    assert "consent" not in posted
    assert posted["_website"] == [""]
    assert posted["_build"] != ["x"]


def test_what_a_field_may_not_hold_is_left_out(sent):
    posted = sent(
        "?company=Thirteen+char&land=Germany&size=3&seats=many&code=abc&email=ada&topics=b&source=elevenchars"
    )
    empty = {"company", "land", "seats", "code", "email", "source"}
    assert {name: posted[name] for name in empty} == dict.fromkeys(empty, [""])
    assert not {"size", "topics"} & set(posted)


def test_a_name_that_is_given_twice_fills_nothing(sent):
    posted = sent("?company=One&company=Two&source=a&code=ABC#source=b&code=ABC")
    assert (posted["company"], posted["source"], posted["code"]) == ([""], [""], [""])


def test_what_stands_behind_the_hash_is_sent_in_no_other_field(sent):
    posted = sent("?utm_source=letter#email=ada%40example.com")
    assert posted["_landing"] == [f"{ORIGIN}/quiet-price/?utm_source=letter"]


def test_a_link_to_a_part_of_the_page_fills_nothing(sent):
    assert sent("#form")["email"] == [""]
