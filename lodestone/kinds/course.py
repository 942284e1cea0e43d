"""A course: lessons that open by a rule, read behind a link, and marked as done by whoever learns."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from lodestone.content.files import PICTURE_TYPES
from lodestone.content.model import Magnet
from lodestone.content.places import value_place
from lodestone.content.schema import Line, MagnetFront, Picture, Strict
from lodestone.features.feature import Making, Reading
from lodestone.kinds import Kind, OwnKeys
from lodestone.render.prose import render_prose


class Teacher(Strict):
    """Who teaches. `about` is Markdown."""

    name: Line
    role: str = ""
    about: str = ""
    picture: Picture | None = None


class CourseKeys(Strict):
    """The keys that a course has beside those of every magnet."""

    outcomes: Annotated[list[Line], Field(min_length=1, max_length=8)]
    teacher: Teacher | None = None


class CourseFront(CourseKeys, MagnetFront):
    """Front matter of a course."""


class CoursePage(OwnKeys):
    """What a course's page shows beside what every landing page does."""

    markdown = (("teacher", "about"),)

    def check(self, reading: Reading) -> None:
        teacher = reading.doc.meta.get("teacher")
        picture = teacher.get("picture") if isinstance(teacher, dict) else None
        written = picture.get("src") if isinstance(picture, dict) else None
        if not isinstance(written, str) or not written.strip():
            return
        place = value_place(reading.doc, ("teacher", "picture", "src"))
        found, message, help = reading.finder.find(reading.doc.path.parent, written.strip())
        if found is None:
            reading.problems.add(place, message, help)
        elif found.suffix.lower() not in PICTURE_TYPES:
            help = f"use one of {', '.join(PICTURE_TYPES)}"
            reading.problems.add(place, f"`{written}` is no picture that browsers show", help)

    def section(self, making: Making) -> Mapping[str, Any]:
        teacher = _front(making.magnet).teacher
        if teacher is None:
            return {"teacher": None}
        picture = teacher.picture
        placed = making.pictures.place(picture.src, picture.alt) if picture else None
        about = render_prose(teacher.about, making.pictures, making.funnel.language, id_prefix="teacher.")
        return {"teacher": teacher, "portrait": placed, "about": about}

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        front, site = _front(making.magnet), making.look.site.front
        teacher = front.teacher
        person = {"author": {"@type": "Person", "name": teacher.name}} if teacher else {}
        provider = {"@type": "Organization", "name": site.name, "url": making.funnel.base_url}
        return {"provider": provider, "teaches": list(front.outcomes), **person}


def _front(magnet: Magnet) -> CourseFront:
    assert isinstance(magnet.front, CourseFront)
    return magnet.front


KIND = Kind(
    name="course",
    template="kinds/course.html",
    card_template="cards/course.html",
    features=("lessons", "downloads"),
    needs=("lessons",),
    front=CourseFront,
    own_keys=CoursePage(),
    starter=Path(__file__).parent / "course_starter",
    delivers="your first lesson",
    mails=Path(__file__).parent / "course_mails",
    linked_type="Course",
    anchors=("form", "lessons"),
)
