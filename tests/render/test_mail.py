"""Mails: the HTML part, the text part, and what must stand beneath both."""

import re

import pytest
from bs4 import BeautifulSoup, Comment

from leads import placeholders
from leads.mail_text import WIDTH, fold
from lodestone.content.model import MailSource
from lodestone.content.schema import MailFront, Theme
from lodestone.markdown.html import prepare
from lodestone.markdown.parser import parse
from lodestone.markdown.text import write_text
from lodestone.render.colour import AA, contrast
from lodestone.render.mail import LARGEST_MAIL, render_mail
from tests.render.factory import make_document, make_mail, make_png

BODY = """Hi {{ first_name | default("there") }},

read [our notice](/privacy/) first.

[Download the book]({{ download_url }})
"""
VALUES = {"download_url": "https://q.example/d?t=1&x=2", "unsubscribe_url": "https://q.example/u?t=3"}


@pytest.fixture
def mail(press):
    made = press()

    def render(step="delivery", body=BODY, **front):
        return render_mail(made.look, made.funnel, make_mail(step, body, **front))

    return render


def html_of(mail, **values):
    return BeautifulSoup(placeholders.fill(mail.html, {**VALUES, **values}, html=True), "html.parser")


def text_of(mail, **values):
    return fold(placeholders.fill(mail.text, {**VALUES, **values}, html=False))


def test_placeholders_are_filled_in_subject_preheader_and_both_bodies(mail):
    made = mail(subject="For {{ first_name }}", preheader="{{ first_name | upper }}")
    assert placeholders.fill(made.subject, {"first_name": "Ada"}, html=False) == "For Ada"
    html = html_of(made, first_name="Ada <b>")
    assert html.find(class_="preheader").text == "ADA <B>"
    assert "Hi Ada <b>," in html.find(class_="letter").text
    assert text_of(made, first_name="Ada").startswith("Hi Ada,\n")
    assert text_of(made).startswith("Hi there,\n")


def test_a_link_alone_in_its_paragraph_is_a_button(mail):
    html = html_of(mail())
    assert html.find("a", class_="button")["href"] == VALUES["download_url"]
    assert len(html.find_all("a", class_="button")) == 1


@pytest.mark.parametrize(
    "body", ["https://other.example/a", "[![A jar](https://other.example/j.png)](/jars/)"]
)
def test_a_bare_address_and_a_picture_are_no_buttons(mail, body):
    html = html_of(mail(body=body))
    assert html.find("a", class_="button") is None
    assert html.find(class_="letter").a


def test_what_needs_a_browser_becomes_words_and_signs(mail):
    made = mail(body="A note.[^1]\n\n- [x] done\n- [ ] to do\n\n```\ncode\n```\n\n[^1]: It says this.\n")
    letter = html_of(made).find(class_="letter")
    assert [each.name for each in letter.find_all(["a", "input"])] == []
    assert [each.text.strip() for each in letter.find("ul").find_all("li")] == ["☑ done", "☐ to do"]
    assert letter.sup.text == "1"
    assert letter.pre.find_parent("p") is None
    assert "tabindex" not in letter.pre.attrs
    text = text_of(made)
    assert "A note.[1]" in text
    assert "- [x] done\n- [ ] to do" in text
    assert "\n    code\n" in text
    assert "\n1. It says this.\n" in text


def test_links_to_the_site_are_absolute(mail):
    assert html_of(mail()).find("a", string="our notice")["href"] == "https://quayside.example/privacy/"
    assert "our notice (https://quayside.example/privacy/)" in text_of(mail())


def test_styles_stand_on_elements_and_dark_mode_in_one_sheet(mail):
    html = html_of(mail())
    assert "color:" in html.find("a", class_="button")["style"].replace(" ", "")
    (sheet,) = html.find_all("style")
    assert "prefers-color-scheme: dark" in sheet.text


def test_the_letter_is_as_wide_as_the_screen_and_no_wider_than_600_pixels_in_outlook_too(mail):
    html = html_of(mail())
    sheet = html.find(class_="sheet")
    assert "width: 100%" in sheet["style"]
    assert "max-width: 600px" in sheet["style"]
    _, before, after = html.find_all(string=lambda text: isinstance(text, Comment))
    assert before.startswith("[if mso]><table")
    assert 'width="600"' in before
    assert after == "[if mso]></td></tr></table><![endif]"


def test_tables_of_the_layout_are_none_to_a_screen_reader(mail):
    tables = html_of(mail()).find_all("table")
    assert len(tables) == 3
    assert all(table["role"] == "presentation" for table in tables)


