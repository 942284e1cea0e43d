"""A book's chapters as HTML, ready for whichever edition sets them: ids unique, links and headings in place.

The HTML edition is made from this list; further editions are made from the same one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from itertools import groupby

from lodestone.content.model import Chapter

_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_ID = re.compile(r'\b(id|for|aria-labelledby|aria-describedby)="([^"]+)"')
_LOCAL_LINK = re.compile(r'\bhref="#([^"]+)"')
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_FIRST_HEADING = re.compile(r"\s*<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
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
    """Chapters under a common heading, or all of them where the book has no parts and the title is empty."""

    anchor: str
    title: str
    chapters: tuple[RenderedChapter, ...]


def render_chapters(chapters: tuple[Chapter, ...], render: Callable[[Chapter], str]) -> list[RenderedChapter]:
    """Every chapter in order, numbered from 1.

    `render` turns one chapter's Markdown to HTML, its links to other chapters written `##anchor`.
    """
    level = 3 if any(chapter.part for chapter in chapters) else 2
    return [_set_chapter(at, chapter, render(chapter), level) for at, chapter in enumerate(chapters, 1)]


def gather_parts(chapters: list[RenderedChapter]) -> list[RenderedPart]:
    """The chapters by part, both in the book's order."""
    runs = [(title, tuple(run)) for title, run in groupby(chapters, key=lambda each: each.part)]
    return [RenderedPart(f"part-{at}", title, run) for at, (title, run) in enumerate(runs, 1)]


def _set_chapter(number: int, chapter: Chapter, html: str, level: int) -> RenderedChapter:
    """Fit a chapter's rendered Markdown into a book whose chapter titles are headings of `level`."""
    body, title_id = _without_own_title(html, chapter.title)
    body = _shift_headings(body, level + 1)
    body = _TAG.sub(lambda tag: _anchored(tag[0], chapter.anchor), body)
    body = _FIGURE.sub(_figure, body)
    prefixed = f"{chapter.anchor}--{title_id}" if title_id else ""
    return RenderedChapter(number, chapter.anchor, chapter.title, prefixed, chapter.part, level, body)


def _without_own_title(html: str, title: str) -> tuple[str, str]:
    """The body without a first heading that repeats the title, and that heading's id."""
    first = _FIRST_HEADING.match(html)
    if not first or (first[1] != "1" and _words(first[3]) != _words(title)):
        return html, ""
    written = _ID.search(first[2])
    return html[first.end() :], written[2] if written else ""


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split()).casefold()


def _shift_headings(html: str, top: int) -> str:
    """Headings moved so that the highest is of level `top`; nothing goes below h6."""
    levels = [int(level) for _, level in _HEADING.findall(html)]
    shift = top - min(levels, default=top)
    return _HEADING.sub(lambda tag: f"<{tag[1]}h{min(6, int(tag[2]) + shift)}", html)


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
