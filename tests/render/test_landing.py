"""The landing page and the pages after the form."""

import pytest

from leads.funnel import Field
from tests.render.factory import FIELDS


def test_the_form_stands_near_the_top_and_at_the_end(press):
    forms = press().page().find_all("form", class_="reply")
    assert [form["action"] for form in forms] == ["/api/leads/quiet-price"] * 2
    assert forms[0].find_parent("section")["class"] == ["hero"]
    assert forms[1].find_parent("section")["class"] == ["closing"]


def test_sections_without_content_are_left_out(press):
    bare = {
        "cover": None,
        "benefits": [],
        "excerpt": "",
        "testimonials": [],
        "faq": [],
        "book": None,
        "body": "",
    }
    page = press(**bare).page()
    assert [section["class"] for section in page.main.find_all("section")] == [["hero"], ["closing"]]


def test_all_sections_appear_in_order(press):
    classes = [section["class"][0] for section in press().page().main.find_all("section")]
    assert classes == ["hero", "benefits", "copy", "inside", "excerpt", "voices", "questions", "closing"]


def test_the_cover_is_published_under_a_name_that_changes_with_it(press):
    made = press()
    image = made.page().find("img")
    assert image["src"].startswith("/assets/quiet-price/cover.")
    assert image["src"][1:] in made.pages()
    assert (image["width"], image["height"]) == ("300", "450")


def test_without_a_cover_the_jacket_is_set_from_title_and_author(press):
    jacket = press(cover=None).page().find(class_="jacket")
    assert jacket.find(class_="jacket-title").text == "The Quiet Price Rise"
    assert jacket.find(class_="jacket-author").text == "Mara Ellison"


def test_benefits_may_be_lines_or_titles_with_a_text(press):
    items = press().page().find(class_="benefits").find_all("li")
    assert [bool(item.p) for item in items] == [True, True, False]
    assert items[2].h3.text == "A plan for the client who says no"


def test_the_contents_name_chapters_and_parts(press):
    entries = press().page().find(class_="contents").find_all(class_="entry")
    assert [each.text for each in entries] == ["Before you start", "The letters"]


def test_facts_say_what_one_gets_in_numbers(press):
    facts = [each.text for each in press().page().find(class_="facts").find_all("li")]
    assert facts == ["2 chapters", "2 minutes to read", "HTML, 480 kB"]


def test_pictures_in_the_copy_are_published_and_sized(press):
    made = press(body="![The steps](steps.png)")
    image = made.page().find(class_="copy").img
    assert image["src"][1:] in made.pages()
    assert (image["width"], image["height"], image["alt"]) == ("640", "200", "The steps")


def test_a_tasks_box_says_whether_it_is_done(press):
    boxes = press(body="- [ ] write\n- [x] read").page().find(class_="copy").find_all("input")
    assert [box["aria-label"] for box in boxes] == ["to do", "done"]


def test_headings_of_the_copy_stand_below_the_pages_own(press):
    copy = press(body="# The Quiet Price Rise\n\n# Why\n\n## How").page().find(class_="copy")
    assert [(each.name, each.text) for each in copy.find_all(["h1", "h2", "h3"])] == [
        ("h2", "Why"),
        ("h3", "How"),
    ]


def test_what_previews_read_is_absolute(press):
    page = press().page()
    assert page.find("link", rel="canonical")["href"] == "https://quayside.example/quiet-price/"
    image = page.find("meta", property="og:image")["content"]
    assert image.startswith("https://quayside.example/assets/quiet-price/cover.")


def test_an_author_may_keep_a_page_out_of_search(press):
    page = press(seo={"noindex": True}).page()
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_front_matter_is_text_and_never_markup(press):
    page = press(headline="Rates <b>& more</b>").page()
    assert page.h1.text == "Rates <b>& more</b>"


@pytest.mark.parametrize(
    ("opt_in", "says"), [("double", "confirm your address"), ("single", "Follow the link")]
)
def test_the_thank_you_page_says_what_happens_next(press, opt_in, says):
    page = press(funnel={"opt_in": opt_in}).page("quiet-price/thanks/index.html")
    assert says in page.main.text
    assert "mara@quayside.example" in page.main.text


def test_the_thank_you_page_takes_the_authors_words(press):
    page = press(thanks={"heading": "One more step", "text": "Go *now*."}).page(
        "quiet-price/thanks/index.html"
    )
    assert page.h1.text == "One more step"
    assert page.main.find("em").text == "now"


def test_a_call_page_exists_only_where_a_lead_may_leave_a_phone_number_alone(press):
    phone = Field("phone", "Telephone", "phone")
    optional_email = Field("email", "E-mail", "email")
    assert "quiet-price/call/index.html" not in press().pages()
    assert "quiet-price/call/index.html" not in press(funnel={"fields": (*FIELDS, phone)}).pages()
    assert "quiet-price/call/index.html" in press(funnel={"fields": (optional_email, phone)}).pages()
    assert "quiet-price/call/index.html" in press(funnel={"fields": (phone,)}).pages()
