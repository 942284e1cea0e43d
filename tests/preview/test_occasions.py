"""When a mail goes out, or why it does not, as a preview says it."""

from datetime import UTC, datetime, timedelta

import pytest

from leads import events
from leads.funnel import Field, Funnel, Option, Sending, Step
from leads.rules import DEFAULT
from leads.syllabus import AFTER_LESSON, Lesson, Syllabus, configure
from lodestone.errors import CommandError
from lodestone.preview.occasions import COMES, MAY_COME, NEVER, OTHERS, SENT, occasions
from lodestone.preview.reader import Reader, choose, invent
from lodestone.records.stored_lead import StoredLead, fold_lead
from tests.world import DAY, make_funnel

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # a Monday, half past eight in Berlin
CLICKED = ["did", "clicked", "here", 0, {"step": "first"}]
STEPS = (
    Step("first", DAY),
    Step("second", DAY, "09:00", when=CLICKED),
    Step("third", DAY, variants=("a", "b")),
)


def told(funnel: Funnel, reader: Reader | None = None, **made_up) -> dict[str, tuple[str, str]]:
    reader = reader or invent(funnel, made_up.pop("answers", {}), made_up.pop("time_zone", ""), NOW)
    return {each.name: (each.state, each.words) for each in occasions(reader, funnel)}


def test_somebody_made_up_gets_every_mail_at_their_own_hour():
    found = told(make_funnel(steps=STEPS), time_zone="America/New_York")
    assert found["opt-in"] == found["delivery"] == (COMES, "Mon 23 Nov 2026, 02:30")
    assert found["first"] == (COMES, "Tue 24 Nov 2026, 02:30")
    assert found["second"] == (MAY_COME, "Wed 25 Nov 2026, 09:00; if clicked first")


def test_each_version_is_shown_and_one_of_them_is_this_reader_s():
    found = told(make_funnel(steps=STEPS))
    states = {name: found[name][0] for name in ("third", "third~b")}
    assert sorted(states.values()) == sorted((COMES, OTHERS))


def test_mails_of_a_feature_come_by_their_time_or_once_they_are_asked_for():
    lessons = (Lesson("one", "One"), Lesson("two", "Two", after=DAY))
    course = {"lessons": configure(Syllabus(lessons, AFTER_LESSON, stalled=7 * DAY))}
    done = ["number", "lessons.done", ">=", "1"]
    found = told(make_funnel(steps=(Step("first", DAY, when=done),), features=course))
    assert found["course-reminder"] == (COMES, "Mon 30 Nov 2026, 08:30")
    assert found["lesson-open"] == (OTHERS, "once it is asked for: A lesson has opened")
    assert found["first"] == (MAY_COME, "Tue 24 Nov 2026, 08:30; if lessons.done >= 1")


def test_mails_that_answer_something_else_say_what():
    found = told(make_funnel(steps=STEPS))
    assert found["your-data"] == (OTHERS, "when the reader asks what is stored of them")
    assert found["still-there"][1].startswith("to nobody")
    patient = make_funnel(steps=STEPS, sending=Sending(sunset=180 * DAY))
    assert "after 180 days without a sign of life" in told(patient)["still-there"][1]


def test_with_single_opt_in_the_opt_in_mail_is_for_who_comes_back():
    found = told(make_funnel(steps=STEPS, opt_in="single"))
    assert found["opt-in"][0] == OTHERS
    assert found["delivery"][0] == COMES


def test_a_mail_of_a_branch_that_is_still_open_says_what_it_hangs_on():
    steps = (Step("first", DAY), Step("aside", DAY, branch="clickers"), Step("own", DAY, branch="adas"))
    branches = {"clickers": CLICKED, "adas": ["is", "form.first_name", "Ada"]}
    found = told(make_funnel(steps=steps, branches=branches), answers={"first_name": "Ida"})
    assert found["aside"] == (MAY_COME, "if clicked first")
    assert found["own"] == (NEVER, "not on the branch adas")


def test_answers_decide_who_gets_what_and_are_checked_as_the_form_does():
    funnel = make_funnel(steps=(Step("for-ida", DAY, when=["is", "form.first_name", "Ida"]),))
    assert told(funnel, answers={"first_name": "Ida"})["for-ida"][0] == COMES
    assert told(funnel)["for-ida"] == (NEVER, 'not so: first_name = "Ida"')
    for answers, says in (
        ({"frist_name": "Ida"}, "did you mean `first_name`"),
        ({"email": "no"}, "not take this"),
    ):
        with pytest.raises(CommandError, match=says):
            invent(funnel, answers, "", NOW)
    with pytest.raises(CommandError, match="no time zone"):
        invent(funnel, {}, "Europe/Atlantis", NOW)


