"""Text with holes."""

import json

from leads.placeholders import Html, Placeholder, decode, encode, fill, mark, split


def test_values_are_escaped_in_html_and_left_alone_in_text():
    parts = split(f"Hi {mark('name')}!")
    assert fill(parts, {"name": "<b>'\"&"}, html=True) == "Hi &lt;b&gt;&#x27;&quot;&amp;!"
    assert fill(parts, {"name": "<b>"}, html=False) == "Hi <b>!"


def test_markup_of_our_own_is_filled_in_as_it_is():
    assert fill(split(mark("error")), {"error": Html("<p>no</p>")}, html=True) == "<p>no</p>"


def test_a_missing_or_blank_value_gives_the_default():
    placeholder = Placeholder("first_name", "there", ("capitalize",))
    assert fill((placeholder,), {}, html=False) == "There"
    assert fill((placeholder,), {"first_name": "  "}, html=False) == "There"
    assert fill((placeholder,), {"first_name": "ida von X"}, html=False) == "Ida von X"


def test_a_value_that_looks_like_a_mark_is_no_mark():
    assert fill(split(mark("name")), {"name": mark("secret"), "secret": "s"}, html=False) == mark("secret")


def test_parts_survive_json():
    parts = split(f"a {mark('0')} b {mark('plain')}", {"0": Placeholder("x", "d", ("upper",))})
    assert (
        decode(json.loads(json.dumps(encode(parts))))
        == parts
        == ("a ", Placeholder("x", "d", ("upper",)), " b ", Placeholder("plain"))
    )