def test_a_button_is_big_enough_for_a_thumb_and_padded_in_outlook_by_its_cell(mail):
    button = html_of(mail()).find("a", class_="button")
    style = dict(each.split(":") for each in button["style"].replace(" ", "").split(";") if each)
    height = 2 * int(style["padding"].partition("px")[0]) + float(style["line-height"]) * int(
        style["font-size"].removesuffix("px")
    )
    assert height >= 44
    assert "mso-padding-alt: 14px 28px" in button.parent["style"]


def test_an_inbox_shows_the_preheader_and_then_nothing(mail):
    words, blank = html_of(mail(preheader="In short.")).find_all(class_="preheader")
    assert words.text == "In short."
    assert set(blank.text) == {"\u00a0", "\u200c"}
    assert all("display: none" in each["style"] for each in (words, blank))


def test_without_a_preheader_an_inbox_shows_how_the_letter_begins(mail):
    assert html_of(mail()).find(class_="preheader") is None


@pytest.mark.parametrize(("language", "dir", "side"), [("en-IE", "ltr", "left"), ("he", "rtl", "right")])
def test_a_letter_says_its_language_and_runs_in_its_direction(press, language, dir, side):
    made = press(funnel={"language": language})
    html = html_of(render_mail(made.look, made.funnel, make_mail("first", "- one")))
    for element in (html.html, html.find(role="article")):
        assert (element["lang"], element["dir"]) == (language, dir)
    assert f"text-align: {side}" in html.find(class_="sheet")["style"]
    assert f"margin-{side}: 24px" in html.ul["style"]


@pytest.mark.parametrize("accent", ["#9c3d1c", "#ffee66", "#101010"])
def test_links_and_buttons_are_readable_in_light_and_dark_whatever_the_accent(press, accent):
    made = press(site={"theme": Theme(accent=accent, accent_dark=accent)})
    html = html_of(render_mail(made.look, made.funnel, make_mail("first", BODY)))
    link, button = html.find("a", string="our notice"), html.find("a", class_="button")
    assert contrast(colour(link["style"], "color"), "#ffffff") >= AA
    assert contrast(colour(button["style"], "color"), colour(button["style"], "background-color")) >= AA
    dark = html.style.text.partition("dark) {")[2]
    assert (
        contrast(colour(rule(dark, ".letter a"), "color"), colour(rule(dark, ".sheet"), "background-color"))
        >= AA
    )
    fill = colour(rule(dark, ".letter .cell, .letter .button"), "background-color")
    assert contrast(colour(rule(dark, ".letter .button"), "color"), fill) >= AA


def rule(sheet: str, selector: str) -> str:
    return re.search(rf"^\s*{re.escape(selector)} {{(.*)}}", sheet, re.M)[1]


def colour(style: str, name: str) -> str:
    return re.search(rf"(?:^|[ ;]){name}: (#[0-9a-f]{{6}})", style)[1]


@pytest.fixture
def illustrated(press, tmp_path):
    """A mail that shows jar.png, which lies beside it; with what is published for it."""
    made = press()
    (tmp_path / "jar.png").write_bytes(make_png(900, 300))

    def render(body):
        front = MailFront(subject="A jar")
        source = MailSource("first", make_document(tmp_path / "first.md", body), front)
        published = {}
        return html_of(render_mail(made.look, made.funnel, source, published)), published

    return render


def test_a_picture_beside_a_mail_is_published_and_shown_by_its_whole_address(illustrated):
    html, published = illustrated("![A jar](jar.png)")
    ((path, content),) = published.items()
    assert re.fullmatch(r"assets/quiet-price/jar\.[0-9a-f]{10}\.png", path)
    assert content == make_png(900, 300)
    assert html.img["src"] == f"https://quayside.example/{path}"
    assert html.img["alt"] == "A jar"


def test_a_wide_picture_is_no_wider_than_the_letter_in_outlook(illustrated):
    html, _ = illustrated("![A jar](jar.png)")
    assert html.img["width"] == "520"
    assert "max-width: 100%" in html.img["style"]


@pytest.mark.parametrize("address", ["https://pictures.example/x.png", "{{ page_url }}"])
def test_a_picture_elsewhere_stays_where_it_is(illustrated, address):
    html, published = illustrated(f"![A jar]({address})")
    assert published == {}
    assert "width" not in html.img.attrs


def test_a_picture_that_is_a_link_is_no_button(illustrated):
    html, _ = illustrated("[![A jar](jar.png)](/jars/)")
    assert html.find("a", class_="button") is None
    assert html.img.parent["href"] == "https://quayside.example/jars/"


