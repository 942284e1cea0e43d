"""A course from the delivery mail to the last lesson: what is open, what a button marks, which mails come and when."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from leads import events, progress
from leads.funnel import Sending, Step
from leads.lesson_actions import COURSE_PAGE, page_name
from leads.lesson_mails import LESSON_MAIL, STALLED_MAIL
from leads.pace import DRIP, FIRST, lane_of
from leads.syllabus import AFTER_ENROLMENT, AFTER_LESSON, ALL_AT_ONCE, Lesson, Syllabus, configure
from tests.world import DAY, World, make_funnel

NAMES = ("pipes", "loops", "files")
SPOTS = ("heading", "text", "onward", "progress", "lessons", "quiz", "mark", "way", "pace")
READ = "do/guide/lessons/read"
#: From START, 09:30 in Berlin, to 08:00 of the next day.
UNTIL_MORNING = timedelta(hours=22, minutes=30)


def course_world(rule: str = ALL_AT_ONCE, *after: int, confirmed: bool = True, **changes: Any) -> World:
    """A world with a course of three lessons; its lead has confirmed."""
    more = {name: changes.pop(name) for name in ("choice", "stalled", "lessons") if name in changes}
    delays = after or (0, 0, 0)
    lessons = tuple(
        Lesson(name, name.title(), 10, "", each) for name, each in zip(NAMES, delays, strict=True)
    )
    syllabus = Syllabus(more.pop("lessons", lessons), rule, **more)
    world = World(make_funnel(features={"lessons": configure(syllabus)}, **{"steps": (), **changes}))
    for name in (*(page_name(each) for each in NAMES), COURSE_PAGE):
        spots = "".join(f"<div id={each}>\ue000{each}\ue001</div>" for each in SPOTS)
        world.publish_page("guide", name, f"<h1>{name}</h1>{spots}<i>\ue000token\ue001</i>")
    if confirmed:
        world.sign_up()
    return world


def look(world: World, lesson: str = "", view: str = "") -> str:
    """The page that the course's link opens, perhaps of one lesson."""
    more = "".join(f"&{name}={value}" for name, value in (("lesson", lesson), ("view", view)) if value)
    answer = world.act(world.link(READ, "delivery") + more, "GET")
    assert answer["statusCode"] == 200
    return answer["body"]


def shown(page: str) -> str:
    return re.search(r"<h1>([\w-]+)</h1>", page)[1]


def form(page: str) -> dict[str, str]:
    """What the page's button posts."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    button = re.search(r'<button[^>]* name="do" value="(\w+)">', page)[1]
    return {**{name: unescape(value) for name, value in fields.items()}, "do": button}


def press(world: World, fields: dict[str, str]) -> str:
    """Press a button; the lesson that its answer leads to, "" for the course's page."""
    answer = world.act(f"/api/{READ}", "POST", urlencode(fields))
    assert answer["statusCode"] == 303
    world.settle()
    query = parse_qs(answer["headers"]["location"].partition("#")[0].partition("?")[2])
    return query.get("lesson", [""])[0]


def done(world: World, lesson: str) -> str:
    return press(world, form(look(world, lesson)))


def times(world: World, step: str) -> list[timedelta]:
    """When mails of a step went out, from the confirmation on."""
    begun = world.events("confirmed")[0].at
    return [each["at"] - begun for each in world.sent if each["step"] == step]


def lesson_link(world: World) -> str:
    """The link of the latest mail about a lesson that leads to that lesson; the other goes on with the course."""
    text = next(each["text"] for each in reversed(world.sent) if each["step"] == LESSON_MAIL)
    return [word for word in text.split() if f"/api/{READ}?" in word][-1]


# ── pages and buttons ──


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_lesson_marks_nothing(method):
    world = course_world()
    before = dict(world.items)
    for lesson in ("", *NAMES):
        world.act(f"{world.link(READ)}&lesson={lesson}", method)
    assert world.items == before
    assert not world.stream


def test_the_link_of_every_mail_leads_to_the_lesson_to_go_on_with():
    world = course_world(steps=(Step("first", DAY),))
    assert shown(look(world)) == "lesson-pipes"
    done(world, "pipes")
    assert shown(look(world)) == "lesson-loops"
    world.advance(days=1)
    assert shown(world.act(world.link(READ, "first"), "GET")["body"]) == "lesson-loops"


def test_done_leads_to_the_next_lesson_and_the_last_to_the_end():
    world = course_world()
    assert done(world, "pipes") == "loops"
    assert done(world, "loops") == "files"
    assert done(world, "files") == ""
    assert shown(look(world)) == COURSE_PAGE
    assert "You have done the whole course" in look(world)
    assert "3 of 3 lessons done" in look(world)
    assert len(world.events("course_completed")) == 1
    assert world.events("course_completed")[0].data == {"lessons": list(NAMES)}


