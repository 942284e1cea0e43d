"""When a course's mails go out: the news that a lesson has opened, and the reminder of who has not gone on."""

from datetime import datetime, timedelta

from leads.course_state import begun_at, progress_of, syllabus_for, zone_of
from leads.feature import Enrolled, Window
from leads.funnel import Step
from leads.syllabus import AFTER_LESSON, number_of, opens_at
from leads.timing import next_allowed

#: The mails: a lesson has opened; the learner has not gone on for a while.
LESSON_MAIL, STALLED_MAIL = "lesson-open", "course-reminder"

#: A reminder that comes later than this after its day is left out, and so is the news that a lesson has opened.
_STALE = timedelta(days=3)

#: The most reminders that a learner gets in one course.
_MOST_REMINDERS = 2


def _openings(enrolled: Enrolled) -> dict[int, datetime]:
    """When each lesson opens that a mail is to announce, by the number of its mail.

    Not those that the delivery mail leads to, nor those that open as the learner presses the button of the one before.
    """
    syllabus, progress = syllabus_for(enrolled), progress_of(enrolled)
    begun, where = begun_at(enrolled), zone_of(enrolled)
    found = {}
    for number, lesson in enumerate(syllabus.lessons):
        opens = opens_at(number, syllabus, progress, begun, where)
        at_once = syllabus.rule == AFTER_LESSON and not lesson.after
        if opens and opens > begun and not at_once and lesson.name not in progress.first_done:
            found[number_of(lesson.name)] = opens
    return found


def lessons_to_announce(enrolled: Enrolled) -> tuple[int, ...]:
    """The numbers of the mails about lessons that open: one for each lesson whose time is known."""
    return tuple(_openings(enrolled))


def when_to_announce(enrolled: Enrolled, number: int) -> Window:
    """When the mail about a lesson may go out."""
    return _window(_openings(enrolled)[number], enrolled)


def _window(at: datetime, enrolled: Enrolled) -> Window:
    """From `at` on, or from the end of the quiet hours that it lies in, until it is stale."""
    opens = next_allowed(at, Step(""), zone_of(enrolled), enrolled.funnel.sending.quiet)
    return Window(opens, opens + _STALE)


def reminders(enrolled: Enrolled) -> tuple[int, ...]:
    """The number of the reminder that is next."""
    number = len(_reminded(enrolled)) + 1
    return (number,) if number <= _MOST_REMINDERS and _idle_since(enrolled) else ()


def _reminded(enrolled: Enrolled) -> list[datetime]:
    """When each reminder went out."""
    tried = (each for each in enrolled.enrolment.attempts if each.send.step == STALLED_MAIL)
    first: dict[int, datetime] = {}
    for each in tried:
        if each.outcome != "claimed" and not (each.outcome == "failed" and each.retry):
            first[each.send.ask] = min(filter(None, (first.get(each.send.ask), each.at)))
    return sorted(first.values())


def _idle_since(enrolled: Enrolled) -> datetime | None:
    """Since when the learner could go on with a lesson and has not; None if reminders are off, or nothing is left."""
    syllabus, progress = syllabus_for(enrolled), progress_of(enrolled)
    if not syllabus.stalled or progress.completed_at:
        return None
    names = syllabus.names
    left = next((number for number, name in enumerate(names) if not progress.is_done(name)), None)
    if left is None:
        return None
    opens = opens_at(left, syllabus, progress, begun_at(enrolled), zone_of(enrolled))
    marks = (opens, progress.moved_at, begun_at(enrolled), *_reminded(enrolled))
    return max(filter(None, marks)) if opens else None


def when_to_remind(enrolled: Enrolled, number: int) -> Window:
    """When the reminder may go out: so long after the learner could have gone on."""
    since = _idle_since(enrolled) or begun_at(enrolled)
    return _window(since + timedelta(seconds=syllabus_for(enrolled).stalled), enrolled)
