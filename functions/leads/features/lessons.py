"""`lessons`: a course whose lessons open by a rule, behind a signed link, and are marked as done by the learner.

The configuration is that of `leads.syllabus.configure`. GET marks nothing: done is a button.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from leads import progress as progresses
from leads.event_types import ITS_MAGNET, EventType, change_state, says, state_of
from leads.events import Event
from leads.feature import (
    Action,
    Answer,
    Enrolled,
    Feature,
    MailType,
    Visit,
    Window,
    action_link,
)
from leads.funnel import Step
from leads.instants import zone
from leads.lesson_page import Learner, course_values, lesson_values
from leads.progress import AT_ONCE, PACED, Progress, advance
from leads.syllabus import (
    AFTER_LESSON,
    Place,
    Syllabus,
    count_done,
    is_complete,
    next_place,
    number_of,
    opens_at,
    percent_done,
    places_of,
    syllabus_of,
)
from leads.timing import next_allowed

KEY, READ = "lessons", "read"

#: The mails of the feature: a lesson has opened; the learner has not gone on for a while.
LESSON_MAIL, STALLED_MAIL = "lesson-open", "course-reminder"

#: A reminder that comes later than this after its day is left out, and so is the news that a lesson has opened.
_STALE = timedelta(days=3)

#: The most reminders that a learner gets in one course.
_MOST_REMINDERS = 2

#: Learners come back to a course long after its last mail.
_LIFETIME = timedelta(days=730)


def page_name(lesson: str) -> str:
    """The name of a lesson's page among those that functions fill."""
    return f"lesson-{lesson}"


#: The name of the page with all lessons.
COURSE_PAGE = "course"


def _progress(enrolled: Enrolled) -> Progress:
    found: Progress = state_of(enrolled.enrolment, KEY, progresses.NONE)
    return found


def _syllabus(enrolled: Enrolled) -> Syllabus:
    return syllabus_of(enrolled.configuration(KEY))


def _where(enrolled: Enrolled) -> ZoneInfo:
    return zone(enrolled.lead.time_zone, enrolled.funnel.time_zone)


def _begun(enrolled: Enrolled) -> datetime:
    """When the learner enrolled: the confirmation that opened the course, else the last form."""
    enrolment = enrolled.enrolment
    asked = enrolment.asks[-1].at if enrolment.asks else datetime.min.replace(tzinfo=UTC)
    return enrolment.confirmed_at or asked


def _places(enrolled: Enrolled, now: datetime) -> tuple[Place, ...]:
    return places_of(_syllabus(enrolled), _progress(enrolled), _begun(enrolled), now, _where(enrolled))


# ── mails ──


def _openings(enrolled: Enrolled) -> dict[int, datetime]:
    """When each lesson opens that a mail is to announce, by the number of its mail.

    Not those that the delivery mail leads to, nor those that open as the learner presses the button of the one before.
    """
    syllabus, progress = _syllabus(enrolled), _progress(enrolled)
    begun, where = _begun(enrolled), _where(enrolled)
    found = {}
    for number, lesson in enumerate(syllabus.lessons):
        opens = opens_at(number, syllabus, progress, begun, where)
        at_once = syllabus.rule == AFTER_LESSON and not lesson.after
        if opens and opens > begun and not at_once and lesson.name not in progress.first_done:
            found[number_of(lesson.name)] = opens
    return found


def _lessons_to_announce(enrolled: Enrolled) -> tuple[int, ...]:
    return tuple(_openings(enrolled))


def _when_to_announce(enrolled: Enrolled, number: int) -> Window:
    return _window(_openings(enrolled)[number], enrolled)


def _window(at: datetime, enrolled: Enrolled) -> Window:
    """From `at` on, or from the end of the quiet hours that it lies in, until it is stale."""
    opens = next_allowed(at, Step(""), _where(enrolled), enrolled.funnel.sending.quiet)
    return Window(opens, opens + _STALE)


