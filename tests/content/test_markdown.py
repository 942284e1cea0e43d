"""Markdown reads as on GitHub."""

import re
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from leads.placeholders import mark
from lodestone.markdown.html import render_markdown
from lodestone.markdown.tree import Heading


def soup(text: str, **options) -> BeautifulSoup:
    return BeautifulSoup(render_markdown(text, **options).html, "html.parser")


def outline(element) -> list:
    """Nested lists as nested Python lists of their own words."""
    found = []
    for item in element.find_all("li", recursive=False):
        words = " ".join(item.find_all(string=True, recursive=False)).split()
        inner = [outline(each) for each in item.find_all(["ul", "ol"], recursive=False)]
        found.append([" ".join(words), *inner])
    return found


@pytest.mark.parametrize("indent", [2, 3, 4])
def test_lists_nest_by_two_spaces_as_by_four(indent):
    pad = " " * indent
    page = soup(f"- a\n{pad}- b\n{pad * 2}- c\n- d\n")
    assert outline(page.ul) == [["a", [["b", [["c"]]]]], ["d"]]


def test_a_numbered_list_nests_by_the_width_of_its_number():
    page = soup("1. a\n   - b\n2. c\n")
    assert outline(page.ol) == [["a", [["b"]]], ["c"]]


def test_a_list_may_stand_straight_below_a_paragraph():
    page = soup("Bring:\n- bread\n- salt\n")
    assert page.p.get_text() == "Bring:"
    assert outline(page.ul) == [["bread"], ["salt"]]


def test_a_year_at_the_start_of_a_line_begins_no_list():
    page = soup("It was in\n1984. Then it ended.\n")
    assert not page.find("ol")


def test_blank_lines_between_items_make_paragraphs_and_none_make_none():
    assert not soup("- a\n- b\n").find_all("p")
    assert len(soup("- a\n\n- b\n").find_all("p")) == 2


def test_code_in_a_list_item_belongs_to_the_item_and_the_numbers_go_on():
    page = soup("1. first\n   ```python\n   x = 1\n\n   y = 2\n   ```\n2. second\n")
    assert len(page.ol.find_all("li", recursive=False)) == 2
    assert page.ol.li.code.get_text() == "x = 1\n\ny = 2\n"
    assert "language-python" in page.ol.li.code["class"]
    assert page.ol.li.code.find("span", class_=True)


def test_code_keeps_every_character():
    code = "<a href=\"x\">&amp; *not* -- 'this' ... {{ x }} \\n"
    assert soup(f"```\n{code}\n```\n").code.get_text() == f"{code}\n"
    assert soup(f"    {code}\n").code.get_text() == f"{code}\n"
    assert soup('`"a" -- <b>`').code.get_text() == '"a" -- <b>'


def test_code_in_a_language_nobody_knows_is_shown_plainly():
    assert soup("```nonesuch\nx < y\n```\n").code.get_text() == "x < y\n"


def test_a_table_aligns_by_class_and_can_scroll():
    page = soup("| a | b | c |\n|:--|:-:|--:|\n| 1 | `x \\| y` | 3 |\n| only |\n")
    cells = page.select("div.table > table td")
    assert [cell.get("class") for cell in cells[:3]] == [["align-left"], ["align-center"], ["align-right"]]
    assert cells[1].get_text() == "x | y"
    assert len(cells) == 6
    assert all(head["scope"] == "col" for head in page.find_all("th"))


def test_nothing_ever_carries_a_style_attribute():
    text = "|a|\n|-:|\n|1|\n\n- [x] done\n\n```python\nx\n```\n\n~~y~~[^1]\n\n[^1]: z\n"
    assert "style=" not in render_markdown(text).html


def test_tasks_have_ticks_that_cannot_be_changed():
    boxes = soup("- [ ] open\n- [x] done\n").find_all("input")
    assert [box.has_attr("checked") for box in boxes] == [False, True]
    assert all(box.has_attr("disabled") for box in boxes)


def test_footnotes_are_numbered_as_they_are_met_and_lead_back():
    page = soup("One[^b] two[^a] again[^b].\n\n[^a]: A *note*.\n[^b]: B\n\n    with more.\n")
    first, second = page.select(".footnote li")
    assert first.get_text(" ", strip=True).startswith("B")
    assert first.find_all("p")[1].get_text().startswith("with more.")
    assert second.em.get_text() == "note"
    assert len(first.select("a.footnote-backref")) == 2
    for link in page.select("a.footnote-ref, a.footnote-backref"):
        assert page.find(id=link["href"][1:])


def test_a_footnote_may_end_in_code_or_say_nothing():
    page = soup("x[^1] y[^2]\n\n[^1]: See\n\n    ```\n    z\n    ```\n\n[^2]:\n")
    first, second = page.select(".footnote li")
    assert first.pre.find_parent("p") is None
    assert first.select_one("p > a.footnote-backref")
    assert second.select_one("a.footnote-backref")


