"""The interface of a feature (an ability of a magnet, such as `downloads`) to the build.

A feature is one file here and one of the same name in `functions/leads/features/`. It subclasses `Feature` and
overrides the methods it needs; each method adds nothing by default. The build calls them in this order: `read`
while a magnet's folder is scanned, `configure` for the definition, then the pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from leads.funnel import Field, Funnel
from leads.placeholders import Parts
from lodestone.content.conditions.vocabulary import ActivityWords, Fact
from lodestone.content.files import FileFinder
from lodestone.content.link_texts import LinkTexts
from lodestone.content.model import Document, Magnet
from lodestone.content.problems import Problems
from lodestone.content.schema import SiteFront, Strict
from lodestone.formats.counts import counted
from lodestone.render.look import Look
from lodestone.render.pictures import Pictures


@dataclass(frozen=True)
class Reading:
    """A magnet's folder while it is scanned.

    `front` is None where its front matter has problems; else it has the common keys, the kind's and those of all its
    features: `isinstance(front, DownloadsFront)`.
    """

    folder: Path
    doc: Document
    front: Strict | None
    site: SiteFront | None
    finder: FileFinder
    problems: Problems


@dataclass(frozen=True)
class Words:
    """What conditions may ask, and mails may count from, of a magnet that has the feature.

    `facts` by name, without the feature's key in front; `activities` for its event types; `dates` by name.
    `placeholders` are those that this magnet's mails may print beside the feature's own.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    activities: tuple[ActivityWords, ...] = ()
    dates: tuple[str, ...] = ()
    placeholders: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Configured:
    """A feature's part of the definition (`Funnel.features[key]`), and the gated files that it names, by key.

    `pictures` are published: those of texts in the configuration, by path in the site.
    `stock` are pieces that functions give away once each, such as codes (`leads.feature.Stock`). They are stored apart
    from the definition, and stand on no page.
    """

    configuration: Mapping[str, Any]
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    stock: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatedNote:
    """A note that depends on the day of the check: "ends on …, in 12 days", and `past` once that day is over."""

    text: str
    day: date
    past: str

    def on(self, today: date | None) -> str:
        """Return the note as it reads on a day; without one, its text alone."""
        if today is None:
            return self.text
        days = (self.day - today).days
        if days < 0:
            return f"{self.past}, {counted(-days, 'day')} ago"
        return f"{self.text}, in {counted(days, 'day')}" if days else f"{self.text}, today"


@dataclass(frozen=True)
class Making:
    """A magnet while its pages are made. `content` is the result of the feature's `read`."""

    look: Look
    magnet: Magnet
    funnel: Funnel
    content: Any
    pictures: Pictures


class Feature:
    """One ability, for the build. `front` has the keys that it adds to the front matter.

    `placeholders` are the names that mails of every magnet with the feature may print, the default mails of its kind
    too (`leads.feature.Feature.words` fills them), each with whether it may be empty.
    """

    key: str
    front: type[Strict] = Strict
    placeholders: Mapping[str, bool] = MappingProxyType({})

    def is_given(self, reading: Reading) -> bool:
        """Whether a magnet, as written, has something of this feature."""
        return any(name in reading.doc.meta for name in self.front.model_fields)

    def how_to_give(self) -> tuple[str, str]:
        """Return message and help for a magnet whose kind (`{kind}`) needs the feature, and that lacks it."""
        return f"this {{kind}} has no `{self.key}`", f"add `{self.key}:` to magnet.md"

    def not_here(self) -> tuple[str, str]:
        """Return message and help for a magnet that gives the feature, though its kind (`{kind}`) does not have it.

        It is asked of a feature without keys of its own: such keys would be reported as unknown.
        """
        return f"magnets of the kind `{{kind}}` have no `{self.key}`", "leave it out, or choose another kind"

    def read(self, reading: Reading) -> Any:
        """Read and check what the front matter names. None where the magnet has nothing of the feature."""
        return None

    def link_texts(self, content: Any) -> LinkTexts:
        """The texts whose links are to be checked, and the files that no link may give away."""
        return LinkTexts()

    def words(self, reading: Reading, content: Any) -> Words:
        """The words for the magnet's conditions and dates."""
        return Words()

    def notes(self, content: Any) -> tuple[str | DatedNote, ...]:
        """What `check` tells the author of content without problems, a line each."""
        return ()

    def fields(self, content: Any) -> tuple[Field, ...]:
        """The fields that it adds at the end of the magnet's form."""
        return ()

    def configure(self, look: Look, magnet: Magnet, content: Any) -> Configured | None:
        """The feature's part of the definition; None where there is none."""
        return None

    def page_paths(self, url: str, content: Any) -> Mapping[str, str]:
        """The addresses of the static pages that it adds below the magnet's `url`, by name (`Funnel.pages`)."""
        return {}

    def pages(self, making: Making) -> Mapping[str, str]:
        """The HTML of those pages, by name."""
        return {}

    def filled_pages(self, making: Making) -> Mapping[str, Parts]:
        """The pages that functions fill, by name (`leads.feature.Answer.page`)."""
        return {}

    def names_to_invent(self, funnel: Funnel) -> tuple[str, ...]:
        """What a preview's invented visitor may be told to answer, beside the form's fields."""
        return ()

    def invent(self, funnel: Funnel, answers: Mapping[str, str]) -> Mapping[str, Sequence[str]] | None:
        """What an invented visitor posts for the feature's part of the form; None if these answers lead nowhere."""
        return {}

    def section(self, making: Making) -> Mapping[str, Any]:
        """The variables that it adds to the template of the kind's landing page."""
        return {}

    def card(self, content: Any) -> Mapping[str, Any]:
        """The variables that it adds to the template of the kind's entry on the index page."""
        return {}

    def facts(self, making: Making) -> list[str]:
        """What a lead gets, in numbers, for the line beneath the summary."""
        return []

    def contradiction(
        self, published: Mapping[str, Any], configuration: Mapping[str, Any]
    ) -> tuple[str, str] | None:
        """Return message and help if a configuration takes back what the published one told visitors.

        `publish` then refuses. `check` cannot know what is published, and reads what `note_published` wrote.
        """
        return None

    def note_published(self, folder: Path, configuration: Mapping[str, Any], day: str) -> tuple[Path, ...]:
        """Write down, in the magnet's folder, what visitors have now been told; return the files that changed.

        `publish` calls it once its writes are done. `day` is the day of that (`2026-11-28`).
        """
        return ()

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        """Its properties in the page's schema.org description."""
        return {}
