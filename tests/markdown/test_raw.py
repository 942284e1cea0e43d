"""HTML that an author wrote: elements of the tree, and on the page what they wrote."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestone.markdown.headings import shift_headings, take_off_title
from lodestone.markdown.html import prepare, render_markdown, write_html
from lodestone.markdown.parser import parse
from lodestone.markdown.text import write_text
from lodestone.markdown.tree import drop_attribute, find, rename, set_attribute, set_first

_SOUP = (
    *(
        "<b>",
        "</b>",
        "<i class=x>",
        "</i>",
        "<p>",
        "</div>",
        "<ul>",
        "<LI>",
        "<br/>",
        "<a name='x'/>",
        "</p >",
    ),
    *(
        "<img src='a.png' >",
        "<!-- <b> -->",
        "<!-- open",
        "words",
        " & ",
        "&copy;",
        "a > b",
        "1 < 2",
        "\n",
        '"quoted" --',
    ),
    *("<script>if (a < b) '</b>'</script>", '<a title="a > b" href=x>', "</a>", "<![CDATA[x]]>"),
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(_SOUP), max_size=20).map("".join))
def test_a_block_of_html_is_written_as_its_author_wrote_it(soup):
    text = re.sub("\n+", "\n", f"<div>{soup}.")
    assert render_markdown(text).html == text


def test_markdown_between_tags_stands_in_their_element():
    tree = parse("<details>\n<summary>More</summary>\n\n**bold**\n\n</details>\n\nAfter.\n")
    details, after = tree.root
    assert details.find("p/strong").text == "bold"
    assert details.find("summary").text == "More"
    assert after.text == "After."


def test_a_tag_that_closes_nothing_here_and_one_that_is_never_closed_harm_nothing():
    text = "- <b>one\n- two</b> </i>\n\n</section>\n\n<aside>\n\nThree.\n"
    root = parse(text).root
    assert [each.tag for each in root] == ["ul", "raw", "aside"]
    assert root[2].find("p").text == "Three."
    assert write_html(prepare(parse(text).copy(), "en")).endswith("<aside>\n<p>Three.</p>")


def test_footnotes_stand_behind_an_element_that_is_never_closed():
    root = parse("<div>\n\nOne[^1]\n\n[^1]: note\n").root
    assert [each.tag for each in root] == ["div", "footnotes"]


def test_elements_within_each_other_without_end_are_read_without_end_too():
    text = "<div>" * 5000 + "deep"
    assert render_markdown(text).html == text


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (lambda image: set_attribute(image, "src", "b.png"), "<img class=x src=\"b.png\" title='T' />"),
        (lambda image: set_attribute(image, "id", 'a"b'), "<img id=\"a&quot;b\" class=x src='a.png' title='T' />"),
        (lambda image: set_first(image, {"width": "1", "height": "2"}),
         "<img width=\"1\" height=\"2\" class=x src='a.png' title='T' />"),
        (lambda image: drop_attribute(image, "title"), "<img class=x src='a.png' />"),
        (lambda image: rename(image, "source"), "<source class=x src='a.png' title='T' />"),
    ],
)  # fmt: skip
def test_a_change_to_an_author_s_element_leaves_the_rest_of_its_tag(change, written):
    root = parse("<img class=x src='a.png' title='T' />").copy()
    change(root.find(".//img"))
    assert written in write_html(prepare(root, "en"))


def test_headings_of_html_are_shifted_and_taken_off_as_the_others():
    root = prepare(parse("<h1 id='top'>Title</h1>\n\n## Two\n\n<h3 class=x>Three</h3>\n").copy(), "en")
    assert take_off_title(root, "Title") == "top"
    shift_headings(root, 3)
    assert write_html(root).strip() == '<h3 id="two">Two</h3>\n<h4 class=x>Three</h4>'


def test_ids_and_targets_of_html_are_seen():
    tree = parse("<p id=one>x <a href='/a?b&amp;c'>y</a></p>\n\nz <video src='v.mp4'></video>")
    assert [each.get("id") for each in find(tree.root, "p")][0] == "one"
    assert [(each.kind, each.target, each.label) for each in tree.links] == [
        ("link", "/a?b&amp;c", "y"),
        ("image", "v.mp4", "given"),
    ]
    known = {"/a?b&c": "/d?e&f"}
    html = render_markdown("<a href='/a?b&amp;c'>y</a>", resolve=lambda kind, target: known[target]).html
    assert html == '<p><a href="/d?e&amp;f">y</a></p>'


def test_quotes_in_code_of_html_stay_and_those_beside_it_are_set():
    assert render_markdown('a <code>"b"</code> "c"').html == '<p>a <code>"b"</code> “c”</p>'


def test_the_text_part_reads_html_as_a_reader_would():
    text = "<!-- not this -->\n\n<div>Tom &amp; <b>Jerry</b></div>\n\nBy <a href='/x'>us</a>&nbsp;&copy;\n"
    assert write_text(prepare(parse(text).copy(), "en")) == "Tom & *Jerry*\n\nBy us (/x)\u00a0©"
