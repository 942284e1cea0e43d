"""The kinds of magnet: one module a kind, found by looking into this folder, so the core knows none by name.

A kind's module defines `KIND`. Its page template, its schema and its starter go with it; adding a kind touches
nothing else.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from lodestone.content.conditions.vocabulary import ActivityWords
from lodestone.content.schema import MagnetFront


@dataclass(frozen=True)
class Kind:
    """What the core must know of a kind of magnet.

    `front` is the schema of its front matter. `needs_asset` says that a magnet of this kind delivers something:
    `files:` or `book:` must be there. `starter` is the folder that `new` copies; `anchors` are the ids of the
    page template that an author may link to (`[Get it](#form)`). `activities` are what conditions can ask of a lead
    beyond what every magnet knows, by the magnet's front matter: the lessons of a course, the answers of a survey.
    """

    name: str
    template: str
    front: type[MagnetFront] = MagnetFront
    needs_asset: bool = True
    starter: Path | None = None
    anchors: tuple[str, ...] = ("form",)
    activities: Callable[[MagnetFront], tuple[ActivityWords, ...]] = lambda front: ()


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    modules = (import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__))
    return {module.KIND.name: module.KIND for module in modules}
