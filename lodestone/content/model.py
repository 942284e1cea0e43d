"""A site and its magnets, loaded and checked: what rendering and compiling work from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lodestone.content.edits import Edit
from lodestone.content.schema import MagnetFront, MailFront, PageFront, SiteFront

#: A path into front matter, from the top: keys, and the indexes of list entries.
KeyPath = tuple[str | int, ...]


class Mark(NamedTuple):
    """Where something stands in a file: line and column from 1, the length to underline on that line, and the
    last line it reaches.
    """

    line: int
    column: int
    length: int = 1
    end_line: int = 0


#: The mark of each value, or of each key, of a front matter.
Marks = dict[KeyPath, Mark]


@dataclass(frozen=True)
class Document:
    """A Markdown file: its front matter, its body, and the position of each of them in the file.

    `marks` maps a path into the front matter (`("form", "fields", 0, "name")`) to the mark of its value;
    `key_marks` does the same for the key itself. `body_line` is the line the body starts on. `text` is the file
    as its author wrote it; `body` may differ from it by `edits` (a chapter's Jekyll prefixes are cut).
    """

    path: Path  # absolute
    text: str
    meta: dict[str, Any]
    body: str
    body_line: int
    marks: Marks
    key_marks: Marks
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class MailSource:
    """emails/<step>.md, or the default that stands in for it. `step` has no ordering prefix.

    A mail under test has `versions` beside it, each with the letter of its file (emails/<step>.b.md) as `variant`.
    """

    step: str
    doc: Document
    front: MailFront
    variant: str = ""
    versions: tuple["MailSource", ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A chapter of a book. `anchor` is its id in the edition; `title` from front matter, else its first heading."""

    doc: Document
    title: str
    anchor: str
    part: str  # "" where the book has no parts
    top: Path | None = None  # the folder that a picture path with a leading `/` is relative to


@dataclass(frozen=True)
class Conditions:
    """The compiled conditions of a sequence (`leads.conditions`): its end, its branches, a mail's `when`."""

    until: list[Any] | None = None
    branches: Mapping[str, list[Any]] = field(default_factory=dict)
    when: Mapping[str, list[Any]] = field(default_factory=dict)  # by step; most have none


@dataclass(frozen=True)
class Magnet:
    """One folder of magnets/."""

    slug: str
    folder: Path
    doc: Document
    front: MagnetFront
    url: str
    service_mails: tuple[
        MailSource, ...
    ]  # mails that answer a lead (`leads.mail_types`), its own or default ones
    drip: tuple[MailSource, ...]  # in sending order
    features: Mapping[str, Any]  # the content read for each feature, by its key (`lodestone.features`)
    conditions: Conditions = Conditions()

    @property
    def mails(self) -> tuple[MailSource, ...]:
        """All mails; each version of a mail under test is an item of its own."""
        versions = (each for first in self.drip for each in (first, *first.versions))
        return *self.service_mails, *versions


@dataclass(frozen=True)
class Page:
    """One file of site/pages/, served at /<slug>/."""

    slug: str
    doc: Document
    front: PageFront


@dataclass(frozen=True)
class Site:
    """A root folder, loaded whole."""

    root: Path
    doc: Document
    front: SiteFront
    pages: tuple[Page, ...]
    magnets: tuple[Magnet, ...]
