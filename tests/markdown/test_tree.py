"""One reading of Markdown: nodes, the line of each block, the place of each link."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sys import setprofile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestone.markdown.html import prepare, render_markdown, write_html
from lodestone.markdown.parser import parse
from lodestone.markdown.reading import count_words, minutes_to_read
from lodestone.markdown.text import write_text
from lodestone.markdown.tree import line_of, words_of

BLOCKS = """\
# Head

Words
go on.

- one
- two

  > quoted

      code
- three

| a | b |
|---|---|
| 1 | 2 |

!!! tip "Try"
    Do it.[^n]

Under
=====

<div>
raw
</div>

```python
x = 1
```

[^n]: Note

    goes on.
"""


def lines(tag: str) -> list[int]:
    return [line_of(each) for each in parse(BLOCKS).root.iter(tag) if line_of(each)]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("h1", [1, 21]),
        ("p", [3, 6, 7, 9, 12, 18, 19, 32, 34]),
        ("ul", [6]),
        ("li", [6, 7, 12]),
        ("blockquote", [9]),
        ("codeblock", [11, 28]),
        ("tr", [14, 16]),
        ("note", [18]),
        ("footnote", [32]),
    ],
)
def test_each_block_knows_the_line_on_which_it_begins(tag, expected):
    assert lines(tag) == expected


def placed(text: str) -> list[tuple[str, str]]:
    """Each link's target, and what stands in the text at the place that it is said to have."""
    return [(each.target, text[each.offset :][: len(each.target)]) for each in parse(text).links]


@pytest.mark.parametrize(
    "text",
    [
        "[a](one) and ![b](two) and [c](<three>)",
        "`[x](no)` \\[y](no) [a](one) \\* [b]( two 'title') [c](three)",
        "`code` **[a](one)** _and ~~[b](two)~~_ `more` [c](three)",
        "[![a](one) `code` ![b](two)](three)",
        "[go `there` \\* ![a](one)](two) [b](three)",
        "> quote [a](one)\n> goes [b](two)\nlazy [c](three)\n",
        "- item [a](one)\n  goes on [b](two)\n\n      code [x](no)\n\n  [c](three)\n",
        "1. > - [a](one)\n   >   `x` [b](two)\n   > - ![c](three)\n",
        "| x | y |\n|---|---|\n| [a](one) | \\| [b](two) \\| [c](three) |\n",
        "## Head [a](one) ##\n\nUnder [b](two)\n=====\n\n# [c](three)\n",
        "\tcode [x](no)\n\n-\t[a](one)\n\n> \ttext\t[b](two) [c](three)\n",
        "<a href='one'>x</a> <b>*y*</b> <img alt='' src=\"two\"> [c](three)",
        "> <div>\n> <a href='one'>x</a> &amp; <a\n> class='y' href='two'>y</a>\n> </div>\n\n[c](three)",
        "text [a][r]\n\n- x\n\n  [r]: one\n\n[s]: <two> 'title'\n[t]: three",
        '- [ ] do [a](one)\n- [x] `done` [b](two)\n\n!!! tip "With [c](three)"\n    x\n',
        "x[^n] [a](one)\n\n[^n]: note [b](two)\n\n    more [c](three)\n",
        "line one  \nline `two` &copy; [a](one)\\\n<br> [b](two)\nhttps://no.example [c](three)",
    ],
)
def test_a_link_stands_where_it_is_said_to(text):
    assert placed(text) == [(each, each) for each in ("one", "two", "three")]


_PIECES = (
    "word",
    "`code`",
    "\\*",
    "**b**",
    "_i_",
    "&amp;",
    "<b>",
    "</b>",
    "a \\\n",
    "x\n",
    "[l](T)",
    "![p](T)",
    "[`c`](<T>)",
)


@given(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=12), st.sampled_from(["", "> ", "- ", "> - > "])
)
def test_however_text_is_mixed_its_links_stand_where_they_are_said_to(pieces, container):
    numbered = [piece.replace("T", f"t{at}") for at, piece in enumerate(pieces)]
    text = container + " ".join(numbered)
    found = placed(text)
    assert [target for target, _ in found] == [f"t{at}" for at, piece in enumerate(pieces) if "T" in piece]
    assert all(target == there for target, there in found)


def test_an_empty_link_stands_at_its_closing_bracket():
    link = parse("see [this]()").links[0]
    assert (link.target, link.offset, link.label) == ("", 9, "this")


def test_what_nothing_defines_is_known_with_its_place():
    text = "`[x][no]` [a][gone] [b][there] c[^1] d[^2] `[^3]`\n\n[there]: /x\n[^2]: y\n"
    tree = parse(text)
    assert [(each.target, text[each.offset :][:4]) for each in tree.undefined_labels] == [("gone", "gone")]
    assert [(each.target, text[each.offset :][:4]) for each in tree.undefined_footnotes] == [("[^1]", "[^1]")]


def test_code_is_a_node_with_its_language_and_nothing_in_it_is_read():
    block = parse("```python\nx = '<b>' [a](b)\n```\n").root[0]
    assert (block.tag, block.get("language"), block.text) == ("codeblock", "python", "x = '<b>' [a](b)")
    code = parse("Say `<b>` [a](b)").root[0][0]
    assert (code.tag, code.text) == ("code", "<b>")


