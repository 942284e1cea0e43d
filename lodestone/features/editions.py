"""`editions`, for the build: the tick for the next edition, and the address of that edition once it is out."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from leads.features.editions import KEY, TICK
from leads.funnel import Field, Option
from lodestone.content.conditions.vocabulary import Fact
from lodestone.content.link_texts import Address, LinkTexts, Outgoing
from lodestone.content.model import Magnet
from lodestone.content.places import value_place
from lodestone.content.schema import MagnetFront, Strict
from lodestone.content.shapes import UrlPath
from lodestone.features.feature import Configured, Feature, Making, Reading, Words
from lodestone.render.look import Look

_WORDS = "Mail me when the next edition is out."


class EditionsFront(Strict):
    """The keys that a magnet with editions has."""

    editions: bool = False
    next_edition: UrlPath | None = None


@dataclass(frozen=True)
class Editions:
    """`offered`: whether the form has the tick. `next` is the address of the next edition, "" while there is none."""

    offered: bool
    next: str
    links: tuple[Outgoing, ...] = ()


class EditionsFeature(Feature):
    """A tick for the next edition, and one mail that says when it is out."""

    key = KEY
    front = EditionsFront
    placeholders = MappingProxyType({"next_edition_url": False})

    def read(self, reading: Reading) -> Editions:
        front = reading.front
        if not isinstance(front, EditionsFront):
            return Editions(False, "")
        _check_name(reading)
        address = front.next_edition or ""
        links: tuple[Outgoing, ...] = ()
        if address:
            place = value_place(reading.doc, ("next_edition",))
            if isinstance(front, MagnetFront) and address == (front.url or f"/{reading.folder.name}/"):
                help = "write the address of the new one, or delete `next_edition:`"
                reading.problems.add(place, "this is the edition itself, and no next one", help)
            links = (Outgoing(Address(address, is_picture=False, target=address), place),)
        return Editions(front.editions, address, links)

    def link_texts(self, content: Editions) -> LinkTexts:
        return LinkTexts(outgoing=content.links)

    def fields(self, content: Editions) -> tuple[Field, ...]:
        """The tick. Once the next edition is out it is not offered any more, and can still be taken back."""
        if not content.offered:
            return ()
        options = (Option("yes", _WORDS),)
        return (Field(TICK, "The next edition", "tick", options=options, later=bool(content.next)),)

    def words(self, reading: Reading, content: Editions) -> Words:
        return Words({"wanted": Fact(f"{KEY}.wanted", "choice", {"yes": _WORDS})})

    def configure(self, look: Look, magnet: Magnet, content: Editions) -> Configured:
        return Configured({"next": content.next})

    def section(self, making: Making) -> Mapping[str, Any]:
        return {"next_edition": making.content.next}


def _check_name(reading: Reading) -> None:
    """Refuse a field of the form that has the tick's name."""
    form = reading.doc.meta.get("form")
    fields = form.get("fields") if isinstance(form, dict) else None
    for index, each in enumerate(fields if isinstance(fields, list) else ()):
        if isinstance(each, dict) and each.get("name") == TICK:
            place = value_place(reading.doc, ("form", "fields", index, "name"))
            message = f"the name `{TICK}` is taken: the tick for the next edition has it"
            reading.problems.add(place, message, "choose another name")
