"""What an author may write between braces in a mail."""

import pytest

from leads.placeholders import FILTERS, Placeholder, fill, mark, split
from lodestone.content.placeholders import compile_placeholders


def filled(text: str, **values: str) -> str:
    marked, placeholders, troubles = compile_placeholders(text)
    assert not troubles
    return fill(split(marked, placeholders), values, html=False)


def trouble(text: str) -> tuple[str, str, str]:
    """What is underlined, the message, the help."""
    _, _, troubles = compile_placeholders(text)
    assert len(troubles) == 1
    offset, length, message, help = troubles[0]
    return text[offset : offset + length], message, help


def test_a_placeholder_becomes_a_mark_and_equal_ones_share_it():
    marked, placeholders, _ = compile_placeholders("{{ a }}, {{a}}, {{ b | upper }}")
    assert marked == f"{mark('0')}, {mark('0')}, {mark('1')}"
    assert placeholders == {"0": Placeholder("a"), "1": Placeholder("b", filters=("upper",))}


def test_a_default_stands_where_the_lead_left_the_field_empty():
    text = 'Hi {{ first_name | default("there") | capitalize }}!'
    assert filled(text, first_name=" ") == "Hi There!"
    assert filled(text, first_name="ada") == "Hi Ada!"


def test_every_filter_of_the_functions_can_be_written():
    for name in FILTERS:
        marked, placeholders, troubles = compile_placeholders(f"{{{{ x | {name} }}}}")
        assert not troubles
        assert placeholders["0"].filters == (name,)


def test_a_default_may_hold_braces_and_either_kind_of_quote():
    assert filled("""{{ x | default("a}}b") }} {{ y | default('"') }}""") == 'a}}b "'


@pytest.mark.parametrize(
    "text",
    [
        'shows {{ "{{" }} and `{{ code }}`',
        "```\n{{ not a placeholder }}\n{% nor this %}\n```\n",
        "~~~ html\n{{ x y }}\n~~~",
        "- item\n  ```\n  {{ a.b }}\n  ```\n",
        "    {{ indented code }}\n",
        "<!-- {{ not sent }} -->",
        "one brace { and } another",
    ],
)
def test_braces_in_code_and_quoted_braces_are_no_placeholders(text):
    marked, placeholders, troubles = compile_placeholders(text)
    assert not placeholders
    assert not troubles
    assert marked == text.replace('{{ "{{" }}', "{{")


@pytest.mark.parametrize(
    ("text", "underlined", "message"),
    [
        ("{% if x %}y", "{% if x %}", "has no meaning in a mail"),
        ("a {# b #}", "{#", "has no meaning in a mail"),
        ("{{ x.y }}", "{{ x.y }}", "more than a placeholder"),
        ("{{ x() }}", "{{ x() }}", "more than a placeholder"),
        ("{{ 1 + 1 }}", "{{ 1 + 1 }}", "more than a placeholder"),
        ("{{ first name }}", "{{ first name }}", "cannot be read"),
        ("{{ x | uper }}", "{{ x | uper }}", "unknown filter `uper`"),
        ("{{ x | upper(1) }}", "{{ x | upper(1) }}", "nothing in parentheses"),
        ("{{ x | default }}", "{{ x | default }}", "one text in quotes"),
        ("{{ x | default(y) }}", "{{ x | default(y) }}", "one text in quotes"),
        ('{{ x | title | default("y") }}', '{{ x | title | default("y") }}', "behind another filter"),
        ("Hello {{ x", "{{", "never closed"),
        ("{{ }}", "{{ }}", "empty"),
    ],
)
def test_what_is_no_placeholder_is_told_at_its_character(text, underlined, message):
    found, said, help = trouble(text)
    assert found == underlined
    assert message in said
    assert help


def test_a_near_miss_gets_the_name_that_was_meant():
    assert "`{{ first_name }}`" in trouble("{{ first-name }}")[2]
    assert "did you mean `upper`" in trouble("{{ x | uper }}")[2]
