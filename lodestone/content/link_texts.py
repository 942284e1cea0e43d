"""The texts of a magnet whose links are checked beside its page and mails: features and kinds name them."""

from dataclasses import dataclass
from pathlib import Path

from lodestone.content.model import Chapter
from lodestone.content.places import Place


@dataclass(frozen=True, slots=True)
class Address:
    """The target of a link that begins with a slash: `path` on this site, which may not exist.

    A path without a slash is a source file, which is never published. `chapters` are addresses within the same
    book, which the author may have meant.
    """

    path: str
    is_picture: bool
    target: str
    chapters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A link to an address of this site, and where it stands: judged once all addresses are known."""

    address: Address
    place: Place


@dataclass(frozen=True)
class LinkTexts:
    """`chapters` link to each other as one document does; no page may link to the `gated` files.

    `pages` link to each other as well, each being a page of its own: they may also name files beside them.

    `front_keys` are the keys of the front matter that hold Markdown for the page, beside those of every magnet: the
    way to each, where `*` stands for each entry of a list. `outgoing` are addresses that keys of the front matter name.
    """

    chapters: tuple[Chapter, ...] = ()
    gated: tuple[Path, ...] = ()
    front_keys: tuple[tuple[str, ...], ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    pages: tuple[Chapter, ...] = ()
