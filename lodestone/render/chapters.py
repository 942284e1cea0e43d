"""A book's chapters as HTML, ready for whichever edition sets them: ids unique, links and headings in place.

The HTML edition is made from this list; further editions are made from the same one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from lodestone.content.model import Chapter
from lodestone.render.headings import shift_headings, take_off_title

_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_ID = re.compile(r'\b(id|for|aria-labelledby|aria-describedby)="([^"]+)"')
_LOCAL_LINK = re.compile(r'\bhref="#([^"]+)"')
_FIGURE = re.compile(r"<p>\s*(<img\b[^>]*>)\s*</p>")
_TITLE = re.compile(r'\s*\btitle="([^"]*)"')


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


def render_chapters(chapters: tuple[Chapter, ...], render: Callable[[Chapter], str]) -> list[RenderedChapter]:
    """Every chapter in order, numbered from 1.

    `render` turns one chapter's Markdown to HTML, its links to other chapters written `##anchor`.
    """
    level = 3 if any(chapter.part for chapter in chapters) else 2
    return [_set_chapter(at, chapter, render(chapter), level) for at, chapter in enumerate(chapters, 1)]


def gather_parts(chapters: list[RenderedChapter]) -> list[RenderedPart]:
    """The chapters by part, both in the book's order; parts that have a title are numbered from 1."""
    parts: list[RenderedPart] = []
    for title, run in groupby(chapters, key=lambda each: each.part):
        number = 1 + sum(1 for part in parts if part.title) if title else 0
        parts.append(RenderedPart(f"book.part-{number}", number, title, tuple(run)))
    return parts


def _set_chapter(number: int, chapter: Chapter, html: str, level: int) -> RenderedChapter:
    """Fit a chapter's rendered Markdown into a book whose chapter titles are headings of `level`."""
    body, title_id = take_off_title(html, chapter.title)
    body = shift_headings(body, level + 1)
    body = _TAG.sub(lambda tag: _anchored(tag[0], chapter.anchor), body)
    body = _FIGURE.sub(_figure, body)
    prefixed = f"{chapter.anchor}--{title_id}" if title_id else ""
    return RenderedChapter(number, chapter.anchor, chapter.title, prefixed, chapter.part, level, body)


def _anchored(tag: str, anchor: str) -> str:
    """Ids, and links to them, prefixed with the chapter's anchor: a book has many chapters with a "Summary".

    A link that starts with `##` is already one to the edition as a whole.
    """
    tag = _ID.sub(lambda match: f'{match[1]}="{anchor}--{match[2]}"', tag)
    return _LOCAL_LINK.sub(lambda match: f'href="#{_in_edition(match[1], anchor)}"', tag)


def _in_edition(target: str, anchor: str) -> str:
    return target[1:] if target.startswith("#") else f"{anchor}--{target}"


def _figure(match: re.Match) -> str:
    """A picture alone in its paragraph; its title is the caption, its alt text stays what it is."""
    title = _TITLE.search(match[1])
    caption = f"<figcaption>{title[1]}</figcaption>" if title and title[1] else ""
    return f"<figure>{_TITLE.sub('', match[1])}{caption}</figure>"
