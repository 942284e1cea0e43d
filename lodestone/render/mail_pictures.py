"""Pictures in mails: published with the site, under an address that changes with the content.

Mail programs load no files beside a mail, and many load no pictures until the reader allows it: so a picture's
message must be in its `alt` as well.
"""

from xml.etree.ElementTree import Element

from leads import placeholders
from lodestone.markdown.tree import set_first
from lodestone.render.pictures import Pictures

#: The letter's column in pixels: Outlook on Windows ignores max-width, and draws a wider picture at its full width.
COLUMN = 520


def place_picture(pictures: Pictures, target: str) -> str:
    """The path on the site of a picture that a mail shows; an address or a placeholder stays as it is."""
    if placeholders.OPEN in target:
        return target
    return pictures.resolve("image", target) or target


def fit_pictures(root: Element, pictures: Pictures, base_url: str) -> None:
    """Give each of our own pictures its width, where the author gave none."""
    for image in root.iter("img"):
        placed = pictures.by_url.get(image.get("src", "").removeprefix(base_url))
        if placed and placed.width and "width" not in image.attrib:
            set_first(image, {"width": str(min(placed.width, COLUMN))})
