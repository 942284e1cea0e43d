"""A letter as a file for mail programs."""

import email
from datetime import UTC, datetime
from email.policy import default

import pytest

from leads.events import SendId
from leads.letter import Letter
from lodestone.render.mail_file import as_mail_file

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUBJECT = " ".join(["Bücher für den Sommer"] * 8)
LINK = f"<https://press.example/api/unsubscribe?t={'x' * 150}>"


@pytest.fixture
def written():
    letter = Letter(
        send=SendId("guide", "first", 0, 1),
        lead_id="l" * 26,
        sender="=?utf-8?q?B=C3=BCcher?= <ann@press.example>",
        reply_to="hi@press.example",
        to="ida@example.com",
        subject=SUBJECT,
        html="<p>é" + "x" * 2000,
        text="é\n.\nFrom here",
        headers={"List-Unsubscribe": LINK, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
    return as_mail_file(letter, AT)


def test_a_mail_program_reads_back_what_was_written(written):
    message = email.message_from_bytes(written, policy=default)
    assert message["From"].addresses[0].display_name == "Bücher"
    assert message["Subject"] == SUBJECT
    assert message["Date"].datetime == AT
    plain, rich = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content().split() == ["é", ".", "From", "here"]
    assert rich.get_content().startswith("<p>éxxx")


def test_a_long_address_in_a_header_stays_whole(written):
    assert LINK.encode() in written


def test_lines_are_ascii_and_no_longer_than_smtp_carries(written):
    assert written.isascii()
    assert all(len(line) <= 998 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_the_same_letter_is_the_same_file(written):
    assert written.count(b"=_" + b"l" * 26) == 4
