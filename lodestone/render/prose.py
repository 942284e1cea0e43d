"""Author's Markdown inside pages: pictures published and measured, headings below the page's own."""

import re

from lodestone.render.headings import shift_headings, take_off_title
from lodestone.render.markdown import render_markdown
from lodestone.render.pictures import Pictures

_TICK_BOX = re.compile(r'<input type="checkbox"( disabled(?: checked)?)/?>')
_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="([^"]+)"[^>]*>')


def render_prose(
    text: str, pictures: Pictures, language: str, *, top: int = 2, id_prefix: str = "", title: str = ""
) -> str:
    """Markdown as HTML whose highest heading is of level `top`; a first heading that says `title` is left out."""
    html = render_markdown(text, resolve=pictures.resolve, id_prefix=id_prefix, language=language).html
    body = take_off_title(html, title)[0] if title else html
    return finish_prose(shift_headings(body, top), pictures)


def finish_prose(html: str, pictures: Pictures) -> str:
    """What Markdown cannot know: the sizes of pictures, which load as they come near; names for tick boxes."""

    def sized(match: re.Match) -> str:
        placed = pictures.by_url.get(match[1])
        if not placed or not placed.width or " width=" in match[0]:
            return match[0]
        size = f'<img width="{placed.width}" height="{placed.height}" loading="lazy" decoding="async"'
        return match[0].replace("<img", size, 1)

    return _TICK_BOX.sub(_name_tick_box, _IMAGE.sub(sized, html))


def _name_tick_box(match: re.Match) -> str:
    """A task's box says whether it is done to those who hear the page; there is no label to say it."""
    name = "done" if "checked" in match[1] else "to do"
    return f'<input type="checkbox" aria-label="{name}"{match[1]}>'
