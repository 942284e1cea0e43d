"""What people typed, on its way into a mail; and the paragraphs of a text part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.mail_text import FOLD, WIDTH, fold, one_line, printable

anything = st.text(st.characters(exclude_categories=()))


@given(anything)
def test_a_header_is_one_line_that_can_be_encoded_and_fits(text):
    line = one_line(text, 40)
    assert len(line) <= 40
    assert line.splitlines() in ([], [line])
    assert line.isprintable() or any(ord(each) > 127 for each in line)
    line.encode()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ida\r\nBcc: all@example.com", "Ida Bcc: all@example.com"),
        ("a\x00b\x1b[31m", "a b [31m"),
        ("pay \u202egpj.exe", "pay gpj.exe"),
        ("\u2028one\u2029 two\x85three", "one two three"),
        ("half \ud83d of one", "half of one"),
        ("\ue000secret\ue001", "secret"),
        ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),
        ("é" * 50, "é" * 39 + "…"),
    ],
)
def test_what_a_header_keeps_of_what_was_typed(typed, read):
    assert one_line(typed, 40) == read


def test_a_longer_answer_keeps_its_lines():
    assert printable("one\r\ntwo\n\x00three\u2066") == "one\ntwo\nthree"


def test_a_marked_paragraph_is_folded_and_any_other_line_is_left_alone():
    code = "    " + "x " * 60
    assert fold(f"{FOLD}{'word ' * 30}\n{code}") == "\n".join(
        ["word " * 13 + "word", "word " * 13 + "word", "word word", code]
    )


@pytest.mark.parametrize(("sign", "behind"), [("- ", "  "), ("> ", "> "), ("> 12. ", ">     "), ("", "")])
def test_a_list_and_a_quote_stay_what_they_are(sign, behind):
    first, second = fold(f"{sign}{FOLD}{'word ' * 20}").split("\n")
    assert first.startswith(f"{sign}word")
    assert second.startswith(f"{behind}word")


def test_an_address_stays_whole():
    address = "https://press.example/" + "a-b" * 200
    assert address in fold(f"{FOLD}{'word ' * 12}({address}) word").split("\n")[1]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=3000), st.booleans())
def test_no_line_is_longer_than_smtp_carries(text, marked):
    lines = fold(f"{FOLD * marked}{text.replace('://', '')}").split("\n")
    assert all(len(line.encode()) <= 998 for line in lines)


@given(st.lists(st.text("abc-é", min_size=1, max_size=30), min_size=1))
def test_a_marked_paragraph_keeps_its_words_in_72_columns(words):
    folded = fold(FOLD + " ".join(words))
    assert folded.split() == words
    assert all(len(line) <= WIDTH for line in folded.split("\n"))
