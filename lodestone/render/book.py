"""The gated HTML edition of a book: one file that stands alone, with its pictures, fonts and style inside."""

import mimetypes
from base64 import b64encode
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from lodestone.content.books import chapter_targets, resolve_in_book
from lodestone.content.model import Chapter, Magnet
from lodestone.content.schema import SiteFront
from lodestone.render.chapters import gather_parts, render_chapters
from lodestone.render.colour import theme_stylesheet
from lodestone.render.image_size import measure_image
from lodestone.render.look import Look
from lodestone.render.markdown import render_markdown
from lodestone.render.pictures import Pictures, Placed
from lodestone.render.prose import finish_prose

#: The faces of the edition, by their names in site/assets.
FONTS = {
    "regular": "fonts/vollkorn-regular.woff2",
    "italic": "fonts/vollkorn-italic.woff2",
    "bold": "fonts/vollkorn-bold.woff2",
}


class EmbeddedPictures(Pictures):
    """Pictures carried inside the document that shows them."""

    def place(self, name: str, alt: str = "") -> Placed:
        path = self.folder / name
        content = path.read_bytes()
        width, height = measure_image(content) or (0, 0)
        placed = Placed(data_uri(path.name, content), width, height, alt)
        self.by_url[placed.url] = placed
        return placed


def render_book(look: Look, magnet: Magnet) -> bytes:
    """The book of a magnet that has chapters."""
    front = magnet.front
    cover = (
        EmbeddedPictures(magnet.folder, "").place(front.cover.src, front.cover.alt) if front.cover else None
    )
    html = look.render(
        "book.html",
        magnet=magnet,
        front=front,
        title=front.book.title or front.title,
        subtitle=front.book.subtitle,
        author=front.book.author,
        cover=cover,
        parts=gather_parts(
            render_chapters(
                magnet.chapters, partial(_render_chapter, look.site.front, chapter_targets(magnet.chapters))
            )
        ),
        theme=theme_stylesheet(look.site.front.theme),
        fonts={face: data_uri(name, look.files[look.assets[name][1:]]) for face, name in FONTS.items()},
    )
    return html.encode()


def _render_chapter(site: SiteFront, targets: dict[str, str], chapter: Chapter) -> str:
    pictures = EmbeddedPictures(chapter.doc.path.parent, "")

    def resolve(kind: str, target: str) -> str | None:
        found = resolve_in_book(targets, chapter, unquote(target)) if kind == "link" else None
        if found:
            return f"#{found}"
        # The file is read far from the site: its pages need their whole address.
        return site.base_url + target if target.startswith("/") else pictures.resolve(kind, target)

    html = render_markdown(chapter.doc.body, resolve=resolve, language=site.language).html
    return finish_prose(html, pictures)


def data_uri(name: str, content: bytes) -> str:
    """A file as an address that holds it."""
    kind = "font/woff2" if Path(name).suffix == ".woff2" else mimetypes.guess_type(name)[0]
    return f"data:{kind or 'application/octet-stream'};base64,{b64encode(content).decode()}"
