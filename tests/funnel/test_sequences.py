"""Sequences that look at who the lead is, what they did, and what else they get: through the real handlers."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aws.queue import DripMessage
from handlers import drip
from leads import events
from leads.decisions import Send
from leads.events import SendId
from leads.features.downloads import downloaded
from leads.funnel import Field, Sending, Step
from tests.world import DAY, START, ClientError, World, make_funnel

ROLE = (
    Field("first_name", "First name"),
    Field("role", "Role"),
    Field("email", "E-mail", "email", required=True),
)
IS_OWNER = ["is", "form.role", "owner"]
IS_STAFF = ["is", "form.role", "staff"]
BERLIN = ZoneInfo("Europe/Berlin")
CLICKED = ["did", "clicked", "here", 0, {}]


def days_of(world: World) -> list[tuple[str, int]]:
    """Each mail of the sequence, and on which day after the sign-up it went out."""
    return [
        (each["step"], (each["at"] - START).days)
        for each in world.sent
        if each["step"] not in ("opt-in", "delivery")
    ]


# ── conditions ──


def test_a_step_whose_condition_does_not_hold_is_passed_over_and_keeps_its_place_in_time():
    steps = (Step("one", 2 * DAY), Step("two", 2 * DAY, when=IS_OWNER), Step("three", 3 * DAY))
    world = World(make_funnel(steps=steps, fields=ROLE))
    world.sign_up("&consent=yes&role=staff")
    world.advance(days=30)
    assert days_of(world) == [("one", 2), ("three", 7)]
    (passed,) = world.events("skipped")
    assert (passed.data["step"], passed.data["reason"]) == ("two", "when")
    assert "owner" in passed.data["words"]


def test_a_condition_is_asked_when_its_step_is_due_and_never_again():
    steps = (Step("one", DAY), Step("two", DAY, when=CLICKED), Step("three", DAY))
    world = World(make_funnel(steps=steps))
    world.sign_up()
    world.advance(days=2, hours=1)
    assert days_of(world) == [("one", 1)]
    click = events.clicked(SendId("guide", "one", 0, 1), "pricing", world.time, "person")
    world.note(click)
    world.advance(days=30)
    assert days_of(world) == [("one", 1), ("three", 3)]


def test_a_lead_is_on_the_branch_that_fits_and_the_other_takes_none_of_their_time():
    steps = (
        Step("for-owners", 2 * DAY, branch="owners"),
        Step("more-for-owners", 2 * DAY, branch="owners"),
        Step("for-staff", 2 * DAY, branch="staff"),
        Step("for-all", 3 * DAY),
    )
    branches = {"owners": IS_OWNER, "staff": IS_STAFF}
    owner, staff = (World(make_funnel(steps=steps, branches=branches, fields=ROLE)) for _ in range(2))
    owner.sign_up("&consent=yes&role=owner")
    staff.sign_up("&consent=yes&role=staff")
    owner.advance(days=30)
    staff.advance(days=30)
    assert days_of(owner) == [("for-owners", 2), ("more-for-owners", 4), ("for-all", 7)]
    assert days_of(staff) == [("for-staff", 2), ("for-all", 5)]


def test_nobody_is_thrown_from_one_branch_to_another_midway():
    steps = (Step("one", DAY, branch="keen"), Step("two", DAY, branch="keen"), Step("three", DAY))
    world = World(make_funnel(steps=steps, branches={"keen": ["not", CLICKED]}))
    world.sign_up()
    world.advance(days=1, hours=1)
    world.note(events.clicked(SendId("guide", "one", 0, 1), "pricing", world.time, "person"))
    world.advance(days=30)
    assert [step for step, _ in days_of(world)] == ["one", "two", "three"]


@pytest.mark.parametrize("goal", events.GOALS)
def test_reaching_a_goal_ends_the_sequence_at_once_and_for_good(goal):
    world = World(make_funnel(until=["did", events.GOALS[goal], "here", 0, {}]))
    world.sign_up()
    world.advance(days=1)
    world.note(events.reached(goal, world.time, "guide", "owner"))
    (finished,) = world.events("finished")
    assert finished.data["reason"]
    world.advance(days=30)
    world.reconcile()
    assert days_of(world) == []


def test_a_machines_click_is_no_deed():
    world = World(make_funnel(steps=(Step("one", DAY), Step("two", DAY, when=CLICKED))))
    world.sign_up()
    world.advance(days=1, minutes=10)
    send = SendId("guide", "one", 0, 1)
    world.note(events.clicked(send, "pricing", world.time, "machine"))
    world.note(events.clicked(send, "pricing", world.sent[-1]["at"] + timedelta(seconds=2), "person"))
    world.advance(days=30)
    assert [step for step, _ in days_of(world)] == ["one"]
    assert world.lead().activities == ()


# ── hours and dates ──


def test_no_mail_of_a_sequence_goes_out_in_quiet_hours_however_late_it_comes():
    sending = Sending(quiet=("21:00", "08:00"))
    world = World(make_funnel(steps=(Step("one", 2 * DAY),), sending=sending))
    world.sign_up()
    world.advance(hours=47)
    world.time += timedelta(hours=14)  # nothing ran until half past ten at night in Berlin
    world.advance(minutes=1)
    assert days_of(world) == []
    world.advance(days=1)
    assert world.sent[-1]["at"] == datetime(2026, 3, 5, 7, 0, tzinfo=UTC)


def test_a_mail_before_a_date_comes_before_it_or_not_at_all():
    steps = (Step("reminder", anchor="webinar", offset=-DAY), Step("recording", anchor="webinar", offset=DAY))
    dates = {"webinar": "2026-03-10T17:00:00Z"}
    early, late = (World(make_funnel(steps=steps, dates=dates)) for _ in range(2))
    early.sign_up()
    early.advance(days=30)
    assert [(each["step"], each["at"].day) for each in early.sent[2:]] == [("reminder", 9), ("recording", 11)]
    late.time += timedelta(days=8, hours=5)
    late.sign_up()
    late.advance(days=30)
    assert [each["step"] for each in late.sent[2:]] == ["recording"]
    assert late.events("skipped")[0].data["reason"] == "missed"


# ── many magnets, one person ──


def two_magnets(**changes) -> World:
    world = World(make_funnel(steps=tuple(Step(f"guide-{n}", DAY) for n in range(3)), **changes))
    more = {"slug": "course", "url": "/course/", **changes, "priority": 1}
    world.publish(make_funnel(steps=tuple(Step(f"course-{n}", DAY) for n in range(3)), **more))
    world.sign_up()
    world.time += timedelta(minutes=30)
    world.sign_up(path="course")
    return world


def test_no_two_magnets_write_on_one_day_and_the_more_important_goes_first():
    world = two_magnets()
    assert world.mails() == ["opt-in", "delivery", "opt-in", "delivery"]  # what was asked for comes at once
    world.advance(days=30)
    days = [each["at"].astimezone(BERLIN).date() for each in world.sent[4:]]
    assert len(days) == len(set(days)) == 6
    assert [each["step"] for each in world.sent[4:]][:3] == ["course-0", "course-1", "course-2"]


def test_two_workers_at_once_write_to_a_lead_once():
    world = two_magnets()
    world.time += timedelta(days=1, hours=1)
    world.fire_schedules()
    first, second = world.messages
    world.messages.clear()
    world.deliver_message(second)
    world.deliver_message(first)
    assert len(world.sent) == 5


def test_a_worker_who_read_the_lead_before_another_s_claim_sends_nothing():
    world = World()
    world.sign_up()
    world.time += timedelta(days=2)
    world.fire_schedules()
    (body,) = world.messages
    history = world.events()
    message = DripMessage.from_json(body)
    known, _ = drip.assess(message, history, world.wiring)
    assert isinstance(known.decision, Send)
    world.settle()
    assert world.mails()[2:] == ["first"]
    drip.send_due(message, world.wiring, known)
    assert world.mails()[2:] == ["first"]


@pytest.mark.parametrize(("refused", "day"), [(True, 3), (False, 4)])
def test_a_mail_that_ses_refused_for_good_is_none_of_the_day_s(refused, day):
    world = World(make_funnel(steps=(Step("evening", DAY, "17:00"),)))
    world.publish(make_funnel(slug="course", url="/course/", steps=(Step("morning", DAY, "11:00"),)))
    world.sign_up()
    world.time += timedelta(minutes=30)
    world.sign_up(path="course")
    world.advance(hours=20)
    world.refusals = [ClientError("MessageRejected")] if refused else []
    world.advance(days=3)
    (evening,) = (each for each in world.sent if each["step"] == "evening")
    assert evening["at"].day == day


def test_a_cap_a_week_holds_over_all_magnets():
    world = two_magnets(sending=Sending(a_week=2))
    world.advance(days=40)
    days = [each["at"].astimezone(BERLIN).date() for each in world.sent[4:]]
    assert len(days) == 6
    assert all(later - earlier >= timedelta(days=7) for earlier, later in zip(days, days[2:], strict=False))


def test_a_lead_who_asked_for_less_gets_one_mail_a_week():
    world = World(make_funnel(steps=tuple(Step(f"step-{n}", DAY) for n in range(3))))
    world.sign_up()
    world.advance(days=1, hours=1)
    world.note(events.preferred("guide", world.time, "weekly"))
    world.advance(days=40)
    assert [day for _, day in days_of(world)] == [1, 8, 15]


def test_a_mail_a_week_at_its_hour_is_within_a_cap_of_one_a_week_however_late_the_last_one_left():
    steps = tuple(Step(f"step-{n}", 7 * DAY, "09:00", (0,)) for n in range(5))
    world = World(make_funnel(steps=steps, sending=Sending(a_week=1)))
    world.sign_up()
    for _ in steps:
        world.time = min(due for due, _ in world.schedules.values()) + timedelta(seconds=20)
        world.advance()
    # The clocks are put forward on 29 March: that week is an hour short.
    assert [f"{each['at'].astimezone(BERLIN):%d.%m %H:%M}" for each in world.sent[2:]] == [
        "16.03 09:00",
        "23.03 09:00",
        "30.03 09:00",
        "06.04 09:00",
        "13.04 09:00",
    ]


def test_a_lead_who_wants_more_again_does_not_wait_for_the_week_to_end():
    world = World(make_funnel(steps=tuple(Step(f"step-{n}", DAY) for n in range(3))))
    world.sign_up()
    world.note(events.preferred("guide", world.time, "weekly"))
    world.advance(days=2, hours=12)
    world.note(events.preferred("guide", world.time, "normal"))
    world.advance(days=10)
    assert [day for _, day in days_of(world)] == [1, 2, 3]


# ── silence ──


def test_after_a_long_silence_the_lead_is_asked_once_and_then_left_alone():
    steps = tuple(Step(f"step-{n}", 10 * DAY) for n in range(6))
    world = World(make_funnel(steps=steps, sending=Sending(sunset=30 * DAY)))
    world.sign_up()
    world.advance(days=200)
    for _ in range(3):
        world.reconcile()
        world.advance(days=100)
    assert days_of(world) == [("step-0", 10), ("step-1", 20), ("still-there", 30)]


def test_a_lead_who_says_they_are_still_there_gets_the_rest():
    steps = tuple(Step(f"step-{n}", 10 * DAY) for n in range(4))
    world = World(make_funnel(steps=steps, sending=Sending(sunset=30 * DAY)))
    world.sign_up()
    world.advance(days=31)
    assert world.mails()[-1] == "still-there"
    world.note(events.kept_subscribed("guide", world.time))
    world.advance(days=100)
    assert [step for step, _ in days_of(world)] == ["step-0", "step-1", "still-there", "step-2", "step-3"]


def asked_after_silence() -> World:
    """Two magnets' sequences, stopped by the question of one of them."""
    steps = tuple(Step(f"step-{n}", 10 * DAY) for n in range(4))
    world = World(make_funnel(steps=steps, sending=Sending(sunset=30 * DAY)))
    world.sign_up()
    world.advance(minutes=30)
    world.publish(make_funnel(slug="course", steps=steps, sending=Sending(sunset=30 * DAY)))
    world.sign_up(path="course")
    world.advance(days=60)
    assert world.mails()[-1] == "still-there"
    return world