def test_a_lesson_left_out_is_come_back_to():
    world = course_world()
    assert done(world, "loops") == "files"
    assert done(world, "files") == "pipes"


def test_a_later_form_closes_no_lesson_that_was_open():
    world = course_world(AFTER_ENROLMENT, 0, 2 * DAY, 4 * DAY, confirmed=False)
    world.sign_up("")
    world.advance(days=5)
    assert shown(look(world, "files")) == "lesson-files"
    world.sign_up("&consent=yes")
    assert shown(look(world, "files")) == "lesson-files"


def test_who_comes_back_is_enrolled_anew():
    world = course_world(AFTER_ENROLMENT, 0, 2 * DAY, 4 * DAY)
    world.advance(days=5)
    world.unsubscribe(world.link("unsubscribe"))
    world.advance(hours=1)
    world.sign_up("&consent=yes&first_name=Other")
    assert shown(look(world, "files")) == COURSE_PAGE
    world.advance(days=5)
    assert shown(look(world, "files")) == "lesson-files"


def test_a_form_of_somebody_else_holds_up_no_lesson():
    world = course_world(AFTER_ENROLMENT, 0, 2 * DAY, 4 * DAY, confirmed=False)
    world.sign_up("")
    world.advance(days=1)
    world.post("email=lead%40example.com&consent=yes")
    world.advance(days=10)
    assert world.mails() == ["opt-in", "delivery", "opt-in", LESSON_MAIL, LESSON_MAIL]


def test_who_ended_the_mails_gets_none_of_a_lesson_before_they_confirm_again():
    world = course_world(AFTER_ENROLMENT, 0, 2 * DAY, 4 * DAY)
    world.advance(days=1)
    world.unsubscribe(world.link("unsubscribe"))
    world.advance(hours=1)
    world.post("email=lead%40example.com&consent=yes")
    world.advance(days=10)
    assert world.mails() == ["opt-in", "delivery", "opt-in"]


def test_a_button_pressed_twice_is_one_event_and_leads_to_the_same_place():
    world = course_world()
    fields = form(look(world, "pipes"))
    assert [press(world, fields) for _ in range(3)] == ["loops"] * 3
    assert len(world.events("lesson_done")) == 1


def test_a_mark_is_taken_back_and_set_again_and_an_old_page_changes_nothing():
    world = course_world()
    old = form(look(world, "pipes"))
    press(world, old)
    fields = form(look(world, "pipes"))
    assert fields["do"] == "undone"
    assert press(world, fields) == "pipes"
    assert not world.lead().enrolments["guide"].features["lessons"].is_done("pipes")
    press(world, old)
    assert not world.lead().enrolments["guide"].features["lessons"].is_done("pipes"), (
        "the old page has no say"
    )
    press(world, form(look(world, "pipes")))
    types = [each.type for each in world.events() if each.type.startswith("lesson_")]
    assert types == ["lesson_done", "lesson_undone", "lesson_done"]


def test_the_score_of_a_mark_is_taken_back_with_it():
    world = course_world()
    before = world.lead().score
    done(world, "pipes")
    assert world.lead().score == before + 4
    press(world, form(look(world, "pipes")))
    assert world.lead().score == before


def test_completion_stays_when_a_mark_is_taken_back_or_a_lesson_comes():
    world = course_world()
    for each in NAMES:
        done(world, each)
    press(world, form(look(world, "pipes")))
    assert world.lead().enrolments["guide"].features["lessons"].completed_at
    lessons = tuple(Lesson(name, name.title(), 10) for name in (*NAMES, "more"))
    world.publish(make_funnel(steps=(), features={"lessons": configure(Syllabus(lessons))}))
    page = look(world, view="course")
    assert "new · 10 min" in page
    assert "You have done the whole course" in page


def test_a_lesson_that_was_removed_shows_the_course_and_counts_for_nobody():
    world = course_world()
    fields = form(look(world, "pipes"))
    done(world, "loops")
    done(world, "files")
    lessons = tuple(Lesson(name, name.title(), 10) for name in ("loops", "files"))
    world.publish(make_funnel(steps=(), features={"lessons": configure(Syllabus(lessons))}))
    assert shown(look(world, "pipes")) == COURSE_PAGE
    assert "2 of 2 lessons done" in look(world)
    assert press(world, fields) == ""
    assert not world.events("lesson_undone")


def test_who_finishes_in_two_tabs_at_once_has_completed_the_course():
    """Each of the two posts saw the other's lesson as not done, so neither noted the completion."""
    world = course_world()
    done(world, "pipes")
    for each in ("loops", "files"):
        world.wiring.ledger.append(world.lead_id(), progress.mark("guide", each, 0, world.time))
    assert not world.events("course_completed")
    world.settle()
    assert len(world.events("course_completed")) == 1


