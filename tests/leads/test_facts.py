"""What conditions may know of a lead, from their events."""

from datetime import timedelta

from leads import events
from leads.conditions import EVER, HERE, JOINED, holds
from leads.events import SendId
from leads.facts import facts_of
from leads.folding import fold
from leads.rules import DEFAULT
from tests.world import START, make_funnel

DAY = timedelta(days=1)


def submitted(magnet: str, at, **data):
    told = {"email": "ada@quay.example.com", "answers": {}, "consent": {"given": True}, "opt_in": "double"}
    return events.submitted(magnet, at, {**told, **data})


def known(*happened, magnet: str = "guide"):
    return facts_of(fold("lead", happened, DEFAULT), make_funnel(slug=magnet))


def test_answers_origin_and_standing_are_told_by_name():
    facts = known(
        submitted(
            "guide",
            START,
            phone="+4930123456",
            answers={"role": "owner", "topics": "price, law"},
            time_zone="Europe/Berlin",
            touch={"utm_source": "newsletter", "landing": "/guide/"},
        ),
        events.confirmed("guide", 1, START + DAY),
        submitted("guide", START + 2 * DAY, touch={"referrer": "https://wiki.example/quay"}),
    )
    told = {
        "form.role": "owner",
        "form.topics": "price, law",
        "first.utm_source": "newsletter",
        "last.utm_source": "",
        "last.referrer": "https://wiki.example/quay",
        "lead.email.domain": "quay.example.com",
        "lead.phone": "+4930123456",
        "lead.time_zone": "Europe/Berlin",
        "lead.stage": "cold",
        "lead.score": "10",
    }
    assert {name: facts.value(name) for name in told} == told


def test_what_nobody_told_is_empty_and_never_an_error():
    for name in ("form.role", "first.landing", "lead.email"):
        assert known().value(name) == ""
    assert list(known().activities("clicked", JOINED)) == []


def test_what_this_version_does_not_know_is_neither_true_nor_false():
    for name in ("lead.shoe_size", "moon.phase", "moon", ""):
        assert known().value(name) is None
        for condition in (["is", name, "x"], ["given", name]):
            assert not holds(condition, known(), START)
            assert not holds(["not", condition], known(), START)
    assert known().activities("watched", JOINED) is None
    assert not holds(["not", ["did", "watched", JOINED, 0, {}]], known(), START)


def test_an_imported_answer_of_another_type_is_text():
    facts = known(submitted("guide", START, answers={"budget": 0}))
    assert facts.value("form.budget") == "0"


def test_deeds_count_here_since_the_lead_joined_or_at_any_time():
    happened = (
        events.reached("replied", START - 100 * DAY, "course", "owner"),
        submitted("guide", START),
        events.confirmed("guide", 1, START + DAY),
        events.reached("replied", START + DAY / 2, "course", "owner"),
        events.reached("replied", START + 3 * DAY, "guide", "owner"),
    )
    facts = known(*happened)
    days = {
        scope: [(each.at - START) / DAY for each in facts.activities("replied", scope)]
        for scope in (HERE, JOINED, EVER)
    }
    assert days == {HERE: [3], JOINED: [0.5, 3], EVER: [-100, 0.5, 3]}


def test_who_asks_again_after_a_year_joined_when_they_asked_for_what_they_confirmed():
    happened = (
        submitted("guide", START),
        events.reached("booked", START + DAY, "guide", "owner"),
        events.unsubscribed("guide", START + 2 * DAY, "page"),
        submitted("guide", START + 400 * DAY),
        events.confirmed("guide", 2, START + 401 * DAY),
    )
    assert list(known(*happened).activities("booked", JOINED)) == []
    assert len(list(known(*happened).activities("booked", EVER))) == 1


def test_a_mail_was_sent_once_ses_took_it_and_not_when_it_refused_or_bounced():
    def fate(step: str, *outcomes):
        send = SendId("guide", step, 0, 1)
        return [events.claimed(send, START, "w"), *(outcome(send) for outcome in outcomes)]

    facts = known(
        submitted("guide", START),
        *fate("one", lambda send: events.mailed(send, START, "m1")),
        *fate("two", lambda send: events.failed(send, START, "no", False)),
        *fate("three"),
        *fate("four", lambda send: events.reported("bounced", send, START, "m4", kind="hard")),
        *fate("five", lambda send: events.reported("delivered", send, START + DAY, "m5")),
    )
    assert {each.detail["step"] for each in facts.activities("mailed", HERE)} == {"one", "five"}
    assert list(facts_of(facts.lead, make_funnel(slug="course")).activities("mailed", HERE)) == []
