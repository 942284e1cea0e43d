"""Author's Markdown inside pages: pictures published and measured, headings below the page's own."""

from xml.etree.ElementTree import Element

from lodestone.markdown.headings import shift_headings, take_off_title
from lodestone.markdown.html import prefix_ids, prepare, write_html
from lodestone.markdown.parser import parse
from lodestone.markdown.tree import set_first
from lodestone.render.pictures import Pictures


def render_prose(
    text: str, pictures: Pictures, language: str, *, top: int = 2, id_prefix: str = "", title: str = ""
) -> str:
    """Markdown as HTML whose highest heading is of level `top`; a first heading that says `title` is left out."""
    root = prepare(parse(text).copy(), language, pictures.resolve)
    prefix_ids(root, id_prefix)
    if title:
        take_off_title(root, title)
    shift_headings(root, top)
    size_pictures(root, pictures)
    return write_html(root)


def size_pictures(root: Element, pictures: Pictures) -> None:
    """Give pictures what Markdown cannot know, their sizes, and let them load as they come near."""
    for image in root.iter("img"):
        placed = pictures.by_url.get(image.get("src", ""))
        if placed and placed.width and "width" not in image.attrib:
            size = {"width": str(placed.width), "height": str(placed.height)}
            set_first(image, {**size, "loading": "lazy", "decoding": "async"})
