"""A letter, whatever its author and its lead wrote: headers that are what the mail rules ask for, and nothing more."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.enrolment import Enrolment
from leads.events import SendId
from leads.funnel import Mail, Sender
from leads.lead import Lead
from leads.letter import LONGEST_SUBJECT, write_letter
from leads.mail_types import DELIVERY, OPT_IN, STILL_THERE, YOUR_DATA
from leads.placeholders import Placeholder
from leads.tokens import Signer
from tests.world import make_funnel

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAME = (Placeholder("first_name", "there"),)

anything = st.text(st.characters(exclude_categories=()))


def letter(
    step="first",
    answers=None,
    subject=NAME,
    html=NAME,
    text=NAME,
    title="The Guide",
    sender="Ann",
    proven=True,
):
    funnel = replace(
        make_funnel(), title=title, sender=Sender(sender, "ann@press.example", "hi@press.example")
    )
    told = Enrolment("guide", answers=answers or {})
    lead = Lead("l" * 26, email="ida@example.com", enrolments={"guide": told}, proven=proven)
    ask = 0 if step == "first" else 1
    return write_letter(
        Mail(step, subject, html, text), funnel, lead, SendId("guide", step, ask, 1), Signer(["key"]), NOW
    )


def decoded(header: str) -> str:
    return str(make_header(decode_header(header)))


@given(
    anything,
    anything,
    anything,
    anything,
    st.sampled_from([OPT_IN, DELIVERY, YOUR_DATA, STILL_THERE, "first"]),
)
def test_no_header_can_be_injected_or_broken(answer, written, title, sender, step):
    made = letter(step, {"first_name": answer}, (written, *NAME), title=title, sender=sender)
    for value in (made.sender, made.to, made.reply_to, *made.headers.values()):
        assert re.fullmatch("[ -~]+", value)
    assert len(made.sender) <= 320
    assert all(len(value) <= 995 for value in made.headers.values())
    assert parseaddr(made.sender)[1] == "ann@press.example"
    assert len(made.subject) <= LONGEST_SUBJECT
    assert made.subject.splitlines() in ([], [made.subject])
    for body in (made.subject, made.html, made.text):
        body.encode()
        assert "\x00" not in body or "\x00" in written


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Thornacre Press", "Thornacre Press <ann@press.example>"),
        ('Ann, of "The Press"', '"Ann, of \\"The Press\\"" <ann@press.example>'),
        ("Bücher", "=?utf-8?q?B=C3=BCcher?= <ann@press.example>"),
        ("Ann\r\nBcc: all@example.com", '"Ann Bcc: all@example.com" <ann@press.example>'),
        ("\u202e", "<ann@press.example>"),
    ],
)
def test_the_senders_name_is_written_as_the_header_wants_it(name, header):
    assert letter(sender=name).sender == header


@pytest.mark.parametrize("name", ["出版社", "دار النشر", "הוצאה לאור", "Издательство", "สำนักพิมพ์"])
def test_the_senders_name_may_be_of_any_script_and_length(name):
    assert decoded(letter(sender=name).sender) == f"{name} <ann@press.example>"
    long = letter(sender=name * 40).sender
    assert len(long) <= 320
    assert all(len(word) <= 75 for word in long.split(" "))
    assert decoded(long).startswith(name * 5)


def test_the_list_is_named_by_the_title_and_known_by_its_id():
    header = letter(title="Bücher, sorted").headers["List-Id"]
    assert decoded(header) == "Bücher, sorted <guide.press.example>"
    assert header.endswith(" <guide.press.example>")


@pytest.mark.parametrize("step", [DELIVERY, STILL_THERE, "first"])
def test_a_mail_of_the_list_is_ended_at_one_press(step):
    headers = letter(step).headers
    assert re.fullmatch(r"<https://press\.example/api/unsubscribe\?t=[\w.-]+>", headers["List-Unsubscribe"])
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("step", [OPT_IN, YOUR_DATA])
def test_an_answer_to_the_lead_is_no_mail_of_a_list(step):
    assert letter(step).headers == {"Auto-Submitted": "auto-generated"}


@pytest.mark.parametrize(
    ("step", "automatic"),
    [(OPT_IN, True), (DELIVERY, True), (YOUR_DATA, True), (STILL_THERE, False), ("first", False)],
)
def test_what_answers_the_lead_says_that_it_is_automatic(step, automatic):
    assert ("Auto-Submitted" in letter(step).headers) == automatic


def test_nothing_that_was_typed_into_the_form_enters_the_opt_in_mail():
    made = letter(OPT_IN, {"first_name": "buy now"}, subject=("For ", *NAME))
    assert (made.subject, made.html, made.text) == ("For there", "there", "there")


def test_a_subject_that_nothing_fills_is_the_title():
    assert letter(subject=(Placeholder("nick"),), title="The  Guide").subject == "The Guide"


def test_the_text_part_is_folded_once_its_slots_are_filled():
    text = ("\ue002Dear ", *NAME, ", " + "word " * 15)
    assert letter(answers={"first_name": "Ida Maria Louisa"}, text=text).text.split("\n") == [
        "Dear Ida Maria Louisa, word word word word word word word word word word",
        "word word word word word",
    ]


def test_each_line_of_a_longer_answer_is_folded():
    made = letter(answers={"first_name": "one\n" + "word " * 20})
    assert [len(line) for line in made.text.split("\n")] == [3, 69, 29]
