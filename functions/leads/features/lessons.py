"""`lessons`: a course whose lessons open by a rule, behind a signed link, and are marked as done by the learner.

The configuration is that of `leads.syllabus.configure`. GET marks nothing: done is a button.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from leads import progress as progresses
from leads.course_state import KEY, READ, progress_of, syllabus_for
from leads.event_types import ITS_MAGNET, EventType, change_state, says
from leads.events import Event
from leads.feature import Action, Answer, Enrolled, Feature, MailType, Visit, action_link
from leads.lesson_mails import (
    LESSON_MAIL,
    STALLED_MAIL,
    lessons_to_announce,
    reminders,
    when_to_announce,
    when_to_remind,
)
from leads.progress import advance
from leads.syllabus import count_done, is_complete, number_of, percent_done

#: Learners come back to a course long after its last mail.
_LIFETIME = timedelta(days=730)


def _facts(enrolled: Enrolled) -> Mapping[str, str]:
    syllabus, progress = syllabus_for(enrolled), progress_of(enrolled)
    done = count_done(syllabus, progress)
    return {
        "done": str(done),
        "left": str(len(syllabus.lessons) - done),
        "percent": str(percent_done(syllabus, progress)),
        "passed": str(sum(each.passed for each in progress.quizzes.values())),
        "completed": "yes" if progress.completed_at else "no",
    }


def _words(enrolled: Enrolled) -> Mapping[str, str]:
    syllabus, progress = syllabus_for(enrolled), progress_of(enrolled)
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
    syllabus, progress = syllabus_for(enrolled), progress_of(enrolled)
    rows = [("Lessons done", f"{count_done(syllabus, progress)} of {len(syllabus.lessons)}")]
    if progress.completed_at:
        rows.append(("Course completed", f"{progress.completed_at:%Y-%m-%d}"))
    return rows


def _follows(enrolled: Enrolled) -> tuple[Event, ...]:
    """The completion, where all lessons are done and it is not noted."""
    syllabus, progress = syllabus_for(enrolled), progress_of(enrolled)
    if progress.completed_at or not is_complete(syllabus, progress) or not progress.moved_at:
        return ()
    return (progresses.completed(enrolled.funnel.slug, syllabus.names, progress.moved_at),)


def _show(visit: Visit) -> Answer:
    from leads.lesson_actions import show  # here, so that functions that show no lesson do not load its pages

    return show(visit)


def _do(visit: Visit) -> Answer:
    from leads.lesson_actions import do  # here, for the same reason

    return do(visit)


_CHANGE = change_state(KEY, progresses.NONE, advance)


def _named(text: str) -> Callable[[Event], str]:
    return lambda event: text.format(event.data.get("lesson", "a lesson"))


def _answered(event: Event) -> str:
    data = event.data
    counts = f"{data.get('right', 0)} of {data.get('of', 0)} right"
    return f"You answered the quiz of the lesson “{data.get('lesson', '')}”: {counts}"


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
            progresses.ANSWERED,
            words=_answered,
            change=_CHANGE,
            is_activity=True,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
            noun="quiz",
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
        MailType(LESSON_MAIL, "A lesson has opened", asked_for=lessons_to_announce, window=when_to_announce),
        MailType(
            STALLED_MAIL,
            "The course waits for you",
            asked_for=reminders,
            window=when_to_remind,
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
    changing=frozenset({"done", "left", "percent", "passed", "completed"}),
    words=_words,
    told=_told,
    follows=_follows,
)