def test_several_texts_on_one_page_keep_their_ids_apart():
    text = "# Head\n\n[up](#head) [out](#elsewhere) x[^1]\n\n[^1]: n\n"
    page = soup(text, id_prefix="faq-1-")
    assert page.h1["id"] == "faq-1-head"
    assert page.find("a", string="up")["href"] == "#faq-1-head"
    assert page.find("a", string="out")["href"] == "#elsewhere"
    for link in page.select("a.footnote-ref, a.footnote-backref"):
        assert page.find(id=link["href"][1:])


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("see https://example.com/a_b_c.", "https://example.com/a_b_c"),
        ("(https://example.com/x_(y))", "https://example.com/x_(y)"),
        ("www.example.com, then", "http://www.example.com"),
        ("mail ada@example.com.", "mailto:ada@example.com"),
        ("<https://example.com?a=1&b=2>", "https://example.com?a=1&b=2"),
        ("<ada@example.com>", "mailto:ada@example.com"),
    ],
)
def test_bare_addresses_are_links_without_the_stop_behind_them(text, href):
    assert soup(text).a["href"] == href


def test_headings_have_githubs_ids():
    text = "# What's new?\n\n## `code` & *more*\n\n## Über uns\n\n## Again\n\n## Again\n\nUnder\n=====\n"
    rendered = render_markdown(text)
    ids = [(each.level, each.id) for each in rendered.headings]
    assert ids == [
        (1, "whats-new"),
        (2, "code--more"),
        (2, "über-uns"),
        (2, "again"),
        (2, "again-1"),
        (1, "under"),
    ]
    assert rendered.headings[1] == Heading(2, "code--more", "code & more")


@pytest.mark.parametrize("text", ["> [!WARNING]\n> Deep *water*\n", "!!! warning\n    Deep *water*\n"])
def test_alerts_of_github_and_admonitions_look_alike(text):
    box = soup(text).select_one("div.admonition.warning")
    assert box.select_one(".admonition-title").get_text() == "Warning"
    assert box.em.get_text() == "water"


def test_a_box_takes_its_own_title_and_speaks_the_pages_language():
    assert soup('!!! tip "Try it"\n    x\n').select_one(".admonition-title").get_text() == "Try it"
    assert soup("> [!NOTE]\n> x\n", language="de").select_one(".admonition-title").get_text() == "Hinweis"


def test_a_single_line_end_is_a_space_and_two_spaces_or_a_backslash_break():
    assert not soup("a\nb").find("br")
    assert len(soup("a  \nb\\\nc").find_all("br")) == 2


def test_raw_html_passes_and_markdown_goes_on_inside_it_after_a_blank_line():
    page = soup("<details>\n<summary>More</summary>\n\n**bold** [l](x)\n\n</details>\n\nAfter.\n")
    assert page.details.strong.get_text() == "bold"
    assert page.find("p", string="After.").find_parent("details") is None


def test_every_target_is_resolved_in_markdown_and_in_raw_html():
    asked = []

    def resolve(kind: str, target: str) -> str | None:
        asked.append((kind, target))
        return f"/there/{target}" if target != "stay" else None

    text = "[a](one) ![b](two) [c][r] <img src=\"four\"> [d](stay)\n\n<div><a href='five'>x</a></div>\n\n[r]: three\n"
    page = soup(text, resolve=resolve)
    assert sorted(asked) == [
        ("image", "four"),
        ("image", "two"),
        ("link", "five"),
        ("link", "one"),
        ("link", "stay"),
        ("link", "three"),
    ]
    assert {link["href"] for link in page.find_all("a")} == {
        "/there/one",
        "/there/three",
        "/there/five",
        "stay",
    }
    assert {image["src"] for image in page.find_all("img")} == {"/there/two", "/there/four"}


def test_one_pages_footnotes_and_references_do_not_reach_the_next():
    render_markdown("x[^1] [a][b]\n\n[^1]: n\n\n[b]: /y\n")
    assert not soup("x[^1] [a][b]").find("a")


@pytest.mark.parametrize(
    ("text", "set_text"),
    [
        ('"Yes," she said, "it\'s mine."', "“Yes,” she said, “it’s mine.”"),
        ("'single' and \"*emphasis*\"", "‘single’ and “emphasis”"),
        ("the '90s, rock 'n' roll, dogs'", "the ’90s, rock ’n’ roll, dogs’"),
        ("10--20 -- or so... --verbose", "10–20 – or so… --verbose"),
        (r"\"straight\" `\"code\"`", '"straight" \\"code\\"'),
        ("(\"nested 'quotes'\")", "(“nested ‘quotes’”)"),
        ('<code>"raw"</code> "set"', '"raw" “set”'),
        ("https://example.com/a--b", "https://example.com/a--b"),
    ],
)
def test_quotes_and_dashes_are_set_as_characters(text, set_text):
    html = render_markdown(text).html
    assert BeautifulSoup(html, "html.parser").get_text() == set_text
    assert not re.search(r"&[lr][sd]quo;|&hellip;", html)


