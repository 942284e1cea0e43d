"""The tree of a Markdown text: what every renderer works from.

Its nodes are elements with the names of HTML's (`p`, `ul`, `a`, `em`, …). Beside them stand:

- `codeblock`: code of several lines, its `language` perhaps "".
- `note`: a box (GitHub's alert, an admonition) with its `kind`; its title, where its author gave one, is a `p` with
  the class `admonition-title` and its first child. One with an empty title has the attribute `untitled`.
- `footnote-ref`: `label`, `number`, and `use`, which counts the references to one footnote from 1.
- `footnotes`: the last child of the root; each `footnote` in it has `label`, `number` and `uses`.
- `tick`: the box of a task; `checked` if it is done.
- `raw`: what an author wrote in HTML that is no whole element: a comment, a lone end tag, a reference (`&copy;`).

An element that an author wrote in HTML is an element like the others; its tags as written are its `START` and `END`.
Attributes are kept as HTML writes them: a reference in them stands. Quotes are marks (`typography.QUOTE_MARKS`), since
their shape depends on a language. `LINE` is the line of a block in the text, counted from 1.

A tree is shared between renderings: take a copy of its root to change it.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from html import escape, unescape
from xml.etree.ElementTree import Element

#: Attributes for the tree's use, which are never written out.
LINE, START, END = "@line", "@start", "@end"

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Link:
    """A link or a picture (`kind` "link" or "image"): its target, and the target's offset in the text.

    `label` is what it says of itself: the words in its brackets, a picture's alternative text. A definition
    (`[label]: target`) is a link as well; the links that use it are not.
    """

    kind: str
    target: str
    offset: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level as written (1 to 6), its id, its text without markup."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A text, read. `links`, and the labels and footnotes that nothing defines, are in the text's order."""

    root: Element
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    undefined_labels: tuple[Link, ...]
    undefined_footnotes: tuple[Link, ...]

    def copy(self) -> Element:
        """The root, for a renderer to change."""
        return deepcopy(self.root)


def line_of(block: Element) -> int:
    """The line of the text on which a block begins."""
    return int(block.get(LINE, "0"))


def contents(element: Element) -> Iterator[Element | str]:
    """An element's text and children in order."""
    if element.text:
        yield element.text
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def words_of(element: Element) -> str:
    """The text of an element, without markup; of an author's HTML, the text between the tags."""
    return "".join(each if isinstance(each, str) else _words(each) for each in contents(element))


def _words(element: Element) -> str:
    return raw_text(element) if element.tag == "raw" else words_of(element)


def raw_text(raw: Element) -> str:
    """The text that a `raw` node shows: "" for a tag or a comment."""
    html = raw.text or ""
    return "" if html.startswith("<") else unescape(html)


def find(root: Element, *tags: str) -> list[Element]:
    """Every element of these names, in order."""
    return [each for each in root.iter() if each.tag in tags]


def set_attribute(element: Element, name: str, value: str) -> None:
    """Set an attribute, in the author's own tag too where there is one."""
    start = element.get(START)
    if start:
        written = re.compile(rf"""(\s{name}\s*=\s*)("[^"]*"|'[^']*'|[^\s"'=<>`]+)""", re.IGNORECASE)
        quoted = value.replace('"', "&quot;")
        changed, count = written.subn(lambda match: f'{match[1]}"{quoted}"', start, count=1)
        element.set(START, changed if count else re.sub(r"^<[\w:-]+", rf'\g<0> {name}="{quoted}"', start))
    element.set(name, value)


def drop_attribute(element: Element, name: str) -> str:
    """Remove an attribute, from the author's own tag too; return its value."""
    if element.get(START):
        written = re.compile(rf"""\s+{name}\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+)""", re.IGNORECASE)
        element.set(START, written.sub("", element.get(START, ""), count=1))
    return element.attrib.pop(name, "")


def set_first(element: Element, attributes: dict[str, str]) -> None:
    """Set attributes before those that are there."""
    if element.get(START):
        for name in reversed(attributes):
            set_attribute(element, name, attributes[name])
    else:
        present = dict(element.attrib)
        element.attrib.clear()
        element.attrib.update(attributes | present)


def rename(element: Element, tag: str) -> None:
    """Give an element another name, in the author's own tags too."""
    for own in (START, END):
        if element.get(own):
            element.set(own, re.sub(r"^(</?)[\w:-]+", rf"\g<1>{tag}", element.get(own, "")))
    element.tag = tag


def resolve_target(element: Element, name: str, resolved: str) -> None:
    """Replace the target of a link or picture by its resolved form."""
    set_attribute(element, name, escape(resolved) if element.get(START) else resolved)


def lone_child(paragraph: Element) -> Element | None:
    """The one element that a plain paragraph holds, and nothing beside it."""
    is_plain = paragraph.get(START, "<p>") == "<p>" and all(name[0] == "@" for name in paragraph.attrib)
    if not is_plain or len(paragraph) != 1 or (paragraph.text or "").strip():
        return None
    return None if (paragraph[0].tail or "").strip() else paragraph[0]


def remove(parent: Element, child: Element) -> None:
    """Take an element out; the text behind it stays."""
    at = list(parent).index(child)
    if child.tail:
        if at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)
