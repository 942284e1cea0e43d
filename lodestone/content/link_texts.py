"""The texts of a magnet whose links are checked beside its page and mails: features and kinds name them."""

from dataclasses import dataclass
from pathlib import Path

from lodestone.content.model import Chapter


@dataclass(frozen=True)
class LinkTexts:
    """`chapters` link to each other as one document does; no page may link to the `gated` files.

    `pages` link to each other as well, each being a page of its own: they may also name files beside them.

    `front_keys` are the keys of the front matter that hold Markdown for the page, beside those of every magnet: the
    way to each, where `*` stands for each entry of a list.
    """

    chapters: tuple[Chapter, ...] = ()
    gated: tuple[Path, ...] = ()
    front_keys: tuple[tuple[str, ...], ...] = ()
    pages: tuple[Chapter, ...] = ()
