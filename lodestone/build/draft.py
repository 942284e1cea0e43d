"""A magnet while it is read: what is known of it, also if parts of it have problems."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leads.mail_types import MAIL_TYPES, service_mails_of
from lodestone.build.default_mails import Defaults
from lodestone.build.page_paths import page_paths
from lodestone.content.link_texts import LinkTexts, Outgoing
from lodestone.content.model import Conditions, Document, Magnet, MailSource
from lodestone.content.schema import MagnetFront
from lodestone.content.timing import DatedPlace
from lodestone.content.variants import Version
from lodestone.features.feature import Feature
from lodestone.kinds import Kind


@dataclass
class Draft:
    """A magnet as far as it could be read. `front` is None where its front matter has problems, and `mails`
    holds those of `mail_docs` that have none there."""

    slug: str
    folder: Path
    doc: Document
    front: MagnetFront | None
    kind: Kind | None
    url: str
    mails: list[MailSource] = field(default_factory=list)
    mail_docs: list[Document] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    features: dict[str, Any] = field(default_factory=dict)  # the content read for each, by its key
    conditions: Conditions = Conditions()
    dates: tuple[DatedPlace, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()

    @property
    def abilities(self) -> tuple[Feature, ...]:
        """The features of which the magnet has content."""
        return tuple(each for each in self.kind.abilities if each.key in self.features) if self.kind else ()

    @property
    def anchors(self) -> tuple[str, ...]:
        """The ids of its landing page that links may lead to, beside those of headings."""
        return self.kind.anchors if self.kind else ()

    @property
    def link_texts(self) -> LinkTexts:
        """The texts of its features and its kind whose links are checked."""
        texts = [each.link_texts(self.features[each.key]) for each in self.abilities]
        return LinkTexts(
            tuple(chapter for each in texts for chapter in each.chapters),
            tuple(path for each in texts for path in each.gated),
            (
                *(way for each in texts for way in each.front_keys),
                *(self.kind.own_keys.markdown if self.kind else ()),
            ),
            tuple(link for each in texts for link in each.outgoing),
            tuple(page for each in texts for page in each.pages),
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """The addresses of its pages."""
        own = page_paths(self.url, self.abilities, self.features)
        return (self.url, *own.values())

    def finish(self, defaults: Defaults) -> Magnet:
        """The magnet, with default mails where it has none of its own. Raises AssertionError if it has problems."""
        assert self.front is not None
        assert self.kind is not None
        own = {each.step: each for each in self.mails}
        drip = tuple(each for each in self.mails if each.step not in MAIL_TYPES)
        mails = tuple(
            own.get(step) or defaults.of(self.kind)[step] for step in service_mails_of(self.features)
        )
        return Magnet(
            self.slug,
            self.folder,
            self.doc,
            self.front,
            self.url,
            mails,
            drip,
            self.features,
            self.conditions,
        )
