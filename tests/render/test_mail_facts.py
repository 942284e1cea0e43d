"""What is told of a letter before anybody gets it."""

import pytest

from leads.events import SendId
from leads.letter import Letter
from lodestone.render.mail_facts import LetterLink, Picture, facts_of, resolves

HTML = """<body><div class="preheader">In short, &amp; well.</div><div class="preheader">\u00a0\u200c</div>
<p>Hé <a href="https://a.example/?x=1&amp;y=2">see
<b>this</b></a>, <a name="x">no link</a> <img src="https://a.example/p.png" alt="A jar"><img src="/q.png"></p>
<a href="mailto:a@b.example"><img src="/r.png" alt="Write"></a></body>"""


def letter(**changes):
    known = {
        "send": SendId("guide", "first", 0, 1),
        "lead_id": "l",
        "sender": "Ann <ann@press.example>",
        "reply_to": "",
        "to": "ida@example.com",
        "subject": "Hé",
        "html": HTML,
        "text": "é",
        "headers": {"List-Id": "<guide.press.example>"},
    }
    return Letter(**known | changes)


def test_headers_come_in_the_order_in_which_they_are_read_and_empty_ones_not_at_all():
    assert list(facts_of(letter()).headers) == ["From", "To", "Subject", "List-Id"]
    assert list(facts_of(letter(reply_to="hi@press.example")).headers)[1] == "Reply-To"


def test_sizes_are_in_bytes():
    facts = facts_of(letter())
    assert facts.text_size == 2
    assert facts.html_size == len(HTML.encode()) > len(HTML)


def test_the_preheader_is_the_words_without_the_blanks_behind_them():
    assert facts_of(letter()).preheader == "In short, & well."
    assert facts_of(letter(html="<p>Hello</p>")).preheader == ""


def test_links_are_listed_with_their_words_and_pictures_with_theirs():
    facts = facts_of(letter())
    assert facts.links == (
        LetterLink("see this", "https://a.example/?x=1&y=2"),
        LetterLink("Write", "mailto:a@b.example"),
    )
    assert facts.pictures == (
        Picture("https://a.example/p.png", "A jar"),
        Picture("/q.png", None),
        Picture("/r.png", "Write"),
    )


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://press.example/guide/?utm=1#top", True),
        ("https://press.example", True),
        ("https://press.example/gone/", False),
        ("https://press.example/api/confirm?t=1", True),
        ("https://press.example/api/gone?t=1", False),
        ("https://other.example/guide/", None),
        ("mailto:ann@press.example", None),
    ],
)
def test_a_link_resolves_to_a_page_or_a_route_of_the_site(url, found):
    assert resolves(url, "https://press.example", {"/", "/guide/"}, {"/api/confirm"}) is found
