"""The texts of a magnet whose links are checked beside its page and mails: what features hand to the link checker."""

from dataclasses import dataclass
from pathlib import Path

from lodestone.content.model import Chapter


@dataclass(frozen=True)
class LinkTexts:
    """`chapters` link to each other as one document does; no page may link to the `gated` files."""

    chapters: tuple[Chapter, ...] = ()
    gated: tuple[Path, ...] = ()
