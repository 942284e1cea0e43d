"""A learner's progress in one course: which lessons are done, and whether the course is completed.

It is the fold of the events below, and the same for any order and repetition of them. A lesson's mark has *turns*: turn
0 says done, turn 1 takes it back, turn 2 says done again. The turn is in the event's key, so a button that is pressed
twice, or a page that is posted again from an old tab, makes no second event.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from leads.events import Event

#: The paces that a learner may choose: lessons open as the course's rule says, or all at once.
PACED, AT_ONCE = "paced", "at once"

DONE, UNDONE, COMPLETED, PACE_CHOSEN = "lesson_done", "lesson_undone", "course_completed", "pace_chosen"
ANSWERED = "quiz_answered"


@dataclass(frozen=True, slots=True)
class QuizAttempt:
    """A learner's last attempt at a quiz.

    `number` counts from 1; `right` of `of` questions were right. `passed`: this attempt passed, or an earlier one.
    `edition` is that of the quiz; `answers` are by question.
    """

    number: int
    right: int
    of: int
    passed: bool
    edition: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """`turns` counts how often the mark of each lesson was changed: odd is done.

    `first_done` is when each lesson was done for the first time, also if the mark was taken back later. `moved_at` is
    the last change of a mark. `completed_of` are the lessons that the course had when it was completed.
    """

    turns: Mapping[str, int] = field(default_factory=dict)
    first_done: Mapping[str, datetime] = field(default_factory=dict)
    moved_at: datetime | None = None
    pace: str = PACED
    pace_turns: int = 0
    completed_at: datetime | None = None
    completed_of: tuple[str, ...] = ()
    quizzes: Mapping[str, QuizAttempt] = field(default_factory=dict)  # by lesson

    def is_done(self, lesson: str) -> bool:
        """Whether the lesson is marked as done now."""
        return self.turns.get(lesson, 0) % 2 == 1


NONE = Progress()


def mark(magnet: str, lesson: str, turn: int, at: datetime) -> Event:
    """The mark of a lesson is changed: it is done where the turn is even, and not done after all where it is odd."""
    type = UNDONE if turn % 2 else DONE
    return Event(type, at, f"{type}#{magnet}#{lesson}#{turn}", magnet, {"lesson": lesson, "turn": turn})


def completed(magnet: str, lessons: tuple[str, ...], at: datetime) -> Event:
    """All lessons that the course has now are done. Once for each course: lessons added later change nothing."""
    return Event(COMPLETED, at, f"{COMPLETED}#{magnet}", magnet, {"lessons": list(lessons)})


def chose_pace(magnet: str, pace: str, turn: int, at: datetime) -> Event:
    """The learner chose how lessons open."""
    return Event(PACE_CHOSEN, at, f"{PACE_CHOSEN}#{magnet}#{turn}", magnet, {"pace": pace, "turn": turn})


def answered(magnet: str, lesson: str, attempt: QuizAttempt, at: datetime) -> Event:
    """The quiz of a lesson is answered. It was judged by the key of that day, and stays so."""
    data = {"lesson": lesson} | asdict(attempt)
    return Event(ANSWERED, at, f"{ANSWERED}#{magnet}#{lesson}#{attempt.number}", magnet, data)


def advance(progress: Progress, event: Event) -> Progress:
    """The progress after one of these events."""
    data = event.data
    if event.type == COMPLETED:
        return replace(progress, completed_at=event.at, completed_of=tuple(data.get("lessons", ())))
    if event.type == ANSWERED:
        return _with_attempt(progress, event)
    turn = int(data.get("turn", 0))
    if event.type == PACE_CHOSEN:
        if turn < progress.pace_turns:
            return progress
        return replace(progress, pace=str(data.get("pace", PACED)), pace_turns=turn + 1)
    lesson = str(data.get("lesson", ""))
    turns = {**progress.turns, lesson: max(progress.turns.get(lesson, 0), turn + 1)}
    moved = max(filter(None, (progress.moved_at, event.at)))
    changed = replace(progress, turns=turns, moved_at=moved)
    return _done(changed, lesson, event.at) if event.type == DONE else changed


def _with_attempt(progress: Progress, event: Event) -> Progress:
    """The attempt with the highest number is the last one, in whatever order they come."""
    data, lesson = event.data, str(event.data.get("lesson", ""))
    before = progress.quizzes.get(lesson)
    passed = bool(data.get("passed")) or (before is not None and before.passed)
    answers = {name: tuple(given) for name, given in (data.get("answers") or {}).items()}
    number, right, of = (int(data.get(name, 0)) for name in ("number", "right", "of"))
    found = QuizAttempt(number, right, of, passed, str(data.get("edition", "")), answers)
    latest = replace(before, passed=passed) if before and before.number > number else found
    moved = max(filter(None, (progress.moved_at, event.at)))
    return replace(progress, quizzes={**progress.quizzes, lesson: latest}, moved_at=moved)


def _done(progress: Progress, lesson: str, at: datetime) -> Progress:
    first = min(filter(None, (progress.first_done.get(lesson), at)))
    return replace(progress, first_done={**progress.first_done, lesson: first})
