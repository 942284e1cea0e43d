"""Author's Markdown inside pages: pictures published and measured, headings below the page's own."""

import re

from lodestone.render.headings import shift_headings, take_off_title
from lodestone.render.markdown import render_markdown
from lodestone.render.pictures import Pictures

_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="([^"]+)"[^>]*>')


def render_prose(
    text: str, pictures: Pictures, language: str, *, top: int = 2, id_prefix: str = "", title: str = ""
) -> str:
    """Markdown as HTML whose highest heading is of level `top`; a first heading that says `title` is left out."""
    html = render_markdown(text, resolve=pictures.resolve, id_prefix=id_prefix, language=language).html
    body = take_off_title(html, title)[0] if title else html
    return size_images(shift_headings(body, top), pictures)


def size_images(html: str, pictures: Pictures) -> str:
    """Write width and height into image tags, and let the pictures load when they come near the view."""

    def sized(match: re.Match) -> str:
        placed = pictures.by_url.get(match[1])
        if not placed or not placed.width or " width=" in match[0]:
            return match[0]
        size = f'<img width="{placed.width}" height="{placed.height}" loading="lazy" decoding="async"'
        return match[0].replace("<img", size, 1)

    return _IMAGE.sub(sized, html)
