"""The values of a course's pages: how far the learner is, the list of lessons, and the buttons.

A lesson's page has its text from the build; its placeholders are `token`, `progress`, `lessons`, `quiz`, `mark` and
`way`. The course's own page has `heading`, `text`, `onward`, `progress`, `lessons` and `pace`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from leads.placeholders import Html
from leads.progress import AT_ONCE, PACED, Progress
from leads.quiz import quiz_of
from leads.quiz_page import draw_quiz
from leads.syllabus import Place, Syllabus, must_pass, next_place

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner in a course: the address of its pages, the token, the state of each lesson, their zone."""

    lead: str  # its id
    address: str  # /api/do/<magnet>/lessons/read
    token: str
    syllabus: Syllabus
    progress: Progress
    places: tuple[Place, ...]
    where: ZoneInfo

    def link(self, lesson: str = "") -> str:
        """The address of a lesson's page, or of the course's."""
        more = f"&lesson={quote(lesson)}" if lesson else ""
        return f"{self.address}?t={quote(self.token)}{more}"

    @property
    def overview(self) -> str:
        """The address of the course's own page."""
        return f"{self.link()}&view=course"


def lesson_values(learner: Learner, place: Place) -> dict[str, str]:
    """The values of the page of a lesson that is open."""
    return {
        "progress": _progress(learner),
        "lessons": _list(learner, place.lesson.name),
        "quiz": _quiz(learner, place),
        "mark": _mark(learner, place),
        "way": _way(learner, place),
        "token": quote(learner.token),
    }


def course_values(learner: Learner, locked: Place | None) -> dict[str, str]:
    """The values of the course's page; `locked` is the lesson that was asked for and is not open yet."""
    heading, text = _said(learner, locked)
    return {
        "heading": heading,
        "text": text,
        "onward": _onward(learner),
        "progress": _progress(learner),
        "lessons": _list(learner, ""),
        "pace": _pace(learner),
    }


def _said(learner: Learner, locked: Place | None) -> tuple[str, str]:
    places = learner.places
    if locked:
        return locked.lesson.title, f"{_opening(learner, locked, 'This lesson opens')}."
    if learner.progress.completed_at:
        has_new = any(each.is_new and not each.is_done for each in places)
        new = " A new lesson has come since; it is yours too, if you like." if has_new else ""
        return "You have done the whole course", f"Every lesson stays open to you for reading again.{new}"
    if next_place(places):
        return "Your lessons", "What is open, what you have done, and what is still to come."
    waiting = next((each for each in places if not each.is_done), None)
    if waiting is None:
        return "You have done the whole course", "Every lesson stays open to you for reading again."
    opens = f"“{waiting.lesson.title}” opens"
    return "That is all for now", f"{_opening(learner, waiting, opens)}."


def _onward(learner: Learner) -> Html:
    place = next_place(learner.places)
    if place is None:
        return Html("")
    began = any(each.is_done for each in learner.places)
    words = f"{'Go on with' if began else 'Begin with'} “{place.lesson.title}”"
    return Html(f'<p><a class="go" href="{escape(learner.link(place.lesson.name))}">{escape(words)}</a></p>')


def _opening(learner: Learner, place: Place, begins: str = "opens") -> str:
    if place.opens is None:
        return f"{begins} {_span(place.lesson.after)} lesson {learner.places.index(place)} is done"
    return f"{begins} on {day_and_hour(place.opens, learner.where)}"


def _span(seconds: int) -> str:
    """`2 days after`, `6 hours after`, `once`."""
    size, unit = next((each for each in _UNITS if seconds % each[0] == 0), _UNITS[-1])
    count = seconds // size
    return f"{count} {unit}{'' if count == 1 else 's'} after" if count else "once"


def day_and_hour(at: datetime, where: ZoneInfo) -> str:
    """`Tuesday 1 December 2026, 08:00`, by the learner's clock."""
    local = at.astimezone(where)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"


def _progress(learner: Learner) -> Html:
    done, total = sum(each.is_done for each in learner.places), len(learner.places)
    words = f"{done} of {total} lessons done"
    return Html(
        f'<p class="progress"><span id="page.progress">{words}</span> '
        f'<progress max="{total}" value="{done}" aria-labelledby="page.progress"></progress></p>'
    )


