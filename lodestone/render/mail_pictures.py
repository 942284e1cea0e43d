"""Pictures in mails: published with the site under an address that changes with the content, shown by that address.

Mail programs load nothing that lies beside a mail, and many nothing at all until the reader says so: what a picture
says must stand in its `alt` as well.
"""

from xml.etree.ElementTree import Element

from leads import placeholders
from lodestone.markdown.tree import set_first
from lodestone.render.pictures import Pictures

#: The letter's column in pixels: Outlook on Windows knows no max-width, and draws a wider picture as wide as it is.
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