def _reminders(enrolled: Enrolled) -> tuple[int, ...]:
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
    syllabus, progress = _syllabus(enrolled), _progress(enrolled)
    if not syllabus.stalled or progress.completed_at:
        return None
    names = syllabus.names
    left = next((number for number, name in enumerate(names) if not progress.is_done(name)), None)
    if left is None:
        return None
    opens = opens_at(left, syllabus, progress, _begun(enrolled), _where(enrolled))
    marks = (opens, progress.moved_at, _begun(enrolled), *_reminded(enrolled))
    return max(filter(None, marks)) if opens else None


def _when_to_remind(enrolled: Enrolled, number: int) -> Window:
    since = _idle_since(enrolled) or _begun(enrolled)
    return _window(since + timedelta(seconds=_syllabus(enrolled).stalled), enrolled)


# ── facts and words ──


def _facts(enrolled: Enrolled) -> Mapping[str, str]:
    syllabus, progress = _syllabus(enrolled), _progress(enrolled)
    done = count_done(syllabus, progress)
    return {
        "done": str(done),
        "left": str(len(syllabus.lessons) - done),
        "percent": str(percent_done(syllabus, progress)),
        "completed": "yes" if progress.completed_at else "no",
    }


def _words(enrolled: Enrolled) -> Mapping[str, str]:
    syllabus, progress = _syllabus(enrolled), _progress(enrolled)
    named = next((each for each in syllabus.lessons if number_of(each.name) == enrolled.number), None)
    left = (each for each in syllabus.lessons if not progress.is_done(each.name))
    lesson = named or next(left, None)
    return {
        "lesson_title": lesson.title if lesson else "",
        "lesson_minutes": str(lesson.minutes) if lesson else "",
        "lessons_done": str(count_done(syllabus, progress)),
        "lessons_total": str(len(syllabus.lessons)),
    }


def _told(enrolled: Enrolled) -> list[tuple[str, str]]:
    syllabus, progress = _syllabus(enrolled), _progress(enrolled)
    rows = [("Lessons done", f"{count_done(syllabus, progress)} of {len(syllabus.lessons)}")]
    if progress.completed_at:
        rows.append(("Course completed", f"{progress.completed_at:%Y-%m-%d}"))
    return rows


def _follows(enrolled: Enrolled) -> tuple[Event, ...]:
    """The completion, where all lessons are done and it is not noted."""
    syllabus, progress = _syllabus(enrolled), _progress(enrolled)
    if progress.completed_at or not is_complete(syllabus, progress) or not progress.moved_at:
        return ()
    return (progresses.completed(enrolled.funnel.slug, syllabus.names, progress.moved_at),)


# ── pages ──


def _learner(visit: Visit, progress: Progress) -> Learner:
    enrolled = visit.enrolled
    syllabus, where = _syllabus(enrolled), _where(enrolled)
    places = places_of(syllabus, progress, _begun(enrolled), visit.now, where)
    address = f"/api/do/{enrolled.funnel.slug}/{KEY}/{READ}"
    return Learner(address, visit.token, syllabus, progress, places, where)


def _show(visit: Visit) -> Answer:
    """The lesson that the address names, else the one of the mail, else the one to go on with."""
    learner = _learner(visit, _progress(visit.enrolled))
    place = _asked_for(visit, learner)
    if place and place.is_open:
        return Answer(page_name(place.lesson.name), lesson_values(learner, place))
    return Answer(COURSE_PAGE, course_values(learner, place))


def _asked_for(visit: Visit, learner: Learner) -> Place | None:
    """A lesson that was removed since is no lesson; then the course's page is shown."""
    if visit.query.get("view"):
        return None
    named = visit.query.get("lesson", "")
    if named:
        return next((each for each in learner.places if each.lesson.name == named), None)
    of_mail = (each for each in learner.places if number_of(each.lesson.name) == visit.number)
    return next(of_mail, None) or next_place(learner.places)


def _do(visit: Visit) -> Answer:
    """Mark a lesson, take the mark back, or choose the pace. What an old page posts again changes nothing."""
    learner = _learner(visit, _progress(visit.enrolled))
    pressed = _posted(visit, "do")
    if pressed == "pace":
        return _choose(visit, learner)
    name = _posted(visit, "lesson")
    place = next((each for each in learner.places if each.lesson.name == name), None)
    if place is None:
        return Answer(location=learner.overview)
    if not place.is_open or pressed not in ("done", "undone"):
        return Answer(location=learner.link(name))
    events = _marked(visit, learner, name)
    moved = learner.progress
    for each in events:
        moved = advance(moved, each)
    return Answer(location=_goes_on(_learner(visit, moved), name, pressed), events=events)


