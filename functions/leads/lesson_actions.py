"""The pages behind a course's link, and what their buttons do."""

from leads import progress as progresses
from leads.course_state import KEY, READ, begun_at, progress_of, syllabus_for, zone_of
from leads.events import Event
from leads.feature import Answer, Visit
from leads.lesson_page import Learner, course_values, lesson_values
from leads.progress import AT_ONCE, PACED, Progress, QuizAttempt, advance
from leads.quiz import count_right, is_over, passes, quiz_of, read_answers
from leads.syllabus import Place, is_complete, must_pass, next_place, number_of, places_of

#: The name of the page with all lessons, among those that functions fill.
COURSE_PAGE = "course"


def page_name(lesson: str) -> str:
    """The name of a lesson's page among those that functions fill."""
    return f"lesson-{lesson}"


def _learner(visit: Visit, progress: Progress) -> Learner:
    enrolled = visit.enrolled
    syllabus, where = syllabus_for(enrolled), zone_of(enrolled)
    places = places_of(syllabus, progress, begun_at(enrolled), visit.now, where)
    address = f"/api/do/{enrolled.funnel.slug}/{KEY}/{READ}"
    return Learner(enrolled.lead.id, address, visit.token, syllabus, progress, places, where)


def show(visit: Visit) -> Answer:
    """The lesson that the address names, else the one of the mail, else the one to go on with."""
    learner = _learner(visit, progress_of(visit.enrolled))
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


def do(visit: Visit) -> Answer:
    """Mark a lesson, take the mark back, or choose the pace. What an old page posts again changes nothing."""
    learner = _learner(visit, progress_of(visit.enrolled))
    pressed = _posted(visit, "do")
    if pressed == "pace":
        return _choose(visit, learner)
    name = _posted(visit, "lesson")
    place = next((each for each in learner.places if each.lesson.name == name), None)
    if place is None:
        return Answer(location=learner.overview)
    if pressed == "answer" and place.is_open:
        return _judge(visit, learner, place)
    is_barred = pressed == "done" and must_pass(place.lesson, learner.progress)
    if not place.is_open or is_barred or pressed not in ("done", "undone"):
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


def _judge(visit: Visit, learner: Learner, place: Place) -> Answer:
    """Judge the answers to a quiz, once an attempt: by the key of the quiz that the page showed, or not at all."""
    quiz, name = quiz_of(place.lesson.quiz), place.lesson.name
    there = Answer(location=f"{learner.link(name)}#quiz")
    last = learner.progress.quizzes.get(name)
    made = last.number if last else 0
    if quiz is None or is_over(quiz, made, last is not None and last.passed):
        return there
    if _posted(visit, "attempt") != str(made) or _posted(visit, "edition") != quiz.edition:
        return there
    answers = read_answers(quiz, visit.posted)
    right = count_right(quiz, answers)
    given = {key: tuple(each) for key, each in answers.items()}
    attempt = QuizAttempt(made + 1, right, len(quiz.questions), passes(quiz, right), quiz.edition, given)
    event = progresses.answered(visit.enrolled.funnel.slug, name, attempt, visit.now)
    return Answer(location=there.location, events=(event,))


def _choose(visit: Visit, learner: Learner) -> Answer:
    pace, turn = _posted(visit, "pace"), learner.progress.pace_turns
    fresh = _posted(visit, "turn") == str(turn) and pace in (PACED, AT_ONCE) and learner.syllabus.choice
    event = progresses.chose_pace(visit.enrolled.funnel.slug, pace, turn, visit.now)
    return Answer(location=learner.overview, events=(event,) if fresh else ())


def _posted(visit: Visit, name: str) -> str:
    return visit.posted.get(name, [""])[0]
