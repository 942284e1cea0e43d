"""A template: a spreadsheet or document to fill in, shown filled in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from leads.features.downloads import assets_of
from lodestone.content.model import Magnet
from lodestone.content.schema import MagnetFront, Picture, Strict
from lodestone.features.feature import Making
from lodestone.kinds import Kind, OwnKeys
from lodestone.render.pictures import Pictures

Program = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class TemplateKeys(Strict):
    """The keys that a template has beside those of every magnet."""

    opens_in: Annotated[list[Program], Field(min_length=1, max_length=8)]
    filled_in: Picture
    licence: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class TemplateFront(TemplateKeys, MagnetFront):
    """Front matter of a template."""


class TemplatePage(OwnKeys):
    """What a template's page shows beside what every landing page does."""

    pictures = ("filled_in",)

    def section(self, making: Making) -> Mapping[str, Any]:
        return self.card(making.magnet, making.pictures)

    def card(self, magnet: Magnet, pictures: Pictures) -> Mapping[str, Any]:
        shown = _front(magnet).filled_in
        return {"filled": pictures.place(shown.src, shown.alt)}

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        front, funnel = _front(making.magnet), making.funnel
        picture = making.pictures.place(front.filled_in.src)
        types = sorted({each.content_type.partition(";")[0] for each in assets_of(funnel)})
        described: dict[str, Any] = {
            "encodingFormat": types,
            "thumbnailUrl": funnel.base_url + picture.url,
            "author": {"@type": "Organization", "name": making.look.site.front.name},
        }
        licence = {"license": {"@type": "CreativeWork", "name": front.licence}} if front.licence else {}
        return described | licence


def _front(magnet: Magnet) -> TemplateFront:
    assert isinstance(magnet.front, TemplateFront)
    return magnet.front


KIND = Kind(
    name="template",
    template="kinds/template.html",
    card_template="cards/template.html",
    features=("downloads", "more_questions"),
    needs=("downloads",),
    front=TemplateFront,
    own_keys=TemplatePage(),
    starter=Path(__file__).parent / "template_starter",
    mails=Path(__file__).parent / "template_mails",
    linked_type="DigitalDocument",
)
