"""`lessons`, for the build: lessons in Markdown, pages that functions fill, and when each lesson opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from leads.course_state import KEY
from leads.placeholders import Parts
from leads.progress import DONE
from leads.syllabus import Syllabus, configure
from lodestone.content.conditions.vocabulary import ActivityWords, Detail, Fact
from lodestone.content.lessons import LessonSource, LessonsSettings, compiled, load_lessons
from lodestone.content.link_texts import LinkTexts
from lodestone.content.model import Magnet
from lodestone.content.schema import Strict
from lodestone.features.feature import Configured, Feature, Making, Reading, Words
from lodestone.formats.counts import counted
from lodestone.formats.spans import exact_span
from lodestone.render.lessons import render_course
from lodestone.render.look import Look


class LessonsFront(Strict):
    """The key that a magnet with lessons has."""

    lessons: LessonsSettings | None = None


@dataclass(frozen=True)
class Course:
    """The lessons of a magnet, in order, and how they open."""

    settings: LessonsSettings
    lessons: tuple[LessonSource, ...]

    @property
    def minutes(self) -> int:
        """What all lessons take."""
        return sum(each.minutes for each in self.lessons)


@dataclass(frozen=True)
class ListedLesson:
    """A lesson as the landing page lists it. `opens` says when, "" where all lessons are open at once."""

    title: str
    minutes: int
    objectives: tuple[str, ...]
    opens: str


class Lessons(Feature):
    """Lessons that open by a rule and are marked as done."""

    key = KEY
    front = LessonsFront
    placeholders = MappingProxyType(
        {"lesson_title": True, "lesson_minutes": True, "lessons_done": False, "lessons_total": False}
    )

    def how_to_give(self) -> tuple[str, str]:
        help = "add `lessons:` with `release: all at once` below it, and write them into lessons/"
        return "this {kind} has no `lessons`", help

    def read(self, reading: Reading) -> Course:
        settings = _settings(reading)
        lessons = load_lessons(reading.doc, settings, reading.finder, reading.problems)
        return Course(settings or LessonsSettings(), lessons)

    def link_texts(self, content: Course) -> LinkTexts:
        return LinkTexts(pages=tuple(each.chapter for each in content.lessons))

    def words(self, reading: Reading, content: Course) -> Words:
        names = tuple(each.name for each in content.lessons)
        numbers = {name: Fact(f"{KEY}.{name}", "number") for name in ("done", "left", "percent", "passed")}
        completed = Fact(f"{KEY}.completed", "choice", {"yes": "yes", "no": "no"})
        done = ActivityWords(DONE, "lesson", details=(Detail("lesson", "lesson", names),))
        return Words({**numbers, "completed": completed}, (done,))

    def notes(self, content: Course) -> tuple[str, ...]:
        lessons = counted(len(content.lessons), "lesson")
        minutes = counted(content.minutes, "minute")
        return (f"{lessons}, {minutes}, {_rule(content.settings)}",)

    def configure(self, look: Look, magnet: Magnet, content: Course) -> Configured | None:
        settings = content.settings
        lessons = compiled(content.lessons, settings, look.site.front.time_zone)
        stalled = int(settings.stalled.total_seconds()) if settings.stalled else 0
        return Configured(
            configure(Syllabus(lessons, settings.release, settings.at, settings.learner_may_choose, stalled))
        )

    def filled_pages(self, making: Making) -> Mapping[str, Parts]:
        return render_course(
            making.look, making.magnet, making.funnel, making.content.lessons, making.pictures
        )

    def section(self, making: Making) -> Mapping[str, Any]:
        content: Course = making.content
        return {"lessons": _listed(content), "minutes": content.minutes, "rule": _rule(content.settings)}

    def card(self, content: Course) -> Mapping[str, Any]:
        return {"lessons": _listed(content), "minutes": content.minutes}

    def facts(self, making: Making) -> list[str]:
        content: Course = making.content
        return [counted(len(content.lessons), "lesson"), f"{counted(content.minutes, 'minute')} in all"]

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        """Its lessons and its workload (schema.org/CourseInstance)."""
        content: Course = making.content
        instance = {
            "@type": "CourseInstance",
            "courseMode": "Online",
            "courseWorkload": f"PT{content.minutes}M",
        }
        sections = [
            {"@type": "Syllabus", "name": each.chapter.title, "timeRequired": f"PT{each.minutes}M"}
            for each in content.lessons
        ]
        return {"hasCourseInstance": instance, "syllabusSections": sections}


def _settings(reading: Reading) -> LessonsSettings | None:
    """The settings, also where another part of the front matter has problems; None if they have some."""
    if isinstance(reading.front, LessonsFront):
        return reading.front.lessons or LessonsSettings()
    try:
        return LessonsSettings.model_validate(reading.doc.meta.get("lessons") or {})
    except ValidationError:
        return None


def _listed(content: Course) -> list[ListedLesson]:
    return [
        ListedLesson(each.chapter.title, each.minutes, tuple(each.front.objectives), "")
        for each in content.lessons
    ]


def _rule(settings: LessonsSettings) -> str:
    """How the lessons open, in words of a visitor."""
    every = exact_span(int(settings.after.total_seconds())) if settings.after else ""
    said = {
        "all at once": "all open at once",
        "on dates": "each opens on its day",
        "after enrolment": f"one every {every}" if every else "one after the other",
        "after the lesson before": (
            f"each opens {every} after the one before is done"
            if every
            else "each opens when the one before is done"
        ),
    }[settings.release]
    return f"{said}, or all at once if you like" if settings.learner_may_choose else said
