"""The kinds of magnet: a short declaration each, found by looking into this folder, so the core knows none by name.

A kind is made of features (`lodestone.features`), a page template, a starter and default mails. A kind's module
defines `KIND`; adding a kind touches nothing else.
"""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import create_model

from lodestone.content.model import Magnet
from lodestone.content.schema import MagnetFront, Strict
from lodestone.features import FEATURES
from lodestone.features.feature import Feature, Making, Reading
from lodestone.render.pictures import Pictures


class OwnKeys:
    """What the build does with the keys of a kind's own front matter. A method that is left as it is adds nothing.

    `markdown` are the ways to those that hold Markdown (`content.link_texts.LinkTexts.front_keys`), `pictures` the keys
    with a picture (`src`, `alt`): their links and files are checked like those of every magnet.
    """

    markdown: tuple[tuple[str, ...], ...] = ()
    pictures: tuple[str, ...] = ()

    def check(self, reading: Reading) -> None:
        """Check what the schema cannot, such as the files that the keys name."""

    def section(self, making: Making) -> Mapping[str, Any]:
        """Return names for the landing page's template; `making.content` is None."""
        return {}

    def card(self, magnet: Magnet, pictures: Pictures) -> Mapping[str, Any]:
        """Return names for the template of its entry on the index page."""
        return {}

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        """Return properties for the page's schema.org description."""
        return {}


@dataclass(frozen=True)
class Kind:
    """A kind of magnet, as the build needs it.

    `features` are the keys of the features that a magnet of this kind may have, `needs` of those it must have.
    `template` draws its landing page, `card_template` its entry on the index page; `anchors` are the ids of the page
    that an author may link to (`[Get it](#form)`). `front` has keys of the kind's own, and `own_keys` says what the
    build does with them. `starter` is the folder that `new` copies; `mails` holds its service mails, used where the
    site has none. `linked_type` is its type at schema.org. An `open_ended` kind's sequence does not finish with its
    last mail. `delivers` is what the second mail brings, as the pages call it that tell of it.
    """

    name: str
    template: str
    card_template: str
    features: tuple[str, ...]
    needs: tuple[str, ...] = ()
    front: type[MagnetFront] = MagnetFront
    own_keys: OwnKeys = OwnKeys()
    starter: Path | None = None
    mails: Path | None = None
    anchors: tuple[str, ...] = ("form",)
    delivers: str = "your download"
    linked_type: str = "CreativeWork"
    open_ended: bool = False

    @property
    def abilities(self) -> tuple[Feature, ...]:
        """Its features, for the build."""
        return tuple(FEATURES[key] for key in self.features)


@cache
def front_of(kind: Kind) -> type[MagnetFront]:
    """The schema of a kind's front matter: the common keys, the kind's, and those of its features."""
    # pydantic asks that every base is a MagnetFront; that the last one is will do.
    bases: tuple[Any, ...] = (
        *(each.front for each in kind.abilities if each.front is not Strict),
        kind.front,
    )
    return create_model(f"{kind.name.capitalize()}Front", __base__=bases, __doc__=kind.front.__doc__)


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    modules = (import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__))
    return {module.KIND.name: module.KIND for module in modules}
