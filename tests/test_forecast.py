"""A forecast for one lead: what is certain, what is open, what is in the way."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from leads import events
from leads.facts import facts_of
from leads.features.downloads import downloaded
from leads.folding import fold
from leads.funnel import Sending, Step
from leads.rules import DEFAULT
from lodestone.forecast.forecast import Suppose, after_delivery, forecast, invented_lead, next_mail
from lodestone.forecast.undecided import Knowledge, evaluate
from lodestone.records.stored_lead import StoredLead, fold_lead
from tests.world import DAY, START, make_funnel

IDA = ["is", "form.first_name", "Ida"]
CLICKED = ["did", "clicked", "here", 0, {"step": "first"}]


def signed_up(*magnets: str, at=START, name: str = "Ida") -> list:
    found = []
    for magnet in magnets:
        data = {"email": "ida@example.com", "answers": {"first_name": name}, "consent": {"given": True}}
        found += [
            events.submitted(magnet, at, data | {"opt_in": "double"}),
            events.confirmed(magnet, 1, at),
        ]
    return found


def stored(history: Iterable[events.Event]) -> StoredLead:
    return fold_lead("lead", history, DEFAULT)


def told(history: Iterable[events.Event], *funnels, suppose: Suppose | None = None, now=START) -> list[tuple]:
    """Step, day and hour from now, what is supposed or why it does not come."""
    found = forecast(stored(history), {each.slug: each for each in funnels}, now, suppose)
    return [
        (each.step, each.at and each.at - START, " and ".join(each.supposed) or each.why_not)
        for each in after_delivery(found.mails)
    ]


def test_mails_follow_each_other_as_the_drip_sends_them():
    funnel = make_funnel(steps=(Step("first", 2 * DAY), Step("second", 3 * DAY, "09:00")))
    monday_nine_thirty = timedelta(days=2)  # Berlin is an hour ahead of UTC
    assert told(signed_up("guide"), funnel) == [
        ("first", monday_nine_thirty, ""),
        ("second", timedelta(days=6, hours=-0.5), ""),
    ]


def test_what_a_lead_may_yet_do_is_supposed_and_what_they_answered_is_known():
    steps = (
        Step("first", DAY),
        Step("for-ida", DAY, when=IDA),
        Step("for-others", DAY, when=["not", IDA]),
        Step("clickers", DAY, when=CLICKED),
        Step("both", DAY, when=["and", CLICKED, ["not", IDA]]),
    )
    assert told(signed_up("guide"), make_funnel(steps=steps)) == [
        ("first", timedelta(days=1), ""),
        ("for-ida", timedelta(days=2), ""),
        ("for-others", None, 'not so: first_name != "Ida"'),
        ("clickers", timedelta(days=4), "clicked first"),
        ("both", None, 'not so: clicked first and first_name != "Ida"'),
    ]


def test_a_branch_that_is_still_open_says_what_it_hangs_on():
    steps = (
        Step("first", DAY),
        Step("aside", DAY, branch="clickers"),
        Step("own", DAY, branch="others", when=CLICKED),
    )
    funnel = make_funnel(steps=steps, branches={"clickers": CLICKED, "others": ["not", IDA]})
    found = forecast(stored(signed_up("guide")), {"guide": funnel}, START)
    _, aside, own = after_delivery(found.mails)
    assert (aside.at, aside.supposed) == (None, ("clicked first",))
    assert (own.at, own.supposed, own.why_not) == (None, (), "not on the branch others")


def test_of_a_stranger_no_answer_is_known():
    funnel = make_funnel(steps=(Step("first", DAY, when=IDA), Step("second", DAY, when=["not", IDA])))
    suppose = Suppose(confirms=True, answers=False)
    assert told(invented_lead(funnel, START).events, funnel, suppose=suppose) == [
        ("first", timedelta(days=1), 'first_name = "Ida"'),
        ("second", timedelta(days=2), 'first_name != "Ida"'),
    ]


def test_what_hangs_on_a_mail_that_may_not_come_is_open_too():
    after_it = ["did", "mailed", "here", 0, {"step": "first"}]
    funnel = make_funnel(steps=(Step("first", DAY, when=CLICKED), Step("second", DAY, when=after_it)))
    assert told(signed_up("guide"), funnel)[1] == ("second", timedelta(days=2), "mailed first")


def test_without_confirming_there_is_no_sequence():
    funnel = make_funnel(steps=(Step("first", DAY),))
    found = forecast(invented_lead(funnel, START), {"guide": funnel}, START)
    assert [each.step for each in found.mails] == ["opt-in"]
    assert found.ends == {"guide": "waiting for the lead to confirm"}


def test_two_magnets_share_a_lead_s_days_and_the_forecast_says_who_waits():
    one = make_funnel(slug="guide", steps=(Step("first", DAY),), priority=1)
    other = make_funnel(slug="other", steps=(Step("mine", DAY),))
    found = forecast(stored(signed_up("guide", "other")), {"guide": one, "other": other}, START)
    assert [(each.step, each.at - START) for each in after_delivery(found.of("guide"))] == [
        ("first", timedelta(days=1))
    ]
    (waits,) = after_delivery(found.of("other"))
    assert (waits.at - START, waits.delayed) == (
        timedelta(days=2),
        "the lead has had a mail of another magnet today",
    )


def test_a_question_after_long_silence_is_foretold_and_ends_it():
    funnel = make_funnel(
        steps=(Step("first", 40 * DAY), Step("second", DAY)), sending=Sending(sunset=30 * DAY)
    )
    found = forecast(stored(signed_up("guide")), {"guide": funnel}, START)
    assert [each.step for each in after_delivery(found.mails)] == ["still-there"]
    assert found.ends["guide"] == "asked whether to go on, and not answered"


def test_the_next_mail_of_a_magnet_is_found_without_telling_all_of_them():
    funnel = make_funnel(steps=(Step("never", DAY, when=["not", IDA]), Step("first", DAY)))
    funnels = {"guide": funnel}
    history = [*signed_up("guide"), *delivered()]
    found = next_mail(stored(history), funnels, "guide", START)
    assert (found.step, found.at) == ("first", START + timedelta(days=2))
    gone = stored([*history, events.unsubscribed("guide", START, "page")])
    assert next_mail(gone, funnels, "guide", START) is None


def delivered() -> list:
    send = events.SendId("guide", "delivery", 1, 1)
    return [events.claimed(send, START, "worker"), events.mailed(send, START, "m")]


def test_what_was_done_stays_done_and_what_was_not_may_be():
    history = [*signed_up("guide"), downloaded("guide", "file", START, "person")]
    facts = facts_of(fold("lead", history, DEFAULT), make_funnel())
    known, later = Knowledge(START), START + timedelta(days=5)
    ever, recently = (["did", "downloaded", "here", span, {}] for span in (0, 2 * DAY))
    assert evaluate(ever, facts, later, known) is True
    assert evaluate(["not", ever], facts, later, known) is False
    assert evaluate(recently, facts, START, known) is True
    assert evaluate(recently, facts, later, known) is None
    assert evaluate(CLICKED, facts, START, known) is False  # it is asked now
    assert evaluate(["or", CLICKED, IDA], facts, later, known) is True
    assert evaluate(["number", "lead.score", ">=", "100"], facts, later, known) is None
    assert evaluate(["number", "lead.score", ">=", "100"], facts, START, known) is False


def test_a_date_centuries_away_ends_the_looking_ahead():
    funnel = make_funnel(steps=(Step("far", anchor="then"),), dates={"then": "2190-01-01"})
    assert told(signed_up("guide"), funnel, now=datetime(2026, 3, 2, 8, 30, tzinfo=UTC)) == []
