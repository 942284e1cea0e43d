"""When lessons open: by a date, by the enrolment, by the lesson before; and what counts as done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leads import progress as progresses
from leads.progress import NONE, Progress, advance
from leads.syllabus import (
    AFTER_ENROLMENT,
    AFTER_LESSON,
    ALL_AT_ONCE,
    ON_DATES,
    Lesson,
    Syllabus,
    configure,
    count_done,
    is_complete,
    next_place,
    number_of,
    opens_at,
    percent_done,
    places_of,
    syllabus_of,
)

DAY, HOUR = 86_400, 3_600
BERLIN, APIA, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia"), ZoneInfo("UTC")
BEGUN = datetime(2026, 3, 2, 20, 15, tzinfo=UTC)  # 21:15 in Berlin


def course(rule: str, *after: int, **changes) -> Syllabus:
    lessons = tuple(
        Lesson(f"l{number}", f"Lesson {number}", 10, "", each) for number, each in enumerate(after, 1)
    )
    return replace(Syllabus(lessons, rule), **changes)


def learnt(*lessons: str, at: datetime = BEGUN, progress: Progress = NONE) -> Progress:
    for each in lessons:
        progress = advance(progress, progresses.mark("guide", each, progress.turns.get(each, 0), at))
    return progress


def opens(syllabus: Syllabus, progress: Progress = NONE, where: ZoneInfo = BERLIN) -> list[datetime | None]:
    return [opens_at(n, syllabus, progress, BEGUN, where) for n in range(len(syllabus.lessons))]


def states(syllabus: Syllabus, progress: Progress, now: datetime) -> list[tuple[bool, bool]]:
    return [(each.is_open, each.is_done) for each in places_of(syllabus, progress, BEGUN, now, BERLIN)]


def test_all_at_once_everything_is_open_from_the_enrolment():
    assert opens(course(ALL_AT_ONCE, 0, 0)) == [BEGUN, BEGUN]


def test_whole_days_after_enrolment_end_at_the_hour_of_the_course_in_the_learners_zone():
    found = opens(course(AFTER_ENROLMENT, 0, DAY, 3 * DAY))
    assert found == [BEGUN, datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 3, 5, 7, tzinfo=UTC)]


def test_hours_after_enrolment_are_hours():
    assert opens(course(AFTER_ENROLMENT, 0, 6 * HOUR))[1] == BEGUN + timedelta(hours=6)


def test_days_are_days_of_the_calendar_where_the_clocks_change():
    begun = datetime(2026, 3, 28, 20, tzinfo=UTC)  # the clocks go forward on the 29th
    found = opens_at(1, course(AFTER_ENROLMENT, 0, DAY, at="09:00"), NONE, begun, BERLIN)
    assert found == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_a_day_that_a_zone_skips_opens_the_lesson_at_its_end():
    begun = datetime(2011, 12, 29, 20, tzinfo=UTC)  # 29 December in Apia, which had no 30th
    found = opens_at(1, course(AFTER_ENROLMENT, 0, DAY), NONE, begun, APIA)
    assert found == datetime(2011, 12, 30, 10, tzinfo=UTC)  # the first instant of the 31st there


def test_a_day_is_the_learners_own_and_an_instant_is_everybodys():
    lessons = (
        Lesson("a", "A"),
        Lesson("b", "B", on="2026-04-01"),
        Lesson("c", "C", on="2026-04-02T10:00:00.000Z"),
    )
    syllabus = Syllabus(lessons, ON_DATES)
    assert opens(syllabus) == [
        BEGUN,
        datetime(2026, 4, 1, 6, tzinfo=UTC),
        datetime(2026, 4, 2, 10, tzinfo=UTC),
    ]
    assert opens(syllabus, where=APIA)[1] == datetime(2026, 3, 31, 19, tzinfo=UTC)
    assert opens(syllabus, where=APIA)[2] == datetime(2026, 4, 2, 10, tzinfo=UTC)


def test_after_the_lesson_before_nothing_opens_until_that_is_done():
    syllabus = course(AFTER_LESSON, 0, 4 * HOUR, 0)
    assert opens(syllabus) == [BEGUN, None, None]
    done = learnt("l1", at=BEGUN + timedelta(hours=1))
    assert opens(syllabus, done) == [BEGUN, BEGUN + timedelta(hours=5), None]
    assert opens(syllabus, learnt("l2", progress=done))[2] == BEGUN


@pytest.mark.parametrize("rule", [AFTER_LESSON, AFTER_ENROLMENT, ON_DATES])
def test_a_lesson_is_open_from_its_second_on_and_not_before(rule):
    lessons = (Lesson("l1", "A"), Lesson("l2", "B", on="2026-03-03T10:00:00.000Z", after=5 * HOUR))
    syllabus, done = Syllabus(lessons, rule), learnt("l1")
    at = opens_at(1, syllabus, done, BEGUN, BERLIN)
    assert at
    assert states(syllabus, done, at - timedelta(seconds=1))[1] == (False, False)
    assert states(syllabus, done, at)[1] == (True, False)


def test_a_mark_that_is_taken_back_locks_nothing_and_counts_from_the_first_time():
    syllabus = course(AFTER_LESSON, 0, DAY, 0)
    done = learnt("l1")
    later = learnt("l1", "l1", at=BEGUN + timedelta(days=9), progress=done)  # taken back, and done again
    assert opens(syllabus, later) == opens(syllabus, done)
    undone = learnt("l1", at=BEGUN + timedelta(days=2), progress=done)
    assert states(syllabus, undone, BEGUN + timedelta(days=3)) == [
        (True, False),
        (True, False),
        (False, False),
    ]


def test_who_chooses_so_has_all_lessons_at_once_but_only_where_the_author_lets_them():
    chosen = advance(NONE, progresses.chose_pace("guide", progresses.AT_ONCE, 0, BEGUN))
    assert opens(course(AFTER_LESSON, 0, DAY, choice=True), chosen) == [BEGUN, BEGUN]
    assert opens(course(AFTER_LESSON, 0, DAY), chosen) == [BEGUN, None]


def test_the_way_goes_on_behind_the_lesson_just_done_and_then_to_what_was_left_out():
    places = places_of(course(ALL_AT_ONCE, 0, 0, 0), learnt("l2"), BEGUN, BEGUN, BERLIN)
    assert next_place(places, "l2").lesson.name == "l3"
    assert next_place(places).lesson.name == "l1"
    assert next_place(places, "gone").lesson.name == "l1"
    done = places_of(course(ALL_AT_ONCE, 0, 0), learnt("l1", "l2"), BEGUN, BEGUN, BERLIN)
    assert next_place(done) is None


def test_a_removed_lesson_counts_for_nobody_and_a_new_one_takes_no_completion_away():
    three, two = course(ALL_AT_ONCE, 0, 0, 0), course(ALL_AT_ONCE, 0, 0)
    done = learnt("l1", "l2")
    assert (count_done(three, done), percent_done(three, done), is_complete(three, done)) == (2, 66, False)
    assert (count_done(two, done), percent_done(two, done), is_complete(two, done)) == (2, 100, True)
    completed = advance(done, progresses.completed("guide", two.names, BEGUN))
    assert percent_done(three, completed) == 100
    assert [each.is_new for each in places_of(three, completed, BEGUN, BEGUN, BERLIN)] == [False, False, True]
    assert advance(completed, progresses.mark("guide", "l1", 1, BEGUN)).completed_at == BEGUN


def test_a_course_of_no_lessons_is_not_complete():
    assert not is_complete(Syllabus(()), NONE)
    assert percent_done(Syllabus(()), NONE) == 0


def test_a_definition_with_keys_of_a_later_version_is_read():
    syllabus = course(AFTER_LESSON, 0, DAY, choice=True, stalled=DAY)
    known = configure(syllabus)
    known["lessons"][0]["video"] = {}
    assert syllabus_of({**known, "more": 1}) == syllabus


def test_a_lessons_number_is_that_of_its_name():
    assert number_of("one-reader") == number_of("one-reader") > 0
    assert number_of("one-reader") != number_of("one-thing-to-do")