# ── what is locked ──


def test_a_locked_lesson_is_seen_with_its_time_and_cannot_be_read_or_marked():
    world = course_world(AFTER_ENROLMENT, 0, DAY, 2 * DAY)
    page = look(world, "loops")
    assert shown(page) == COURSE_PAGE
    assert "This lesson opens on Tuesday 3 March 2026, 08:00." in page
    assert "opens on Wednesday 4 March 2026, 08:00" in page
    token = form(look(world, "pipes"))["t"]
    assert press(world, {"t": token, "lesson": "loops", "turn": "0", "do": "done"}) == "loops"
    assert not world.events("lesson_done")


def test_a_lesson_opens_at_its_second_and_not_before():
    world = course_world(AFTER_ENROLMENT, 0, DAY, 2 * DAY)
    world.time = world.events("confirmed")[0].at + UNTIL_MORNING - timedelta(seconds=1)
    assert shown(look(world, "loops")) == COURSE_PAGE
    world.time += timedelta(seconds=1)
    assert shown(look(world, "loops")) == "lesson-loops"


def test_after_the_lesson_before_it_is_told_what_opens_the_next():
    world = course_world(AFTER_LESSON, 0, DAY, 6 * 3600)
    page = look(world)
    assert "opens 1 day after lesson 1 is done" in page
    assert "opens 6 hours after lesson 2 is done" in page
    assert done(world, "pipes") == ""
    assert "“Loops” opens on Tuesday 3 March 2026, 08:00." in look(world)


def test_a_learner_may_open_all_lessons_and_go_back_if_the_author_allows_it():
    world = course_world(AFTER_LESSON, 0, DAY, DAY, choice=True)
    old = form(look(world, view="course"))
    press(world, old)
    assert shown(look(world, "files")) == "lesson-files"
    press(world, old)
    assert len(world.events("pace_chosen")) == 1
    press(world, form(look(world, view="course")))
    assert shown(look(world, "files")) == COURSE_PAGE
    strict = course_world(AFTER_LESSON, 0, DAY, DAY)
    assert 'value="pace"' not in look(strict, view="course")
    press(strict, {"t": form(look(strict))["t"], "pace": "at once", "turn": "0", "do": "pace"})
    assert not strict.events("pace_chosen")


# ── mails ──


def test_a_mail_comes_when_a_lesson_opens_and_leads_to_that_lesson():
    world = course_world(AFTER_ENROLMENT, 0, DAY, 3 * DAY)
    world.advance(days=2)
    assert times(world, LESSON_MAIL) == [UNTIL_MORNING]
    assert shown(world.act(lesson_link(world), "GET")["body"]) == "lesson-loops"
    world.advance(days=9)
    assert times(world, LESSON_MAIL) == [UNTIL_MORNING, UNTIL_MORNING + timedelta(days=2)]
    assert shown(world.act(lesson_link(world), "GET")["body"]) == "lesson-files"


def test_a_thousand_lessons_that_open_at_once_hold_up_no_visitor():
    assert lane_of("delivery") == FIRST
    assert lane_of(LESSON_MAIL) == lane_of(STALLED_MAIL) == DRIP


def test_no_mail_announces_what_opens_at_the_press_of_the_button_or_is_open_already():
    for world in (course_world(), course_world(AFTER_LESSON, 0, 0, 0)):
        done(world, "pipes")
        world.advance(days=30)
        assert LESSON_MAIL not in world.mails()


def test_a_lesson_after_the_one_before_is_announced_so_long_after_it_was_done():
    world = course_world(AFTER_LESSON, 0, 6 * 3600, DAY)
    world.advance(days=5)
    assert LESSON_MAIL not in world.mails()
    done(world, "pipes")
    world.advance(days=5)
    assert times(world, LESSON_MAIL) == [timedelta(days=5, hours=6)]


def test_a_lesson_mail_waits_for_the_end_of_quiet_hours():
    sending = Sending(quiet=("20:00", "10:00"))
    world = course_world(AFTER_ENROLMENT, 0, DAY, 2 * DAY, sending=sending)
    world.advance(days=1, hours=2)
    assert times(world, LESSON_MAIL) == [UNTIL_MORNING + timedelta(hours=2)]


def test_who_opened_all_lessons_gets_no_mail_about_each():
    world = course_world(AFTER_ENROLMENT, 0, DAY, 3 * DAY, choice=True)
    press(world, form(look(world, view="course")))
    world.advance(days=9)
    assert LESSON_MAIL not in world.mails()


