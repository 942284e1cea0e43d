"""Pictures in mails: published with the site under an address that changes with the content, shown by that address.

Mail programs load nothing that lies beside a mail, and many nothing at all until the reader says so: what a picture
says must stand in its `alt` as well.
"""

import re

from leads import placeholders
from lodestone.render.pictures import Pictures

#: The letter's column in pixels: Outlook on Windows knows no max-width, and draws a wider picture as wide as it is.
COLUMN = 520

_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="([^"]+)"[^>]*>')


def place_picture(pictures: Pictures, target: str) -> str:
    """The path on the site of a picture that a mail shows; an address or a placeholder stays as it is."""
    if placeholders.OPEN in target:
        return target
    return pictures.resolve("image", target) or target


def fit_pictures(html: str, pictures: Pictures, base_url: str) -> str:
    """The body with the width of each of our own pictures, where the author gave none."""

    def fitted(match: re.Match) -> str:
        placed = pictures.by_url.get(match[1].removeprefix(base_url))
        if not placed or not placed.width or " width=" in match[0]:
            return match[0]
        return match[0].replace("<img", f'<img width="{min(placed.width, COLUMN)}"', 1)

    return _IMAGE.sub(fitted, html)