def _list(learner: Learner, current: str) -> Html:
    return Html(
        f'<ol class="lessons">{"".join(_entry(learner, each, current) for each in learner.places)}</ol>'
    )


def _entry(learner: Learner, place: Place, current: str) -> str:
    lesson = place.lesson
    title = escape(lesson.title)
    state, words = _state(learner, place)
    if not place.is_open:
        named = f"<span>{title}</span>"
    elif lesson.name == current:
        named = f'<a href="{escape(learner.link(lesson.name))}" aria-current="page">{title}</a>'
    else:
        named = f'<a href="{escape(learner.link(lesson.name))}">{title}</a>'
    return f'<li class="{state}">{named} <small>{escape(words)}</small></li>'


def _state(learner: Learner, place: Place) -> tuple[str, str]:
    minutes = f"{place.lesson.minutes} min"
    if place.is_done:
        return "done", f"done · {minutes}"
    if not place.is_open:
        return "locked", _opening(learner, place)
    return "open", f"new · {minutes}" if place.is_new else minutes


def _quiz(learner: Learner, place: Place) -> Html:
    lesson = place.lesson
    quiz = quiz_of(lesson.quiz)
    if quiz is None:
        return Html("")
    hidden = _hidden((("t", learner.token), ("lesson", lesson.name)))
    last = learner.progress.quizzes.get(lesson.name)
    return draw_quiz(quiz, last, learner.lead, learner.address, hidden)


def _mark(learner: Learner, place: Place) -> Html:
    name = place.lesson.name
    if not place.is_done and must_pass(place.lesson, learner.progress):
        words = 'Once you have passed <a href="#quiz">the quiz</a>, you can mark this lesson as done.'
        return Html(f'<p class="mark">{words}</p>')
    if place.is_done:
        button = '<button class="plain" name="do" value="undone">Not done after all</button>'
        said = '<p class="is-done">You have marked this lesson as done.</p>'
    else:
        left = [each for each in learner.places if not each.is_done and each.lesson.name != name]
        words = "Done, next lesson" if left else "Done, that was the last"
        button, said = f'<button name="do" value="done">{words}</button>', ""
    hidden = (("t", learner.token), ("lesson", name), ("turn", str(learner.progress.turns.get(name, 0))))
    return Html(
        f'<form class="mark" action="{learner.address}" method="post">{said}{_hidden(hidden)}{button}</form>'
    )


def _hidden(fields: Sequence[tuple[str, str]]) -> str:
    return "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields)


def _way(learner: Learner, place: Place) -> Html:
    """The links to the lesson before and the one behind, where they are open, and to the course."""
    at = learner.places.index(place)
    pieces = []
    if at > 0 and learner.places[at - 1].is_open:
        pieces.append(_step(learner, learner.places[at - 1], "prev", "Before"))
    pieces.append(f'<a href="{escape(learner.overview)}">All lessons</a>')
    if at + 1 < len(learner.places):
        behind = learner.places[at + 1]
        locked = f"<span>Next: {escape(behind.lesson.title)}, {_opening(learner, behind)}</span>"
        pieces.append(_step(learner, behind, "next", "Next") if behind.is_open else locked)
    return Html("".join(pieces))


def _step(learner: Learner, place: Place, rel: str, word: str) -> str:
    title = escape(place.lesson.title)
    return f'<a rel="{rel}" href="{escape(learner.link(place.lesson.name))}">{word}: {title}</a>'


def _pace(learner: Learner) -> Html:
    if not learner.syllabus.choice or all(each.is_done for each in learner.places):
        return Html("")
    at_once = learner.progress.pace == AT_ONCE
    said = (
        "You opened all lessons at once. They can come one after the other again."
        if at_once
        else "Lessons come one after the other. If you would rather have them all, open them."
    )
    words, pace = ("One after the other again", PACED) if at_once else ("Open all lessons now", AT_ONCE)
    hidden = _hidden((("t", learner.token), ("pace", pace), ("turn", str(learner.progress.pace_turns))))
    button = f'<button class="plain" name="do" value="pace">{words}</button>'
    return Html(
        f'<form class="pace" action="{learner.address}" method="post"><p>{said}</p>{hidden}{button}</form>'
    )
