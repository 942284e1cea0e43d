"""Every event that is stored of a lead stands on their data page (GDPR Art. 15), also one that counted for nothing."""

from datetime import timedelta
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads import events
from leads.data_page import page_values
from leads.event_table import EVENT_TYPES
from leads.event_types import MAILS
from leads.events import Event, SendId
from leads.folding import fold
from leads.rules import DEFAULT
from tests.hypothesis_profiles import examples
from tests.world import START, World, make_funnel

_CONSENT = {"given": True, "text": "Yes, write to me."}
_SUBMITTED = {"email": "lead@example.com", "answers": {"first_name": "Ida"}, "consent": _CONSENT}
_BEGIN = (
    events.submitted("guide", START, _SUBMITTED),
    events.confirmed("guide", 1, START + timedelta(minutes=1)),
)


def shown(history, **funnels) -> str:
    lead = fold("lead", history, DEFAULT)
    known = {slug: funnels.get(slug) for slug in lead.enrolments} | funnels
    return str(page_values(lead, history, (), known, "token", "")["magnets"])


def moment(event: Event) -> str:
    local = event.at
    return f"{local.day} {local:%B %Y, %H:%M}"


def some(type: str, magnet: str, minutes: int) -> Event:
    """An event of any type, with data enough for each."""
    send = SendId(magnet or "guide", "first", 0, 1)
    data = {"step": send.step, "ask": 1, "attempt": 1, "reason": "why", "scope": "sequence", "by": "owner"}
    more = {"email": "lead@example.com", "consent": _CONSENT} if type == "submitted" else {}
    return Event(
        type, START + timedelta(minutes=minutes), f"{type}#{magnet}#{minutes}", magnet, {**data, **more}
    )


_types = st.sampled_from([*(each for each in EVENT_TYPES if each != "erased"), "unheard-of"])
_history = st.lists(
    st.builds(some, _types, st.sampled_from(["guide", "course", "", "gone"]), st.integers(2, 60 * 24 * 40)),
    max_size=12,
    unique_by=lambda each: each.at,
)


@examples(3)
@given(_history)
def test_every_event_stands_on_the_page_with_its_instant_or_as_the_mail_it_is_of(history):
    text = shown([*_BEGIN, *history], guide=make_funnel(time_zone="UTC"))
    for each in history:
        row = EVENT_TYPES.get(each.type)
        if row is not None and row.told_in == MAILS:
            assert "“First”: " in text  # a mail's row says what came of it last
        else:
            assert moment(each) in text, each


@pytest.mark.parametrize("type", sorted({*EVENT_TYPES, "unheard-of"}))
@pytest.mark.parametrize("magnet", ["guide", "", "gone"])
def test_each_type_stands_there_alone_also_of_no_magnet_and_of_one_that_is_gone(type, magnet):
    event = some(type, magnet, 90)
    text = shown([*_BEGIN, event], guide=make_funnel(time_zone="UTC"))
    row = EVENT_TYPES.get(type)
    if row is not None and row.told_in == MAILS:
        assert "“First”: " in text
    else:
        assert moment(event) in text
    if row is None:
        assert escape('unheard-of {"step": "first"') in text


def test_a_form_that_was_sent_too_soon_and_a_button_pressed_again_stand_there_too():
    world = World()
    world.sign_up()
    world.time += timedelta(minutes=9)
    world.post("email=lead%40example.com&consent=yes&first_name=Jo")
    world.settle()
    world.note(events.confirmed("guide", 7, world.time))
    body = world.data(world.data_link())["body"]
    assert body.count("You sent the form") == 1
    assert body.count("You confirmed that the address is yours") == 1
    assert body.count("Receipt 1") == 1


def test_a_report_of_a_mail_whose_record_was_erased_stands_there_with_the_mail_s_name():
    erased = events.erased(START + timedelta(days=1), "lead")
    again = events.submitted("guide", START + timedelta(days=2), _SUBMITTED)
    send = SendId("guide", "delivery", 1, 1)
    late = events.reported("delivered", send, START + timedelta(days=3), "m")
    text = shown([erased, again, late], guide=make_funnel(time_zone="UTC"))
    assert "What you asked for: arrived" in text
    assert "Everything before was erased" in text