def test_a_note_is_a_node_with_its_kind_and_the_title_that_its_author_gave():
    given, without, untitled = parse(
        '!!! tip "Try *it*"\n    x\n\n> [!NOTE]\n> y\n\n!!! example ""\n    z\n'
    ).root
    assert [each.get("kind") for each in (given, without, untitled)] == ["tip", "note", "example"]
    assert words_of(given[0]) == "Try it"
    assert [words_of(each).strip() for each in (without, untitled)] == ["y", "z"]
    assert "admonition-title" not in write_html(prepare(parse('!!! example ""\n    z\n').copy(), "en"))


def test_footnotes_are_nodes_numbered_as_a_reader_meets_them():
    root = parse("- a[^x]\n\nb[^y] c[^x]\n\n[^y]: says *y*[^z]\n[^x]: x\n[^z]: z\n[^unused]: u\n").root
    references = [
        (each.get("label"), each.get("number"), each.get("use")) for each in root.iter("footnote-ref")
    ]
    assert references == [("x", "1", "1"), ("y", "2", "1"), ("x", "1", "2"), ("z", "3", "1")]
    notes = [(each.get("label"), each.get("number"), each.get("uses")) for each in root[-1]]
    assert notes == [("x", "1", "2"), ("y", "2", "1"), ("z", "3", "1"), ("unused", "4", None)]
    assert root[-1][1].find("p/em").text == "y"


def test_footnotes_may_refer_to_themselves_and_to_each_other():
    root = parse("a\n\n[^b]: see [^c]\n[^c]: see [^c] and [^b]\n").root
    assert [(each.get("label"), each.get("number"), each.get("uses")) for each in root[-1]] == [
        ("b", "1", "1"),
        ("c", "2", "2"),
    ]
    assert render_markdown("a[^b]\n\n[^b]: see [^b]\n").html.count("footnote-backref") == 2


TEXT = '# The "tale"\n\nSee [it](/x) & `code`.\n\n!!! tip\n    Do[^1] --- *now*.\n\n- [x] done\n\n[^1]: A note.\n'


def test_text_and_html_come_from_one_tree_which_stays_as_it_is():
    tree = parse(TEXT)
    before = write_html(prepare(tree.copy(), "en"))
    text = write_text(prepare(tree.copy(), "de"))
    assert text.startswith("The „tale“\n----------\n\nSee it (/x) & code.\n\nTipp\n\nDo[1] — _now_.")
    assert "- [x] done" in text
    assert text.endswith("1. A note.")
    assert write_html(prepare(tree.copy(), "en")) == before
    assert '<h1 id="the-tale">The “tale”</h1>' in before
    assert '<a class="footnote-backref" href="#fnref-1" title="Back to the text, note 1">' in before


def test_a_text_is_read_once():
    assert parse(f"{TEXT}again") is parse(f"{TEXT}again")


def test_texts_may_be_read_by_several_threads_at_once():
    texts = [f"{TEXT}\n[{number}](/{number})\n" * 5 for number in range(40)]
    alone = [render_markdown(each).html for each in texts]
    parse.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: render_markdown(text).html, texts)) == alone


def test_a_text_without_signs_is_asked_for_few_patterns():
    asked = 0

    def count(frame, event, argument):
        nonlocal asked
        asked += event == "call" and frame.f_code.co_name == "__applyPattern"

    text = "\n\n".join(f"Plain words, {number} of them." for number in range(20))
    setprofile(count)
    try:
        parse(text)
    finally:
        setprofile(None)
    assert 0 < asked <= 3 * 20


def test_words_to_read_are_those_that_a_reader_sees():
    text = "| a | b |\n|---|---|\n| [one](https://x.example/) | two |\n\n<div class='x'>\n\nthree `four`\n\n</div>\n"
    assert count_words(text) == 6
    assert [minutes_to_read("word " * count) for count in (1, 230, 460)] == [1, 1, 2]


def test_ids_are_githubs_where_a_heading_holds_signs_of_html():
    assert [each.id for each in parse("## What does `>>` mean?\n\n### `<b>` & more\n").headings] == [
        "what-does--mean",
        "b--more",
    ]


def test_the_guide_reads_the_same_from_a_tree_that_was_read_anew():
    text = Path("docs/authoring.md").read_text("utf-8")
    first = render_markdown(text)
    parse.cache_clear()
    assert render_markdown(text) == first


def test_a_link_of_a_heading_that_begins_with_a_no_break_space_has_its_place():
    text = "# \u00a0\u00a0[l](gone.txt)"
    (link,) = parse(text).links
    assert text[link.offset :].startswith("gone.txt")


def test_an_unquoted_address_that_ends_in_a_slash_does_not_close_its_tag():
    (link,) = parse("a <a href=/p/>Y</a> b").links
    assert (link.target, link.label) == ("/p/", "Y")


def test_a_label_behind_a_footnote_that_is_missing_is_noticed():
    tree = parse("[^1] [u][v]")
    assert [each.target for each in tree.undefined_labels] == ["v"]
    assert len(tree.undefined_footnotes) == 1
