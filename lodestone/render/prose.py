"""Author's Markdown inside pages: pictures published and measured, tables made to scroll."""

import re

from lodestone.render.pictures import Pictures
from lodestone.render.plain_markdown import Rendered, render_markdown

_IMAGE = re.compile(r"<img\b[^>]*?\bsrc=\"([^\"]+)\"[^>]*?/?>")


def render_prose(text: str, pictures: Pictures) -> Rendered:
    """Markdown to HTML with every picture's place kept free while it loads."""
    rendered = render_markdown(text, resolve=pictures.resolve)
    return Rendered(size_images(rendered.html, pictures), rendered.headings)


def size_images(html: str, pictures: Pictures) -> str:
    """Write width and height into image tags, and let those below the fold load late."""

    def sized(match: re.Match) -> str:
        placed = pictures.by_url.get(match[1])
        if not placed or not placed.width or " width=" in match[0]:
            return match[0]
        size = f'<img width="{placed.width}" height="{placed.height}" loading="lazy" decoding="async"'
        return match[0].replace("<img", size, 1)

    return _IMAGE.sub(sized, html)