def test_a_lesson_that_is_added_for_long_past_is_announced_to_nobody():
    world = course_world(AFTER_ENROLMENT, 0, DAY, DAY)
    world.advance(days=20)
    before = world.mails()
    lessons = tuple(Lesson(name, name.title(), 10, "", DAY) for name in (*NAMES, "more"))
    world.publish(make_funnel(steps=(), features={"lessons": configure(Syllabus(lessons, AFTER_ENROLMENT))}))
    world.reconcile()
    world.advance(days=5)
    assert world.mails() == before


def test_whoever_stops_all_mails_gets_none_about_lessons_and_can_read_on():
    world = course_world(AFTER_ENROLMENT, 0, DAY, 2 * DAY)
    world.unsubscribe(world.link("unsubscribe"))
    world.advance(days=5)
    assert LESSON_MAIL not in world.mails()
    assert shown(look(world, "loops")) == "lesson-loops"


def test_a_sequence_goes_on_beside_the_lessons_and_ends_when_both_have():
    world = course_world(
        AFTER_ENROLMENT, 0, 2 * DAY, 9 * DAY, steps=(Step("first", DAY), Step("second", 2 * DAY))
    )
    world.advance(days=8)
    assert world.mails() == ["opt-in", "delivery", "first", LESSON_MAIL, "second"]
    assert not world.events("finished")
    world.advance(days=8)
    assert world.mails()[-1] == LESSON_MAIL
    assert world.events("finished")


def test_who_stops_is_reminded_twice_at_most():
    world = course_world(stalled=7 * DAY)
    world.advance(days=60)
    assert times(world, STALLED_MAIL) == [timedelta(days=7), timedelta(days=14)]


def test_who_goes_on_is_reminded_of_the_next_silence_alone_and_who_is_done_of_none():
    world = course_world(stalled=7 * DAY)
    world.advance(days=6)
    done(world, "pipes")
    world.advance(days=6)
    assert STALLED_MAIL not in world.mails()
    world.advance(days=2)
    assert times(world, STALLED_MAIL) == [timedelta(days=13)]
    for each in ("loops", "files"):
        done(world, each)
    world.advance(days=60)
    assert len(times(world, STALLED_MAIL)) == 1


def test_nobody_is_reminded_of_a_lesson_that_is_not_open_yet():
    world = course_world(AFTER_ENROLMENT, 0, 20 * DAY, 20 * DAY, stalled=7 * DAY)
    done(world, "pipes")
    world.advance(days=26)
    assert STALLED_MAIL not in world.mails()
    world.advance(days=2)
    assert len(times(world, STALLED_MAIL)) == 1


def test_who_did_not_agree_to_mails_gets_the_lessons_and_no_reminder():
    world = course_world(AFTER_ENROLMENT, 0, DAY, 2 * DAY, stalled=7 * DAY, confirmed=False)
    world.sign_up(extra="")
    world.advance(days=60)
    assert world.mails() == ["opt-in", "delivery", LESSON_MAIL, LESSON_MAIL]


def test_a_reminder_keeps_the_limits_of_sequences():
    """A mail of another magnet on the same day comes first; the reminder takes the next day."""
    world = course_world(stalled=7 * DAY)
    other = make_funnel(slug="other", opt_in="single", steps=(Step("news", 7 * DAY),), priority=1)
    world.publish(other)
    world.post("email=lead%40example.com&consent=yes", "other")
    world.settle()
    world.wiring.funnels.forget()
    world.advance(days=9)
    days = [each["at"].date() for each in world.sent if each["step"] in ("news", STALLED_MAIL)]
    assert len(set(days)) == 2


def test_a_mail_of_the_sequence_may_ask_for_lessons():
    asked = ["number", "lessons.done", ">=", "2"]
    world = course_world(steps=(Step("first", DAY, when=asked), Step("second", DAY, when=asked)))
    world.advance(days=1, hours=1)
    done(world, "pipes")
    done(world, "loops")
    world.advance(days=3)
    assert world.mails() == ["opt-in", "delivery", "second"]


def test_the_data_page_and_the_owner_are_told_how_far_a_learner_is():
    from leads.facts import rows_of_features
    from leads.feature import Enrolled

    world = course_world()
    for each in NAMES:
        done(world, each)
    lead = world.lead()
    rows = dict(rows_of_features(Enrolled(lead, lead.enrolments["guide"], world.funnel)))
    assert rows == {"Lessons done": "3 of 3", "Course completed": "2026-03-02"}


def test_after_an_erasure_the_link_opens_nothing():
    world = course_world()
    link = world.link(READ)
    world.note(events.erased(world.time, "lead"))
    assert world.act(link, "GET")["statusCode"] == 410
