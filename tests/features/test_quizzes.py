"""The quiz of a lesson: answered, judged by the server, answered again; its key is on no page."""

import re
from dataclasses import asdict
from html import unescape
from urllib.parse import urlencode

import pytest

from leads.quiz import NUMBER, SINGLE, Choice, Quiz, QuizQuestion
from leads.syllabus import ALL_AT_ONCE, Lesson
from tests.features.test_lessons import course_world, form, look, press
from tests.world import World

FIRST = QuizQuestion(
    "first",
    SINGLE,
    "Which?",
    (Choice("yes", "Yes", True, "Well seen."), Choice("no", "No", False, "Look again.")),
)
SECOND = QuizQuestion("second", NUMBER, "How many?", answers=("7",), feedback="Seven it is.")


def quiz_world(**changes) -> World:
    quiz = Quiz((FIRST, SECOND), **{"passes": 100, "edition": "e1", **changes})
    lessons = (
        Lesson("pipes", "Pipes", 10, quiz=asdict(quiz)),
        Lesson("loops", "Loops", 10),
        Lesson("files", "Files", 10),
    )
    return course_world(ALL_AT_ONCE, lessons=lessons)


def quiz_form(world: World) -> dict[str, str]:
    """The hidden fields of the quiz's form."""
    page = re.search(r"<section class=\"quiz\".*?</section>", look(world, "pipes"), re.DOTALL)[0]
    return {
        k: unescape(v) for k, v in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    }


def answer(world: World, fields: dict[str, str], **given: str) -> None:
    posted = {**fields, "do": "answer", **{f"q-{name}": value for name, value in given.items()}}
    assert press(world, posted) == "pipes"


def verdicts(world: World) -> list[str]:
    return re.findall(r'<li class="(right|not-right)">', look(world, "pipes"))


def test_the_answers_are_judged_and_the_page_says_of_each_what_was_right():
    world = quiz_world()
    answer(world, quiz_form(world), first="no", second="7")
    page = look(world, "pipes")
    assert "1 of 2 right. 2 right answers pass." in page
    assert verdicts(world) == ["not-right", "right"]
    assert "Look again." in page
    assert "Seven it is." in page
    assert "Well seen." not in page, "what is said of the right answer would give it away"
    answer(world, quiz_form(world), first="yes", second="7")
    page = look(world, "pipes")
    assert "2 of 2 right. You have passed." in page
    assert 'value="answer"' not in page
    assert [each.data["right"] for each in world.events("quiz_answered")] == [1, 2]


def test_the_key_is_on_no_page_before_it_may_be_told():
    world = quiz_world()
    plain = look(world, "pipes")
    assert "Well seen." not in plain
    assert "Seven" not in plain
    assert "checked" not in plain
    answer(world, quiz_form(world), first="no", second="8")
    assert "Seven" not in look(world, "pipes")
    assert "Right:" not in look(world, "pipes")


def test_once_the_attempts_are_used_up_the_right_answers_are_told_and_nothing_more_counts():
    world = quiz_world(attempts=1)
    assert "You have 1 attempt." in look(world, "pipes")
    fields = quiz_form(world)
    answer(world, fields, first="no", second="8")
    page = look(world, "pipes")
    assert "Right: Yes" in page
    assert "Right: 7" in page
    answer(world, {**fields, "attempt": "1"}, first="yes", second="7")
    assert len(world.events("quiz_answered")) == 1


def test_two_tabs_and_a_second_press_are_one_attempt():
    world = quiz_world()
    fields = quiz_form(world)
    answer(world, fields, first="no", second="8")
    answer(world, fields, first="yes", second="7")
    assert [each.data["right"] for each in world.events("quiz_answered")] == [0]


def test_a_page_of_an_older_edition_is_not_judged_by_the_new_key():
    world = quiz_world()
    fields = quiz_form(world)
    answer(world, {**fields, "edition": "e0"}, first="yes", second="7")
    assert not world.events("quiz_answered")


def test_a_result_of_an_older_edition_keeps_its_count_and_shows_no_other_questions():
    world = quiz_world()
    answer(world, quiz_form(world), first="yes", second="7")
    newer = quiz_world(edition="e2").funnel
    world.publish(newer)
    page = look(world, "pipes")
    assert "2 of 2 right. You have passed." in page
    assert "The quiz has changed since." in page
    assert verdicts(world) == []


def test_a_lesson_whose_quiz_is_required_is_done_by_who_has_passed():
    world = quiz_world(required=True)
    assert 'value="done"' not in look(world, "pipes")
    token = quiz_form(world)["t"]
    assert press(world, {"t": token, "lesson": "pipes", "turn": "0", "do": "done"}) == "pipes"
    assert not world.events("lesson_done")
    answer(world, quiz_form(world), first="yes", second="7")
    page = look(world, "pipes")
    assert press(world, form(page)) == "loops"


@pytest.mark.parametrize("wrong", ["", "<script>", "yes' or 1", "7", "A" * 5000])
def test_whatever_is_posted_is_an_answer_or_none_and_never_markup(wrong):
    world = quiz_world()
    answer(world, quiz_form(world), first=wrong, second=wrong)
    assert world.events("quiz_answered")[0].data["answers"]["first"] == []
    assert "<script>" not in look(world, "pipes")


def test_an_answer_to_a_lesson_without_a_quiz_is_passed_over():
    world = quiz_world()
    posted = {**quiz_form(world), "lesson": "loops", "do": "answer"}
    answer_of_loops = world.act("/api/do/guide/lessons/read", "POST", urlencode(posted))
    assert answer_of_loops["statusCode"] == 303
    assert not world.events("quiz_answered")
