"""Counted links of a mail: which there are, what each is called, and that both parts of the mail have them."""

import pytest
from bs4 import BeautifulSoup

from leads import placeholders
from leads.funnel import Sending
from leads.mail_types import SERVICE_MAILS
from lodestone.markdown.html import prepare, write_html
from lodestone.markdown.mail_links import LONGEST_NAME, read_links, take_off_names
from lodestone.markdown.parser import parse
from lodestone.render.mail import render_mail
from tests.render.factory import make_funnel, make_mail

PRICES = "https://shop.example/prices"


def tree(markdown: str):
    return prepare(parse(markdown).copy(), "en")


def read(markdown: str):
    return read_links(tree(markdown))


def html_after(change, markdown: str) -> str:
    """The HTML of a tree that was changed."""
    root = tree(markdown)
    change(root)
    return write_html(root)


@pytest.mark.parametrize(
    ("markdown", "name"),
    [
        (f"[see prices]({PRICES}){{#pricing}}", "pricing"),
        (f"[see prices]({PRICES})", "see-prices"),
        (f"[What **it** costs!]({PRICES})", "what-it-costs"),
        (f"[Straße nach Málaga]({PRICES})", "strasse-nach-malaga"),
        (f"[it's here]({PRICES})", "its-here"),
        (f"[价格]({PRICES})", "shop-example"),
        (f"[![A cup](https://shop.example/cup.png)]({PRICES})", "a-cup"),
        (f"[see prices][p]{{#pricing}}\n\n[p]: {PRICES}", "pricing"),
        (f"<a href='{PRICES}' class='x'>see prices</a>{{#pricing}}", "pricing"),
        (f"[{'word ' * 20}]({PRICES})", "word-word-word-word-word-word-word-word"),
        (f"[{'w' * 90}]({PRICES})", "w" * LONGEST_NAME),
    ],
)
def test_a_link_has_the_name_its_author_gave_it_else_one_of_its_words(markdown, name):
    found = read(markdown)
    assert found.destinations == {name: PRICES}
    html = html_after(read_links, markdown)
    assert BeautifulSoup(html, "html.parser").a["href"] == placeholders.mark(f"click:{name}")
    assert "{#" not in html


def test_links_of_the_same_words_are_told_apart_where_they_lead_to_different_places():
    found = read("[here](https://a.example/) [here](https://b.example/) [here](https://a.example/)")
    assert found.destinations == {"here": "https://a.example/", "here-2": "https://b.example/"}


def test_a_name_that_an_author_gave_is_not_taken_by_another_link():
    found = read("[pricing](https://a.example/) [see prices](https://b.example/){#pricing}")
    assert found.destinations == {"pricing": "https://b.example/", "pricing-2": "https://a.example/"}


@pytest.mark.parametrize(
    "markdown",
    [
        "https://shop.example/prices",
        f"[https://shop.example/]({PRICES})",
        f"[www.shop.example]({PRICES})",
        f"[shop.example/prices]({PRICES})",
        "[Write to us](mailto:ann@shop.example)",
        "[Ring us](tel:+441234567)",
        "[Above](#above)",
        f"[Yours](https://shop.example/?n={placeholders.mark('0')})",
        "[Ours](https://münchen.example/)",
        "[Broken](https://[oops/)",
    ],
)
def test_what_cannot_be_counted_honestly_stays_as_it_is(markdown):
    assert read(markdown).destinations == {}
    assert html_after(read_links, markdown) == write_html(tree(markdown))


def test_a_name_behind_such_a_link_is_a_mistake_with_a_reason():
    found = read(
        f"[shop.example]({PRICES}){{#a}} [Write](mailto:a@b.example){{#b}} [Go]({PRICES}){{#Big Name}}"
        f" [Go]({PRICES}){{#c}} [Go](https://else.example/){{#c}}"
    )
    troubles = {name: trouble and trouble[0] for name, trouble in found.given[:3]}
    assert troubles == {
        "a": "a link whose words are an address cannot be counted: mail filters compare the two",
        "b": "only links to web pages can be counted",
        "Big Name": "`Big Name` cannot be the name of a link",
    }
    assert found.given[3] == ("c", None)
    assert found.given[4][1][0] == "a second link named `c` leads somewhere else"


def test_a_destination_is_written_as_a_redirect_takes_it():
    found = read('[Ü](<https://shop.example/ü ber?a=1&b=%20"x"#früh>){#to}')
    assert found.destinations == {"to": "https://shop.example/%C3%BC%20ber?a=1&b=%20%22x%22#fr%C3%BCh"}
    assert read("[x](<https://shop.example/\tx>)").destinations.get("x", "").isprintable()


def test_code_that_looks_like_a_name_is_code():
    assert "{#pricing}" in html_after(read_links, f"`[x]({PRICES}){{#pricing}}`")


BODY = f"""Read [our notice](/privacy/){{#notice}} or [write](mailto:a@b.example).

[See prices]({PRICES}){{#pricing}}
"""


@pytest.fixture
def rendered(press):
    made = press()

    def render(step="first", clicks=True, **source):
        funnel = make_funnel(made.look.site.magnets[0], sending=Sending(clicks=clicks))
        return render_mail(made.look, funnel, make_mail(step, BODY, **source))

    return render


def test_both_parts_of_a_mail_have_the_same_counted_links(rendered):
    mail = rendered()
    assert mail.links == {"notice": "https://quayside.example/privacy/", "pricing": PRICES}
    values = {f"click:{name}": f"https://quayside.example/api/click?t={name}" for name in mail.links}
    html = BeautifulSoup(placeholders.fill(mail.html, values, html=True), "html.parser")
    text = placeholders.fill(mail.text, values, html=False)
    letter = html.find(class_="letter")
    assert [a["href"] for a in letter.find_all("a")] == [
        values["click:notice"],
        "mailto:a@b.example",
        values["click:pricing"],
    ]
    assert letter.find("a", class_="button")["href"] == values["click:pricing"]
    assert all(address in text for address in values.values())
    assert PRICES not in text
    assert "{#" not in text


def test_the_footer_s_links_are_never_counted(rendered):
    names = {part.name for part in rendered().html if isinstance(part, placeholders.Placeholder)}
    assert {each for each in names if each.startswith("click:")} == {"click:notice", "click:pricing"}
    assert "unsubscribe_url" in names


@pytest.mark.parametrize(("step", "clicks"), [("first", False), *((step, True) for step in SERVICE_MAILS)])
def test_nothing_is_counted_in_what_a_lead_asked_for_nor_without_the_owner_s_word(rendered, step, clicks):
    mail = rendered(step, clicks)
    assert mail.links == {}
    for part in (mail.html, mail.text):
        written = placeholders.fill(part, {}, html=False)
        assert PRICES in written
        assert "{#" not in written


def test_a_body_whose_links_are_not_counted_is_left_alone_but_for_the_names():
    html = html_after(take_off_names, '<a href="/x">y</a>{#z} {#z}')
    assert html == '<p><a href="/x">y</a> {#z}</p>'