def test_a_mail_needs_no_picture_and_loads_nothing(mail):
    html = html_of(mail())
    assert not html.find_all(["img", "script", "link"])
    assert "url(" not in str(html)


@pytest.mark.parametrize("step", ["delivery", "first"])
def test_mails_after_confirmation_can_be_ended(mail, step):
    made = mail(step)
    assert html_of(made).find("a", string="Unsubscribe")["href"] == VALUES["unsubscribe_url"]
    assert VALUES["unsubscribe_url"] in text_of(made).splitlines()


@pytest.mark.parametrize(
    ("step", "foot"),
    [
        ("delivery", ["Unsubscribe", "Less mail, or your data"]),
        ("first", ["Unsubscribe", "Less mail, or your data"]),
        ("still-there", ["Unsubscribe", "Less mail, or your data"]),
        ("your-data", ["Less mail, or your data"]),
        ("opt-in", []),
    ],
)
def test_the_foot_leads_to_the_choices_that_whoever_gets_the_mail_has(mail, step, foot):
    made = mail(step, "[Go on]({{ title }})")
    values = {"preferences_url": "https://q.example/p?t=4", "unsubscribe_url": "https://q.example/u?t=3"}
    links = {each.text: each["href"] for each in html_of(made, **values).find(class_="foot").find_all("a")}
    assert [name for name in links if name in ("Unsubscribe", "Less mail, or your data")] == foot
    lines = text_of(made, **values).splitlines()
    assert (values["preferences_url"] in lines) is bool(foot)
    assert (values["unsubscribe_url"] in lines) is ("Unsubscribe" in foot)
    if foot:
        assert links["Less mail, or your data"] == values["preferences_url"]


def test_the_opt_in_mail_says_that_it_may_be_ignored(mail):
    made = mail("opt-in", "[Yes]({{ confirm_url }})")
    assert "ignore this mail" in html_of(made).text
    assert "ignore this mail" in text_of(made)
    assert not [
        part
        for part in made.html
        if isinstance(part, placeholders.Placeholder) and part.name == "unsubscribe_url"
    ]


@pytest.mark.parametrize("step", ["opt-in", "delivery", "first"])
def test_every_mail_carries_the_postal_address(mail, step):
    made = mail(step)
    assert "4 Ropewalk" in html_of(made).text
    assert "4 Ropewalk" in text_of(made)


def test_a_long_mail_stays_below_what_gmail_shows(mail):
    long = mail("first", "Ten words of text stand in each of these lines.\n\n" * 150)
    assert len(placeholders.fill(long.html, VALUES, html=True).encode()) < LARGEST_MAIL


def text_part(markdown: str) -> str:
    return write_text(prepare(parse(markdown).copy(), "en"))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <strong>two</strong> <em>three</em>.</p>", "One *two* _three_."),
        ("<p>a<br>b</p>", "a\nb"),
        ("<h2>Next</h2><p>x</p>", "Next\n----\n\nx"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol start='3'><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>", "- a\n\n  b\n\n- c"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre><code>if x:\n    y\n</code></pre>", "    if x:\n        y"),
        ("<hr>", "* * *"),
        ("<p><a href='https://x.example/'>https://x.example/</a></p>", "https://x.example/"),
        ("<p><a href='https://x.example/'>Go</a></p>", "Go:\nhttps://x.example/"),
        ("<p>See <a href='https://x.example/'>this</a>.</p>", "See this (https://x.example/)."),
        ("<p>Ask <a href='mailto:a@b.example'>a@b.example</a>.</p>", "Ask a@b.example."),
        ("<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></table>",
         "a | b\n1 | 2"),
        ("<p>one<sup><a class='footnote-ref' href='#fn-1'>1</a></sup></p>", "one[1]"),
        ("<p>A note.&#160;<a class='footnote-backref' href='#fnref-1'>back</a></p>", "A note."),
        ("<p>6 m<sup>2</sup>, <del>40</del> 30</p>", "6 m2, ~40~ 30"),
        ("<p>Tom &amp; Jerry&nbsp;1</p>", "Tom & Jerry\u00a01"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_text_part_reads_as_typed(html, text):
    assert text_part(html) == text


def test_lines_wrap_but_an_address_never_breaks():
    address = "https://quayside.example/" + "x" * 90 + "-y-z"
    lines = text_part(f"<p>{'word ' * 40}<a href='{address}'>here</a> {'word ' * 20}</p>").splitlines()
    assert f"({address})" in [line for line in lines if len(line) > WIDTH]
    assert all(len(line) <= WIDTH for line in lines if address not in line)
