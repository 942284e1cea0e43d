"""The lessons of a course: `lessons/10-name.md` beside magnet.md, found by file name and checked against the rule."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from leads.instants import iso
from leads.quiz import Quiz
from leads.syllabus import AFTER_ENROLMENT, AFTER_LESSON, ALL_AT_ONCE, ON_DATES, Lesson
from lodestone.content.books import title_of
from lodestone.content.files import FileFinder
from lodestone.content.mails import mail_paths, step_of
from lodestone.content.model import Chapter, Document
from lodestone.content.places import Place, key_place, top_of, value_place
from lodestone.content.problems import Problems
from lodestone.content.quizzes import QuizSettings, read_quiz
from lodestone.content.schema import Line, Strict
from lodestone.content.source import read_document
from lodestone.content.times import Duration, LocalHour, Moment
from lodestone.content.validate import validate
from lodestone.markdown.html import render_markdown
from lodestone.markdown.reading import minutes_to_read

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

#: In bytes. A lesson's page is one item of the table, which holds 400 KB (DynamoDB's limit), its frame included; the
#: quizzes of all lessons stand in another, beside the rest of the definition.
_LARGEST_PAGE, _LARGEST_QUIZZES = 350_000, 250_000

#: In bytes of Markdown: a shorter text cannot become too large a page, even if all of it is code that is coloured.
_SURELY_SHORT = 15_000


class LessonsSettings(Strict):
    """How the lessons of a course open. `stalled`: remind a learner who has not gone on for so long."""

    release: Literal["all at once", "on dates", "after enrolment", "after the lesson before"] = "all at once"
    after: Duration | None = None
    at: LocalHour = "08:00"
    learner_may_choose: bool = False
    stalled: Duration | None = None


class LessonFront(Strict):
    """Front matter of lessons/<name>.md. `minutes` is reading and exercises; default: the time to read it."""

    title: Line | None = None  # default: the first heading
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    objectives: list[Line] = []
    on: Moment | None = None
    after: Duration | None = None
    quiz: QuizSettings | None = None


@dataclass(frozen=True)
class LessonSource:
    """A lesson as it was read. Its chapter's anchor is its name. `is_partial`: its front matter has problems."""

    chapter: Chapter
    front: LessonFront
    minutes: int
    quiz: Quiz | None = None
    is_partial: bool = False

    @property
    def name(self) -> str:
        """Its name in links, events and conditions."""
        return self.chapter.anchor


def load_lessons(
    doc: Document, settings: LessonsSettings | None, finder: FileFinder, problems: Problems
) -> tuple[LessonSource, ...]:
    """The lessons in `lessons/`, in the order of their numbers. `doc` is magnet.md.

    Without `settings`, which have problems of their own, nothing is said of when lessons open.
    """
    folder = doc.path.parent / "lessons"
    names = finder.listing(folder)
    paths = [path for path in mail_paths(folder, finder) if path.suffix == ".md" and not names[path.name]]
    if not paths:
        help = "write the first one as `lessons/10-a-name.md` beside magnet.md"
        problems.add(key_place(doc, ("lessons",)), "this course has no lessons", help)
    found: dict[str, LessonSource] = {}
    for path in paths:
        lesson = _load(path, finder, problems)
        if lesson is None:
            continue
        if lesson.name in found:
            help = f"`{found[lesson.name].chapter.doc.path.name}` has it already; rename one of the two"
            problems.add(top_of(path), f"a second lesson named `{lesson.name}`", help)
        else:
            found[lesson.name] = lesson
    if settings:
        _check_release(doc, settings, tuple(found.values()), problems)
    _check_quizzes(doc, found.values(), problems)
    return tuple(found.values())


def _load(path: Path, finder: FileFinder, problems: Problems) -> LessonSource | None:
    name = step_of(path)
    if not _SLUG.fullmatch(name):
        help = "use small letters, digits and `-` behind the number: `10-first-steps.md`"
        problems.add(top_of(path), f"`{name}` cannot be the name of a lesson", help)
        return None
    doc = read_document(path, finder, problems, needs_front=False)
    front = validate(LessonFront, doc, problems) if doc else None
    if doc is None:
        return None
    if front is None:  # others may link to it all the same
        return LessonSource(Chapter(doc, title_of(doc) or name, name, ""), LessonFront(), 1, is_partial=True)
    for message, help in _faults(doc):
        problems.add(top_of(path), message, help)
        return None
    chapter = Chapter(doc, front.title or title_of(doc), name, "")
    quiz = read_quiz(doc, front.quiz, problems)
    return LessonSource(chapter, front, front.minutes or minutes_to_read(doc.body), quiz)


def _faults(doc: Document) -> Iterator[tuple[str, str]]:
    size = _page_size(doc.body)
    if not doc.body.strip():
        yield "this lesson says nothing", "write its text below the second `---`"
    elif size > _LARGEST_PAGE:
        message = f"this lesson makes a page of {size // 1000} KB; the table holds {_LARGEST_PAGE // 1000} KB"
        yield message, "make two lessons of it, or move long listings into files beside it"
    elif not title_of(doc):
        yield "this lesson has no title", "begin it with front matter that has `title: …`"


