"""The gated HTML edition of a book: one file that stands alone, with its pictures, fonts and style inside."""

from base64 import b64encode
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lodestone.content.books import chapter_targets, picture_beside, resolve_in_book
from lodestone.content.model import Chapter, Magnet
from lodestone.content.schema import BookFront
from lodestone.markdown.html import prepare
from lodestone.markdown.parser import parse
from lodestone.markdown.reading import minutes_to_read
from lodestone.media_types import media_type
from lodestone.render.chapters import RenderedChapter, gather_parts, render_chapters
from lodestone.render.colour import theme_stylesheet
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures
from lodestone.render.prose import size_pictures

#: The font files of the edition, by their names in site/assets.
FONTS = {
    "regular": "fonts/vollkorn-regular.woff2",
    "italic": "fonts/vollkorn-italic.woff2",
    "bold": "fonts/vollkorn-bold.woff2",
}


class EmbeddedPictures(Pictures):
    """Pictures carried inside the document that shows them."""

    def _put(self, name: str, content: bytes) -> str:
        return data_uri(name, content)


@dataclass(frozen=True)
class ListedChapter:
    """A chapter as the contents list it; minutes of reading."""

    title: str
    minutes: int


@dataclass(frozen=True)
class ListedPart:
    """A part of a book as the contents list it; without a title where the book has no parts."""

    title: str
    chapters: tuple[ListedChapter, ...]


def render_book(look: Look, magnet: Magnet, book: BookFront, chapters: tuple[Chapter, ...]) -> bytes:
    """The book of a magnet that has chapters."""
    front, site = magnet.front, look.site.front
    pictures = EmbeddedPictures(magnet.folder, "", look.read)
    html = look.render(
        "book.html",
        magnet=magnet,
        title=book.title or front.title,
        subtitle=book.subtitle,
        author=book.author,
        cover=pictures.place(front.cover.src, front.cover.alt) if front.cover else None,
        parts=gather_parts(render_book_chapters(look, chapters)),
        theme=theme_stylesheet(site.theme),
        fonts={face: _embedded(look, name) for face, name in FONTS.items()},
        # A page without an icon of its own makes browsers ask its host for one.
        icon=_embedded(look, "favicon.svg"),
    )
    return html.encode()


def _embedded(look: Look, name: str) -> str:
    """Embed a published asset, by its name in site/assets, as a data URI."""
    return data_uri(name, look.files[look.assets[name][1:]])


def render_book_chapters(look: Look, chapters: tuple[Chapter, ...]) -> list[RenderedChapter]:
    """The chapters in HTML, their pictures inside, their links leading within the book: what an edition is made of."""
    targets = chapter_targets(chapters)
    return render_chapters(chapters, partial(_read_chapter, look, targets))


def _read_chapter(look: Look, targets: dict[str, str], chapter: Chapter) -> Element:
    site = look.site.front
    pictures = EmbeddedPictures(chapter.doc.path.parent, "", look.read)

    def resolve(kind: str, target: str) -> str | None:
        found = resolve_in_book(targets, chapter, unquote(target)) if kind == "link" else None
        if found:
            return f"#{found}"
        target = picture_beside(chapter, target, look.read) if kind == "image" else target
        # The file is read outside the site, so links to its pages need absolute URLs.
        return site.base_url + target if target.startswith("/") else pictures.resolve(kind, target)

    root = prepare(parse(chapter.doc.body).copy(), site.language, resolve)
    size_pictures(root, pictures)
    return root


def list_parts(chapters: tuple[Chapter, ...]) -> list[ListedPart]:
    """The contents of a book: parts in order, each with its chapters; one unnamed part where it has none."""
    parts: dict[str, list[ListedChapter]] = {}
    for chapter in chapters:
        parts.setdefault(chapter.part, []).append(
            ListedChapter(chapter.title, minutes_to_read(chapter.doc.body))
        )
    return [ListedPart(title, tuple(listed)) for title, listed in parts.items()]


def data_uri(name: str, content: bytes) -> str:
    """Encode a file as a data URI."""
    return f"data:{media_type(name)};base64,{b64encode(content).decode()}"