@pytest.mark.parametrize(
    ("language", "set_text"),
    [
        ("de", "„Ja“ ‚so‘"),
        ("de-AT", "„Ja“ ‚so‘"),
        ("fr", "«\u202fJa\u202f» “so”"),
        ("sv", "”Ja” ’so’"),
        ("xx", "“Ja” ‘so’"),
    ],
)
def test_quotes_are_those_of_the_language(language, set_text):
    assert soup("\"Ja\" 'so'", language=language).get_text() == set_text


def test_the_marks_of_mail_placeholders_survive_text_and_link_targets():
    hole = mark("0")
    page = soup(f'"{hole}", *{hole}* [go]({hole}) ![x](y "{hole}")')
    assert page.p.get_text().startswith(f"“{hole}”")
    assert page.em.get_text() == hole
    assert page.a["href"] == hole


@pytest.mark.parametrize(
    "text", ["", "\n \n", "-\n- x", "-\n\n  x", ">", "> \n>", "1.", "```", "[^1]:", "!!! note", "|", "<"]
)
def test_odd_and_unfinished_input_is_read_to_its_end(text):
    render_markdown(text)
    render_markdown(f"- {text}\n\n> {text}\n\n{text}")


#: Where structure is easy to get wrong; each is compared with a CommonMark parser's reading.
HARD = """\
- a

  b
- c
===
* one
+ two
- three
===
> quote
lazy
> - item
lazy too
===
1. a

   ```
   x

   y
   ```
1. b
   > q
   - n
===
text
# Head
text
***
text
```
code
```
text
===
- a
  - b

    c
  - d
===
- a

      code

  text
===
* a
*
* c
===
a | b
--|--
1 | 2
> q
===
<div>
*raw*

*em*
</div>
===
10) ten
11) eleven
    - in
===
- [link](/a "t")
- ![alt](/b.png)
- <b>x</b> *y* **z**
===
Setext
two lines
---
para
    not code
===
    code

    more

text
===
- # head in item
- ---
- > quote
===
*a*b _c_d snake_case_word **e**f
"""


@pytest.mark.parametrize("text", HARD.split("===\n"))
def test_blocks_are_those_of_a_commonmark_parser(text):
    markdown_it = pytest.importorskip("markdown_it")
    expected = markdown_it.MarkdownIt("commonmark").enable("table").render(text)
    assert bare(render_markdown(text).html) == bare(expected)


def bare(html: str) -> str:
    """Tags and words alone: no attributes that are ours, no white space between blocks."""
    page = BeautifulSoup(html, "html.parser")
    for element in page.select("div.highlight, div.table"):
        element.unwrap()
    for element in page.find_all(["h1", "h2", "pre", "th", "code"]):
        element.attrs = {}
    return re.sub(
        r"\s*(</?(?:p|li|[uo]l|blockquote|h\d|pre|hr|t\w+|div)\b[^>]*>)\s*", r"\1", str(page)
    ).strip()


@pytest.mark.parametrize(
    "lines",
    ["- a\n{}", "> a\n{}", "!!! note\n    a\n{}"],
    ids=["in a list", "in a quote", "in an admonition"],
)
def test_twice_the_lazy_lines_take_twice_the_work(lines):
    once, twice = (work_of(lines.format("lazy\n" * count)) for count in (200, 400))
    assert twice < 2.2 * once


def test_deep_nesting_takes_work_in_proportion_to_its_lines():
    ramp = "\n".join(">" * level + " text" for level in range(1, 101)) + "\n"
    assert work_of(ramp * 8) < 2.2 * work_of(ramp * 4)


def work_of(text: str) -> int:
    """Calls made to render a text: a measure of work that no other process can disturb."""
    render_markdown(text)  # builds the converter
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        render_markdown(text)
    finally:
        sys.setprofile(None)
    return calls


def test_what_is_nested_too_deep_reads_as_text():
    page = soup(">" * 100 + " deep\n")
    assert 20 < len(page.find_all("blockquote")) < 100
    assert page.text.strip().endswith("deep")


def test_a_fence_that_a_lazy_line_comes_after_is_followed_to_its_end():
    page = soup("> a\nlazy\n> ```\n> code\n> ```\n> b\nlazy too\n")
    assert page.blockquote.code.text.strip() == "code"
    assert [" ".join(each.text.split()) for each in page.blockquote.find_all("p")] == ["a lazy", "b lazy too"]


def test_a_block_of_raw_html_whose_links_are_resolved_stands_in_no_paragraph():
    page = soup(
        "```\ncode\n```\n\n<figure><img src='a.png'></figure>\n", resolve=lambda kind, target: f"/{target}"
    )
    assert page.find("p") is None
    assert page.figure.img["src"] == "/a.png"


def test_a_converter_that_is_used_again_gives_the_same():
    text = Path(__file__).read_text("utf-8")
    assert render_markdown(text) == render_markdown(text)
