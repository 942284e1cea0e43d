"""`places`, on the build's side: when and where a workshop is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from leads.instants import iso
from leads.placeholders import mark, split
from lodestone.content.conditions.vocabulary import Fact
from lodestone.content.schema import Line, Strict
from lodestone.content.times import Moment
from lodestone.features.feature import Configured, Feature, Words


class PlacesEntry(Strict):
    starts: Moment
    room: Line


class PlacesFront(Strict):
    places: PlacesEntry


class Places(Feature):
    key = "places"
    front = PlacesFront

    def read(self, reading: Any) -> Any:
        return reading.front.places if reading.front else None

    def words(self, reading: Any, content: Any) -> Words:
        return Words({"meal": Fact("places.meal")}, dates=("workshop",))

    def configure(self, look: Any, magnet: Any, content: Any) -> Configured:
        assert isinstance(content.starts, datetime)
        where = content.starts.tzinfo or ZoneInfo(look.site.front.time_zone)
        starts = content.starts.replace(tzinfo=where)
        return Configured({"starts": iso(starts), "room": content.room})

    def page_paths(self, url: str, content: Any) -> Mapping[str, str]:
        return {"directions": f"{url}directions/"}

    def pages(self, making: Any) -> Mapping[str, str]:
        return {
            "directions": making.look.render("kinds/directions.html", page_url="", room=making.content.room)
        }

    def filled_pages(self, making: Any) -> Mapping[str, Any]:
        names = {"take": ("room", "action", "token"), "ticket": ("number", "meal")}
        marks = {name: {each: mark(each) for each in held} for name, held in names.items()}
        pages = {
            f"places-{name}": making.look.render(f"kinds/{name}.html", page_url="", **held)
            for name, held in marks.items()
        }
        return {name: split(html) for name, html in pages.items()}

    def section(self, making: Any) -> Mapping[str, Any]:
        return {"room": making.content.room}

    def facts(self, making: Any) -> list[str]:
        return [f"in {making.content.room}"]

    def linked_data(self, making: Any) -> Mapping[str, Any]:
        return {"location": making.content.room}
