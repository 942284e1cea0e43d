"""A course's lessons and its rule of release, and when each lesson opens to a learner.

All here are functions of the configuration, of what the learner did (`leads.progress`) and of instants passed in.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from leads.instants import parse_iso
from leads.progress import AT_ONCE, Progress
from leads.wall_clock import instant, local_day, parse_hour

#: The rules of release, as authors write them.
ALL_AT_ONCE, ON_DATES, AFTER_ENROLMENT, AFTER_LESSON = RULES = (
    "all at once",
    "on dates",
    "after enrolment",
    "after the lesson before",
)

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson, identified by its name and never by its position.

    `minutes` is what it takes. `on` is the day (`2026-12-01`, in the learner's zone) or the instant (RFC 3339) on which
    it opens, "" for at once. `after` is in seconds, from the enrolment or from the first time that the lesson before
    was done, as the rule says. `quiz` is JSON
    for `leads.quiz.quiz_of`, None if there is none.
    """

    name: str
    title: str
    minutes: int = 0
    on: str = ""
    after: int = 0
    quiz: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Syllabus:
    """A course's lessons in order, and when they open.

    `at` is the local hour at which lessons open that open on a day or whole days after something. `choice`: a learner
    may open all lessons at once. `stalled` is after how many seconds without progress a learner is reminded, 0: never.
    """

    lessons: tuple[Lesson, ...]
    rule: str = ALL_AT_ONCE
    at: str = "08:00"
    choice: bool = False
    stalled: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The lessons' names in order."""
        return tuple(each.name for each in self.lessons)


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson as one learner has it. `opens` is None where it is not known: the lesson before is not done yet.

    `is_new`: it was added after the learner had completed the course.
    """

    lesson: Lesson
    opens: datetime | None
    is_open: bool
    is_done: bool
    is_new: bool = False


def configure(syllabus: Syllabus) -> dict[str, Any]:
    """The configuration of a magnet with this syllabus, as plain JSON."""
    return asdict(syllabus) | {"lessons": [asdict(each) for each in syllabus.lessons]}


def syllabus_of(configuration: Mapping[str, Any]) -> Syllabus:
    """The inverse of `configure`. It ignores unknown keys, so older functions read newer definitions."""
    lessons = tuple(Lesson(**_known(Lesson, each)) for each in configuration.get("lessons", ()))
    return Syllabus(**_known(Syllabus, configuration) | {"lessons": lessons})


def _known(cls: type, raw: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {key: value for key, value in raw.items() if key in names}


def places_of(
    syllabus: Syllabus, progress: Progress, begun: datetime, now: datetime, where: ZoneInfo
) -> tuple[Place, ...]:
    """The lessons as a learner has them at `now`. `begun` is when they enrolled; `where` is their time zone."""
    return tuple(
        _place(number, syllabus, progress, begun, now, where) for number in range(len(syllabus.lessons))
    )


def _place(
    number: int, syllabus: Syllabus, progress: Progress, begun: datetime, now: datetime, where: ZoneInfo
) -> Place:
    lesson = syllabus.lessons[number]
    opens = opens_at(number, syllabus, progress, begun, where)
    is_new = bool(progress.completed_of) and lesson.name not in progress.completed_of
    # What was open once stays open: a mark that is taken back, or a later date in the syllabus, locks nothing.
    is_open = lesson.name in progress.first_done or (opens is not None and opens <= now)
    return Place(lesson, opens, is_open, progress.is_done(lesson.name), is_new)


def opens_at(
    number: int, syllabus: Syllabus, progress: Progress, begun: datetime, where: ZoneInfo
) -> datetime | None:
    """When the lesson at this position opens to a learner; None while the lesson before is not done."""
    lesson = syllabus.lessons[number]
    if syllabus.rule == ALL_AT_ONCE or (syllabus.choice and progress.pace == AT_ONCE):
        return begun
    if syllabus.rule == ON_DATES:
        return _on(lesson.on, syllabus.at, where) or begun
    if syllabus.rule == AFTER_ENROLMENT:
        return _later(begun, lesson.after, syllabus.at, where)
    if number == 0:
        return begun
    done = progress.first_done.get(syllabus.lessons[number - 1].name)
    return _later(done, lesson.after, syllabus.at, where) if done else None


def _on(text: str, at: str, where: ZoneInfo) -> datetime | None:
    if not text:
        return None
    return parse_iso(text) if "T" in text else _at_hour(date.fromisoformat(text), at, where)


def _later(base: datetime, seconds: int, at: str, where: ZoneInfo) -> datetime:
    """`seconds` later: hours by elapsed time, whole days by the learner's calendar, at the hour of the course."""
    if seconds % _DAY or not seconds:
        return base + timedelta(seconds=seconds)
    return _at_hour(local_day(base, where) + timedelta(days=seconds // _DAY), at, where)


def _at_hour(day: date, at: str, where: ZoneInfo) -> datetime:
    return instant(datetime.combine(day, parse_hour(at)), where)


def next_place(places: tuple[Place, ...], after: str = "") -> Place | None:
    """The lesson to go on with: the first open one that is not done, behind `after` or else from the top."""
    names = [each.lesson.name for each in places]
    at = names.index(after) + 1 if after in names else 0
    waiting = (each for each in (*places[at:], *places[:at]) if each.is_open and not each.is_done)
    return next(waiting, None)


def number_of(lesson: str) -> int:
    """The number of a lesson's mail: it depends on the name alone, so a lesson that is moved is not announced again."""
    return crc32(lesson.encode())


def percent_done(syllabus: Syllabus, progress: Progress) -> int:
    """How much of the course is done, by counting lessons; 100 for ever once it was completed."""
    if progress.completed_at:
        return 100
    return count_done(syllabus, progress) * 100 // max(1, len(syllabus.lessons))


def count_done(syllabus: Syllabus, progress: Progress) -> int:
    """How many of the lessons that the course has today are done."""
    return sum(progress.is_done(name) for name in syllabus.names)


def must_pass(lesson: Lesson, progress: Progress) -> bool:
    """Whether the lesson's quiz has to be passed before the lesson can be marked as done."""
    last = progress.quizzes.get(lesson.name)
    return bool(lesson.quiz and lesson.quiz.get("required") and not (last and last.passed))


def is_complete(syllabus: Syllabus, progress: Progress) -> bool:
    """Whether all lessons that the course has today are done."""
    return bool(syllabus.lessons) and count_done(syllabus, progress) == len(syllabus.lessons)