class OneLead:
    """The records of a stack with one lead."""

    where = "here"
    rules = DEFAULT

    def __init__(self, funnel: Funnel, *more: events.Event, consent: bool = True):
        asked = NOW - timedelta(days=2)
        data = {"email": "ida@example.com", "consent": {"given": consent}, "opt_in": "double"}
        delivery, first = (events.SendId("guide", *each, 1) for each in (("delivery", 1), ("first", 0)))
        self._funnel = funnel
        self.history = [
            events.submitted("guide", asked, data),
            events.confirmed("guide", 1, asked),
            events.claimed(delivery, asked, "w"),
            events.mailed(delivery, asked, "m"),
            events.claimed(first, asked + timedelta(days=1), "w", asked + timedelta(days=1)),
            events.mailed(first, asked + timedelta(days=1), "m"),
            *more,
        ]

    def now(self) -> datetime:
        return NOW

    def id_of(self, email: str = "", phone: str = "") -> str:
        return "lead" if email == "ida@example.com" else ""

    def lead(self, lead_id: str) -> StoredLead | None:
        return fold_lead(lead_id, self.history, self.rules) if lead_id == "lead" else None

    def funnel(self, slug: str) -> Funnel:
        return self._funnel


def of_lead(funnel: Funnel, *more: events.Event) -> dict[str, tuple[str, str]]:
    return told(funnel, choose(OneLead(funnel, *more), "ida@example.com", "guide"))


def test_of_a_lead_there_is_what_was_sent_is_told_and_what_is_to_come():
    found = of_lead(make_funnel(steps=(Step("first", DAY), Step("last", 3 * DAY))))
    assert found["first"] == (SENT, "Sun 22 Nov 2026, 08:30")
    assert found["last"] == (COMES, "Wed 25 Nov 2026, 08:30")


@pytest.mark.parametrize("outcome", ["bounced", "rejected", "unrendered"])
def test_of_a_mail_that_never_arrived_that_is_told(outcome):
    report = events.reported(outcome, events.SendId("guide", "first", 0, 1), NOW, "m", kind="Transient")
    assert of_lead(make_funnel(steps=(Step("first", DAY),)), report)["first"] == (
        SENT,
        "Sun 22 Nov 2026, 08:30; it did not arrive",
    )


def test_a_mail_that_was_passed_over_or_put_before_their_place_is_not_for_them():
    passed = events.skipped("guide", "second", NOW, NOW, "when", "not so: clicked first")
    found = of_lead(make_funnel(steps=(Step("early", DAY), *STEPS)), passed)
    assert found["second"] == (NEVER, "skipped on Mon 23 Nov 2026, 08:30: not so: clicked first")
    assert found["early"] == (NEVER, "it stands before this reader's place")


def test_who_unsubscribed_gets_nothing_more_and_the_preview_says_so():
    found = of_lead(
        make_funnel(steps=(Step("first", DAY), Step("last", DAY))), events.unsubscribed("guide", NOW, "page")
    )
    assert found["last"] == (NEVER, "unsubscribed")


def test_a_lead_who_never_asked_for_the_magnet_is_told():
    funnel = make_funnel(steps=())
    with pytest.raises(CommandError, match="never asked for other"):
        choose(OneLead(funnel), "ida@example.com", "other")
    with pytest.raises(CommandError, match="there is no lead"):
        choose(OneLead(funnel), "nobody@example.com", "guide")


def test_the_mail_of_a_feature_is_shown_for_whom_it_is_and_for_whom_it_is_not():
    tick = Field("wants_edition", "Next", "tick", options=(Option("yes", "Mail me."),))
    plain = make_funnel()
    features = {**plain.features, "editions": {"next": "/guide-2027/"}}
    funnel = make_funnel(steps=STEPS, fields=(*plain.fields, tick), features=features)
    assert told(funnel)["new-edition"] == (OTHERS, "once it is asked for: That a new edition is out")
    state, words = told(funnel, answers={"wants_edition": "yes"})["new-edition"]
    assert (state, words) == (COMES, "Mon 23 Nov 2026, 08:30")
