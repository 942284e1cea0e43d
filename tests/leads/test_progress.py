"""A learner's progress is the same for any order and repetition of its events."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leads import events, progress
from leads.folding import fold
from leads.progress import AT_ONCE, NONE, PACED, Progress
from leads.rules import DEFAULT

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LESSONS = ("pipes", "loops", "files")


def folded(happened: list[events.Event]) -> Progress:
    asked = events.submitted("guide", AT - timedelta(days=1), {"email": "lead@example.com"})
    lead = fold("lead", [asked, *happened], DEFAULT)
    return lead.enrolments["guide"].features.get("lessons", NONE)


def after(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


@st.composite
def courses(draw) -> list[events.Event]:
    """What a learner did: marks changed in any order, each with its turn; paces chosen; the course completed."""
    found, turns, paces = [], dict.fromkeys(LESSONS, 0), 0
    for minute in range(draw(st.integers(1, 14))):
        lesson = draw(st.sampled_from((*LESSONS, "", "all")))
        if lesson == "":
            found.append(
                progress.chose_pace("guide", draw(st.sampled_from((AT_ONCE, PACED))), paces, after(minute))
            )
            paces += 1
        elif lesson == "all":
            found.append(progress.completed("guide", LESSONS, after(minute)))
        else:
            found.append(progress.mark("guide", lesson, turns[lesson], after(minute)))
            turns[lesson] += 1
    return found


@given(courses(), st.randoms(use_true_random=False))
def test_the_order_of_delivery_and_repetition_change_nothing(happened, random):
    first = {each.key: each for each in reversed(happened)}  # the table keeps the first of a key
    shuffled = [*first.values(), *random.choices(list(first.values()), k=5)]
    random.shuffle(shuffled)
    assert folded(shuffled) == folded(list(first.values()))


@given(courses())
def test_a_mark_is_what_its_last_turn_says(happened):
    found = folded(happened)
    for lesson in LESSONS:
        marks = [each for each in happened if each.data.get("lesson") == lesson]
        assert found.is_done(lesson) == bool(marks and marks[-1].type == progress.DONE)


def test_done_taken_back_and_done_again_are_three_events_and_the_first_time_is_kept():
    marks = [progress.mark("guide", "pipes", turn, after(turn)) for turn in range(3)]
    assert [each.type for each in marks] == [progress.DONE, progress.UNDONE, progress.DONE]
    assert len({each.key for each in marks}) == 3
    found = folded(marks)
    assert found.is_done("pipes")
    assert found.first_done["pipes"] == AT
    assert not folded(marks[:2]).is_done("pipes")


def test_the_same_turn_is_one_event_whenever_it_comes():
    assert progress.mark("guide", "pipes", 0, AT).key == progress.mark("guide", "pipes", 0, after(9)).key


def test_an_event_of_another_hand_that_lacks_everything_breaks_nothing():
    bare = events.Event("lesson_done", AT, "lesson_done#guide#x", "guide", {})
    assert folded([bare]).completed_at is None