def _marked(visit: Visit, learner: Learner, name: str) -> tuple[Event, ...]:
    """The change of the mark, unless the page is older than the last change; and the completion with the last one."""
    turn, magnet = learner.progress.turns.get(name, 0), visit.enrolled.funnel.slug
    if _posted(visit, "turn") != str(turn) or (_posted(visit, "do") == "done") == bool(turn % 2):
        return ()
    event = progresses.mark(magnet, name, turn, visit.now)
    moved = advance(learner.progress, event)
    if moved.completed_at or not is_complete(learner.syllabus, moved):
        return (event,)
    return event, progresses.completed(magnet, learner.syllabus.names, visit.now)


def _goes_on(learner: Learner, name: str, pressed: str) -> str:
    if pressed == "undone":
        return learner.link(name)
    place = next_place(learner.places, name)
    return learner.link(place.lesson.name) if place else learner.overview


def _choose(visit: Visit, learner: Learner) -> Answer:
    pace, turn = _posted(visit, "pace"), learner.progress.pace_turns
    fresh = _posted(visit, "turn") == str(turn) and pace in (PACED, AT_ONCE) and learner.syllabus.choice
    event = progresses.chose_pace(visit.enrolled.funnel.slug, pace, turn, visit.now)
    return Answer(location=learner.overview, events=(event,) if fresh else ())


def _posted(visit: Visit, name: str) -> str:
    return visit.posted.get(name, [""])[0]


# ── rows ──

_CHANGE = change_state(KEY, progresses.NONE, advance)


def _named(text: str) -> Callable[[Event], str]:
    return lambda event: text.format(event.data.get("lesson", "a lesson"))


_LINK = {"not_in": {"opt-in": "the course follows once they have confirmed; delete it"}}

FEATURE = Feature(
    key=KEY,
    event_types=(
        EventType(
            progresses.DONE,
            words=_named("You marked the lesson “{}” as done"),
            change=_CHANGE,
            is_activity=True,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
            points=4,
            noun="lesson",
        ),
        EventType(
            progresses.UNDONE,
            words=_named("You took back that the lesson “{}” is done"),
            change=_CHANGE,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
            points=-4,
        ),
        EventType(
            progresses.COMPLETED,
            words=says("You completed the course"),
            change=_CHANGE,
            is_activity=True,
            wakes=ITS_MAGNET,
            points=10,
            noun="completion",
        ),
        EventType(
            progresses.PACE_CHOSEN,
            words=says("You chose how lessons open"),
            change=_CHANGE,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
        ),
    ),
    mail_types=(
        MailType(
            LESSON_MAIL, "A lesson has opened", asked_for=_lessons_to_announce, window=_when_to_announce
        ),
        MailType(
            STALLED_MAIL,
            "The course waits for you",
            asked_for=_reminders,
            window=_when_to_remind,
            transactional=False,
        ),
    ),
    link_types=(
        action_link(
            KEY,
            READ,
            "course_url",
            _LIFETIME,
            "opens the lesson to go on with",
            needed_in="delivery",
            why_needed="it leads to the first lesson; put it on a line of its own: `[Begin]({{ course_url }})`",
            **_LINK,
        ),
        action_link(
            KEY,
            READ,
            "lesson_url",
            _LIFETIME,
            "opens the lesson that the mail is about",
            mail=LESSON_MAIL,
            numbered=True,
            needed_in=LESSON_MAIL,
            why_needed="it leads to the lesson; put it on a line of its own: `[Read it]({{ lesson_url }})`",
            why_not_elsewhere="no other mail is about one lesson; write `{{ course_url }}` instead",
        ),
    ),
    actions=(Action(READ, _show, _do),),
    facts=_facts,
    words=_words,
    told=_told,
    follows=_follows,
)