@pytest.mark.parametrize("sign", ["downloaded", "confirmed"])
def test_any_sign_of_life_after_the_question_brings_the_rest_of_every_sequence(sign):
    world = asked_after_silence()
    if sign == "downloaded":
        world.note(downloaded("guide", "guide.pdf", world.time, "person"))
    else:
        world.publish(make_funnel(slug="third", steps=()))
        world.sign_up(path="third")
    world.advance(days=60)
    assert Counter(each["send"].partition("_")[0] for each in world.sent if "step-" in each["step"]) == {
        "guide": 4,
        "course": 4,
    }


def two_slow_sequences() -> World:
    """A lead of two sequences, so slow that one of them is going to ask whether to go on: the course, on day 40."""
    slow = {
        "steps": tuple(Step(name, 20 * DAY) for name in ("one", "two", "three")),
        "sending": Sending(sunset=30 * DAY),
    }
    world = World(make_funnel(**slow))
    world.publish(make_funnel(slug="course", url="/course/", priority=1, **slow))
    for magnet in ("guide", "course"):
        world.sign_up(path=magnet)
        world.time += timedelta(minutes=30)
    world.advance(days=35)
    return world


def questions(world: World) -> list[str]:
    return [each["send"] for each in world.sent if each["step"] == "still-there"]