def _page_size(body: str) -> int:
    """The bytes that a lesson's text takes as the table holds it; 0 for one that is surely short."""
    if len(body.encode()) < _SURELY_SHORT:
        return 0
    return len(json.dumps(render_markdown(body).html, ensure_ascii=False).encode())


def _check_quizzes(doc: Document, lessons: Iterable[LessonSource], problems: Problems) -> None:
    size = sum(len(json.dumps(asdict(each.quiz)).encode()) for each in lessons if each.quiz)
    if size > _LARGEST_QUIZZES:
        message = f"the quizzes of this course have {size // 1000} KB; {_LARGEST_QUIZZES // 1000} KB fit"
        problems.add(key_place(doc, ("lessons",)), message, "ask less, or make two courses of it")


def _check_release(
    doc: Document, settings: LessonsSettings, lessons: tuple[LessonSource, ...], problems: Problems
) -> None:
    rule = settings.release
    if settings.after is not None and rule in (ALL_AT_ONCE, ON_DATES):
        help = "delete the line, or write `release: after the lesson before`"
        problems.add(key_place(doc, ("lessons", "after")), f"lessons that open {rule} wait for nothing", help)
    if settings.learner_may_choose and rule == ALL_AT_ONCE:
        help = "delete the line, or choose another `release:`"
        place = key_place(doc, ("lessons", "learner_may_choose"))
        problems.add(place, "all lessons are open, so there is nothing to choose", help)
    for number, each in enumerate(lessons):
        if not each.is_partial:
            _check_keys(each, rule, is_first=number == 0, problems=problems)
    if rule in (ON_DATES, AFTER_ENROLMENT):
        _check_order(settings, lessons, problems)


def _check_keys(lesson: LessonSource, rule: str, *, is_first: bool, problems: Problems) -> None:
    doc, front = lesson.chapter.doc, lesson.front
    if front.on is not None and rule != ON_DATES:
        help = "delete the line, or write `release: on dates` in magnet.md"
        problems.add(key_place(doc, ("on",)), f"lessons of this course open {rule}, not on a date", help)
    if front.after is not None and rule not in (AFTER_ENROLMENT, AFTER_LESSON):
        help = "delete the line, or write `release: after enrolment` in magnet.md"
        problems.add(key_place(doc, ("after",)), f"lessons of this course open {rule}", help)
    if front.after is not None and rule == AFTER_LESSON and is_first:
        help = "delete the line: the first lesson is open from the start"
        problems.add(key_place(doc, ("after",)), "there is no lesson before this one", help)
    if front.on is None and rule == ON_DATES and not is_first:
        message = "this lesson does not say when it opens"
        problems.add(key_place(doc, ()), message, "add `on: 2027-01-31`, or `on: 2027-01-31 09:00`")


def _check_order(settings: LessonsSettings, lessons: tuple[LessonSource, ...], problems: Problems) -> None:
    """A lesson that opens before the one in front of it is a mistake in a date or in a number."""
    before: datetime | timedelta | None = None
    for number, each in enumerate(lessons):
        key = "on" if each.front.on is not None else "after"
        if settings.release == ON_DATES:
            opens: datetime | timedelta | None = _comparable(each.front.on)
        else:
            opens = _after(each, number, settings)
        if before is not None and opens is not None and opens < before:  # type: ignore[operator] # of one kind
            place = _written(each.chapter.doc, key)
            help = "put them in order: correct it, or the number at the front of the file's name"
            problems.add(place, "this lesson opens before the one in front of it", help)
        before = opens if opens is not None else before


def _written(doc: Document, key: str) -> Place:
    return value_place(doc, (key,)) if (key,) in doc.key_marks else key_place(doc, ())


def _comparable(moment: datetime | date | None) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    return moment.replace(tzinfo=None)


def _after(lesson: LessonSource, number: int, settings: LessonsSettings) -> timedelta:
    """How long after the enrolment, or after the lesson before was done, a lesson opens."""
    if lesson.front.after is not None:
        return lesson.front.after
    distance = settings.after or timedelta()
    return distance * number if settings.release == AFTER_ENROLMENT else distance


def compiled(
    lessons: tuple[LessonSource, ...], settings: LessonsSettings, time_zone: str
) -> tuple[Lesson, ...]:
    """The lessons as the functions know them. A date with an hour is in the site's zone."""
    return tuple(
        Lesson(
            name=each.name,
            title=each.chapter.title,
            minutes=each.minutes,
            on=_on(each.front.on, time_zone),
            after=_seconds(each, number, settings),
            quiz=asdict(each.quiz) if each.quiz else None,
        )
        for number, each in enumerate(lessons)
    )


def _seconds(lesson: LessonSource, number: int, settings: LessonsSettings) -> int:
    timed = settings.release == AFTER_ENROLMENT or (settings.release == AFTER_LESSON and number)
    return int(_after(lesson, number, settings).total_seconds()) if timed else 0


def _on(moment: datetime | date | None, time_zone: str) -> str:
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return iso(moment.replace(tzinfo=moment.tzinfo or ZoneInfo(time_zone)))
