"""A book's chapters as HTML, ready for whichever edition sets them: ids unique, links and headings in place.

The HTML edition is made from this list; further editions are made from the same one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement

from lodestone.content.model import Chapter
from lodestone.markdown.headings import shift_headings, take_off_title
from lodestone.markdown.html import write_html
from lodestone.markdown.tree import drop_attribute, find, lone_child, rename, set_attribute

#: Attributes that name an element of the same document.
_NAMES = ("id", "for", "aria-labelledby", "aria-describedby")


@dataclass(frozen=True)
class RenderedChapter:
    """A chapter in HTML: its heading apart, the body's headings starting one level below `level`.

    `title_id` is the id that the author's own first heading had, where it became the chapter's title.
    """

    number: int
    anchor: str
    title: str
    title_id: str
    part: str
    level: int
    html: str


@dataclass(frozen=True)
class RenderedPart:
    """Chapters under a common heading; a run of chapters outside any part has neither title nor number."""

    anchor: str
    number: int
    title: str
    chapters: tuple[RenderedChapter, ...]


def render_chapters(
    chapters: tuple[Chapter, ...], read: Callable[[Chapter], Element]
) -> list[RenderedChapter]:
    """Every chapter in order, numbered from 1.

    `read` gives one chapter's tree, ready to be written, its links to other chapters written `##anchor`.
    """
    level = 3 if any(chapter.part for chapter in chapters) else 2
    return [_set_chapter(at, chapter, read(chapter), level) for at, chapter in enumerate(chapters, 1)]


def gather_parts(chapters: list[RenderedChapter]) -> list[RenderedPart]:
    """The chapters by part, both in the book's order; parts that have a title are numbered from 1."""
    parts: list[RenderedPart] = []
    for title, run in groupby(chapters, key=lambda each: each.part):
        number = 1 + sum(1 for part in parts if part.title) if title else 0
        parts.append(RenderedPart(f"book.part-{number}", number, title, tuple(run)))
    return parts


def _set_chapter(number: int, chapter: Chapter, root: Element, level: int) -> RenderedChapter:
    """Fit a chapter's tree into a book whose chapter titles are headings of `level`."""
    title_id = take_off_title(root, chapter.title)
    shift_headings(root, level + 1)
    for element in root.iter():
        _anchor(element, chapter.anchor)
    for paragraph in find(root, "p"):
        _make_figure(paragraph)
    prefixed = f"{chapter.anchor}--{title_id}" if title_id else ""
    html = write_html(root)
    return RenderedChapter(number, chapter.anchor, chapter.title, prefixed, chapter.part, level, html)


def _anchor(element: Element, anchor: str) -> None:
    """Prefix ids, and links to them, with the chapter's anchor: a book has many chapters with a "Summary".

    A link that starts with `##` is already one to the edition as a whole.
    """
    for name in _NAMES:
        if element.get(name):
            set_attribute(element, name, f"{anchor}--{element.get(name)}")
    target = element.get("href", "")
    if target.startswith("##"):
        set_attribute(element, "href", target[1:])
    elif target.startswith("#") and target != "#":
        set_attribute(element, "href", f"#{anchor}--{target[1:]}")


def _make_figure(paragraph: Element) -> None:
    """Make a figure of a picture alone in its paragraph; its title is the caption, its alt text stays what it is."""
    image = lone_child(paragraph)
    if image is None or image.tag != "img":
        return
    rename(paragraph, "figure")
    paragraph.text = image.tail = None
    caption = drop_attribute(image, "title")
    if caption:
        SubElement(paragraph, "figcaption").text = caption