def asked_by_the_course() -> World:
    world = two_slow_sequences()
    world.advance(days=10)
    assert questions(world) == ["course_still-there_1_1"]
    return world


def test_the_answer_counts_for_every_sequence_also_where_the_one_that_asked_has_ended():
    world = asked_by_the_course()
    link = world.link("stay", "still-there")
    world.note(events.unsubscribed("course", world.time, "page", scope="sequence"))
    assert world.stay(link)["statusCode"] == 200
    world.settle()
    world.advance(days=60)
    assert "guide_three_0_1" in [each["send"] for each in world.sent]


def test_a_question_that_bounced_is_put_again():
    world = asked_by_the_course()
    send = SendId.parse(world.sent[-1]["send"])
    world.note(events.reported("bounced", send, world.time, "m", kind="soft"))
    world.reconcile()
    world.advance(days=30)
    assert len(questions(world)) == 2


def test_a_question_that_ses_refused_for_good_is_put_by_another_sequence():
    world = two_slow_sequences()
    world.refusals = [ClientError("MessageRejected")]
    world.advance(days=20)
    assert questions(world) == ["guide_still-there_1_1"]


def test_a_magnet_whose_mail_cannot_be_sent_holds_up_the_others_for_a_day_at_most():
    world = two_magnets()
    for n in range(3):
        del world.items["MAGNET#course", f"MAIL#course-{n}"]
    world.restart()
    for _ in range(10):
        world.time += timedelta(days=1)
        world.fire_schedules()
        for body in list(world.messages):
            if not world.deliver_message(body)["batchItemFailures"]:
                world.messages.remove(body)
    assert [step for step in world.mails() if step.startswith("guide-")] == ["guide-0", "guide-1", "guide-2"]


# ── trouble ──


def test_throttling_is_no_step_on_the_backoff_and_loses_nothing():
    world = World()
    world.sign_up()
    world.refusals = [ClientError("TooManyRequestsException", 429) for _ in range(20)]
    world.advance(days=2, hours=1)
    assert world.mails()[2:] == ["first"]
    assert world.sent[-1]["at"] - world.sent[1]["at"] < timedelta(days=2, minutes=45)


@pytest.mark.parametrize(("unsettled", "sent"), [("never-twice", 0), ("at-least-once", 1)])
def test_a_mail_of_which_nobody_knows_is_the_owners_to_decide(unsettled, sent):
    world = World(make_funnel(sending=Sending(unsettled=unsettled)))
    world.sign_up()
    world.refusals = [TimeoutError("read timed out")]
    world.advance(days=1)
    answer = None
    while not answer or not answer["batchItemFailures"]:
        world.time = min(due for due, _ in world.schedules.values())
        world.fire_schedules()
        answer = world.deliver_message(world.messages[0])
    world.settle()
    world.advance(days=40)
    assert world.mails().count("first") == sent
    assert world.mails().count("second") == 1


def test_attempts_that_ses_refused_are_none_of_those_that_a_mail_gets_at_least_once():
    world = World(make_funnel(sending=Sending(unsettled="at-least-once")))
    world.sign_up()
    for attempt in (1, 2, 3):
        send = SendId("guide", "first", 0, attempt)
        world.note(events.claimed(send, world.time, "a worker"))
        world.note(events.failed(send, world.time, "TooManyRequestsException", retry=True, throttled=True))
    world.note(events.claimed(SendId("guide", "first", 0, 4), world.time, "a worker that dies"))
    world.reconcile()
    world.advance(days=3)
    assert [each["attempt"] for each in world.sent if each["step"] == "first"] == [5]


def test_after_a_month_of_refusals_a_mail_is_given_up_and_the_next_has_its_turn():
    world = World(make_funnel(steps=(Step("first", DAY), Step("second", DAY))))
    world.sign_up()
    world.refusals = [ClientError("AccountSuspendedException") for _ in range(80)]
    world.advance(days=29)
    world.refusals.clear()
    world.advance(days=1)
    assert world.mails()[2:] == ["first"]  # within the month it is tried again and again
    other = World(make_funnel(steps=(Step("first", DAY), Step("second", DAY))))
    other.sign_up()
    other.refusals = [ClientError("AccountSuspendedException") for _ in range(80)]
    other.advance(days=32)
    other.refusals.clear()
    other.advance(days=3)
    assert other.mails()[2:] == ["second"]


# ── coming and going ──


def test_ending_one_sequence_leaves_the_other_alone():
    world = two_magnets()
    world.note(events.unsubscribed("guide", world.time, "page", scope="sequence"))
    world.advance(days=30)
    assert {each["step"].partition("-")[0] for each in world.sent[4:]} == {"course"}
    assert world.lead().suppression is None


def test_five_soft_bounces_in_a_row_stop_the_mails_until_the_lead_asks_anew():
    world = World(make_funnel(steps=tuple(Step(f"step-{n}", DAY) for n in range(9))))
    world.sign_up()
    for _ in range(5):
        world.advance(days=1)
        send = SendId.parse(world.sent[-1]["send"])
        world.note(events.reported("bounced", send, world.time, world.sent[-1]["id"], kind="soft"))
    assert world.lead().suppression.reason == "unreachable"
    world.advance(days=10)
    assert len(days_of(world)) == 5
    world.sign_up()
    assert world.mails()[-2:] == ["opt-in", "delivery"]
    world.advance(days=10)
    assert len(days_of(world)) == 9


@pytest.mark.parametrize("reason", ["bounced", "complained"])
def test_a_bounce_or_a_complaint_is_lifted_by_the_owner_alone(reason):
    world = World()
    world.sign_up()
    send = SendId.parse(world.sent[-1]["send"])
    world.note(events.reported(reason, send, world.time, "m", kind="hard"))
    world.advance(days=30)
    assert days_of(world) == []
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    assert len(world.sent) == 2
    world.note(events.readmitted(world.time, "owner"))
    assert world.lead().suppression is None


def test_a_complaint_that_is_taken_back_is_none():
    world = World()
    world.sign_up()
    send = SendId.parse(world.sent[-1]["send"])
    world.note(events.reported("complained", send, world.time, "m"))
    world.note(events.reported("not_spam", send, world.time + timedelta(minutes=1), "m"))
    world.advance(days=30)
    assert [step for step, _ in days_of(world)] == ["first", "second"]


def test_an_erased_lead_leaves_one_event_and_gets_nothing_more():
    world = World()
    world.sign_up()
    world.advance(days=1)
    world.note(events.erased(world.time, "lead"))
    kept = {sk for pk, sk in world.items if pk.startswith("LEAD#")}
    assert kept == {f"EVENT#erased#{int(world.time.timestamp())}", "PROFILE"}
    assert "example.com" not in str([item for (pk, _), item in world.items.items() if pk.startswith("LEAD#")])
    world.advance(days=30)
    world.reconcile()
    assert len(world.sent) == 2


def test_an_erased_lead_who_comes_back_begins_anew_and_has_to_confirm():
    world = World(make_funnel(opt_in="single"))
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.note(events.erased(world.time, "lead"))
    world.time += timedelta(minutes=1)
    late = SendId("guide", "opt-in", 1, 1)
    world.note(events.reported("delivered", late, world.time, "m"))  # of a mail before the erasure
    world.time += timedelta(hours=1)
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    assert world.mails() == ["delivery", "opt-in"]
    world.confirm(world.link("confirm"))
    world.settle()
    world.advance(days=30)
    assert world.mails() == ["delivery", "opt-in", "delivery", "first", "second"]


def test_a_date_of_a_feature_that_this_version_does_not_know_skips_nobody():
    step = Step("last-call", -DAY, anchor="trial_end")
    for features, seen in (({}, ["last-call"]), ({"of_tomorrow": {}}, [])):
        world = World(make_funnel(steps=(step,), features=features))
        world.sign_up()
        world.advance(days=3)
        assert [each.data["step"] for each in world.events("skipped")] == seen


def test_of_two_mails_of_one_instant_the_one_further_on_is_where_the_lead_stands():
    """Otherwise a mail that was put between the two would come after both."""
    first, second, third = Step("b"), Step("a"), Step("c", 3600)
    world = World(make_funnel(steps=(first, second, third)))
    world.sign_up()
    assert world.mails()[2:] == ["b", "a"]
    world.publish(make_funnel(steps=(first, third, second)))
    world.advance(days=30)
    assert world.mails()[2:] == ["b", "a"]
