"""An offer that ends: kept by the server to the second, one window and one code for a lead, nothing sent afterwards."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aws.stock import Stock
from leads import conditions, events
from leads.facts import facts_of, rows_of_lead
from leads.features.deadline import FOR_ALL, GENERATED, OF_A_LIST, Terms
from leads.folding import fold
from leads.funnel import Sending, Step
from leads.instants import iso
from leads.offer_codes import ALPHABET, make_code
from leads.rules import DEFAULT
from tests.offers import OPEN, REMINDER, offer_funnel, offer_world, publish_offer
from tests.world import DAY, START, ClientError

END = START + timedelta(days=5)
FIXED = Terms("guide", ends=iso(END), codes=FOR_ALL, code="WELCOME", shop="https://shop.example/")
WINDOW = Terms("guide", window=3 * DAY, codes=GENERATED)
LIST = Terms("guide", ends=iso(END), codes=OF_A_LIST, edition="one", low=2)
SECOND = timedelta(seconds=1)
MOMENT = timedelta(milliseconds=1)


def opened(world, link=""):
    return world.act(link or world.link(OPEN), "GET")


# ── the end ──
def test_the_page_is_open_up_to_the_last_millisecond_and_closed_from_the_end_on():
    world = offer_world(FIXED)
    world.sign_up()
    link = world.link(OPEN)
    world.time = END - MOMENT
    answer = opened(world, link)
    assert answer["statusCode"] == 200
    assert "<code>WELCOME</code>" in answer["body"]
    world.time = END
    for method in ("GET", "HEAD", "POST"):
        answer = world.act(link, method)
        assert answer["statusCode"] == 200
        assert "This offer has ended" in answer["body"]
        assert "WELCOME" not in answer["body"]
    assert not world.events("claimed_code")


def test_a_form_is_taken_up_to_the_end_and_answered_with_the_closed_page_from_then_on():
    world = offer_world(FIXED)
    world.time = END - MOMENT
    assert world.post("email=early%40example.com")["statusCode"] == 303
    world.time = END
    world.wiring.funnels.forget()
    before = dict(world.items)
    answer = world.post("email=late%40example.com")
    assert answer["statusCode"] == 200
    assert "It ended on Saturday 7 March 2026, 09:30 Berlin time (UTC+01:00)" in answer["body"]
    assert f"{iso(END)}" in answer["body"]
    # Our script posts plainly after such an answer, and the browser shows the page.
    assert world.post("email=late%40example.com", accept="application/json")["statusCode"] == 410
    assert world.items == before
    assert world.metrics["TurnedAway"] == 2


def test_whoever_did_not_confirm_in_time_is_told_and_sent_nothing():
    world = offer_world(FIXED)
    assert world.post("email=lead%40example.com&consent=yes")["statusCode"] == 303
    world.settle()
    link = world.link("confirm")
    world.time = END
    for method in ("GET", "POST"):
        assert "This offer has ended" in world.confirm(link, method)["body"]
    world.advance(days=20)
    assert world.mails() == ["opt-in"]


@pytest.mark.parametrize(
    ("zone", "end", "words"),
    [
        # The clocks go back at 01:00 UTC on 25 October: the second 02:30 is the later hour.
        ("Europe/Berlin", "2026-10-25T01:30:00+00:00", "Sunday 25 October 2026, 02:30 Berlin time (UTC+01:00)"),
        ("Europe/Berlin", "2026-10-25T00:30:00+00:00", "Sunday 25 October 2026, 02:30 Berlin time (UTC+02:00)"),
        ("Pacific/Kiritimati", "2026-12-31T09:59:59+00:00", "Thursday 31 December 2026, 23:59 Kiritimati time"),
        ("Pacific/Pago_Pago", "2026-12-31T10:30:00+00:00", "Wednesday 30 December 2026, 23:30 Pago Pago time"),
        ("Pacific/Apia", "2026-12-31T10:59:00+00:00", "Thursday 31 December 2026, 23:59 Apia time (UTC+13:00)"),
    ],
)  # fmt: skip
def test_an_end_holds_across_a_change_of_the_clocks_and_the_date_line(zone, end, words):
    at = datetime.fromisoformat(end)
    world = offer_world(Terms("guide", ends=iso(at), codes=FOR_ALL, code="WELCOME"), time_zone=zone)
    world.time = at - timedelta(hours=2)
    world.sign_up()
    link = world.link(OPEN)
    world.time = at - SECOND
    assert words in opened(world, link)["body"]
    world.time = at
    body = opened(world, link)["body"]
    assert "has ended" in body
    assert words in body


def test_the_page_says_the_end_on_the_leads_clock_and_on_the_sites():
    world = offer_world(FIXED)
    world.post("email=lead%40example.com&consent=yes&_tz=Pacific/Kiritimati")
    world.settle()
    world.confirm(world.link("confirm"))
    world.settle()
    theirs, ours = (
        "Saturday 7 March 2026, 22:30 Kiritimati time (UTC+14:00)",
        "Saturday 7 March 2026, 09:30 Berlin time",
    )
    assert f"{theirs}, which is {ours}" in opened(world)["body"]


# ── the window of each lead ──
def test_a_window_runs_from_the_confirmation_and_is_kept_as_an_instant():
    world = offer_world(WINDOW)
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.time += timedelta(days=2)  # the time that they take to confirm costs them nothing
    world.confirm(world.link("confirm"))
    confirmed = world.time
    world.settle()
    (event,) = world.events("window_opened")
    assert event.data == {"offer": "guide", "ends": iso(confirmed + timedelta(days=3))}
    link = world.link(OPEN)
    world.time = confirmed + timedelta(days=3) - MOMENT
    assert "Show my code" in opened(world, link)["body"]
    world.time += MOMENT
    assert "This offer has ended" in opened(world, link)["body"]


def test_with_single_opt_in_it_runs_from_the_form():
    world = offer_world(WINDOW, opt_in="single")
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    (event,) = world.events("window_opened")
    assert event.data["ends"] == iso(START + timedelta(days=3))


def test_no_second_sign_up_opens_a_second_window():
    world = offer_world(WINDOW)
    world.sign_up()
    (first,) = world.events("window_opened")
    world.advance(days=1)
    world.unsubscribe(world.link("unsubscribe"))
    world.advance(days=1)
    for extra in ("&consent=yes", "&first_name=Other"):
        world.sign_up(extra)
        world.advance(hours=3)
    # Nor does another length of it, published later.
    world.publish(offer_funnel(Terms("guide", window=30 * DAY, codes=GENERATED)))
    world.sign_up("&consent=yes&first_name=Third")
    world.advance(days=1)
    world.reconcile()
    assert world.events("window_opened") == [first]
    assert "This offer has ended" in opened(world)["body"]


def test_two_magnets_of_one_offer_share_one_window_and_one_code():
    shared = Terms("spring", window=3 * DAY, codes=GENERATED)
    world = offer_world(shared)
    world.sign_up()
    world.act(world.link(OPEN))
    (first,) = world.events("window_opened")
    (code,) = world.events("claimed_code")
    world.advance(days=2)
    publish_offer(world, offer_funnel(shared, slug="course", url="/course/"))
    world.sign_up("&consent=yes", "course")
    assert world.events("window_opened") == [first]
    link = world.link(OPEN.replace("guide", "course"))
    assert code.data["code"] in opened(world, link)["body"]
    world.time = START + timedelta(days=3, seconds=1)
    assert "has ended" in opened(world, link)["body"]


def test_a_window_that_react_did_not_store_is_the_same_by_the_daily_repair():
    world = offer_world(WINDOW)
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.confirm(world.link("confirm"))
    confirmed = world.time
    world.stream.clear()
    world.time += timedelta(hours=9)
    world.reconcile()
    (event,) = world.events("window_opened")
    assert event.data["ends"] == iso(confirmed + timedelta(days=3))


def test_a_window_of_two_magnets_that_react_did_not_store_begins_with_the_earlier_confirmation():
    shared = Terms("spring", window=3 * DAY, codes=GENERATED)
    world = offer_world(shared)
    publish_offer(world, offer_funnel(shared, slug="course", url="/course/"))
    links = []
    for magnet in ("guide", "course"):
        world.post("email=lead%40example.com&consent=yes", magnet)
        world.settle()
        links.append(world.link("confirm"))
        world.time += timedelta(minutes=30)
    world.confirm(links[1])
    first = world.time
    world.time += timedelta(hours=5)
    world.confirm(links[0])
    world.stream.clear()
    world.reconcile()
    (event,) = world.events("window_opened")
    assert event.data["ends"] == iso(first + timedelta(days=3))


def test_a_window_that_was_not_stored_when_they_came_back_still_began_with_the_first_confirmation():
    world = offer_world(WINDOW)
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.confirm(world.link("confirm"))
    first = world.time
    world.stream.clear()  # what wakes `react` is lost, and with it the event of the window
    world.time += timedelta(hours=1)
    world.note(events.unsubscribed("guide", world.time, "page", scope="sequence"))
    world.time += timedelta(days=1)
    world.sign_up("&consent=yes&first_name=Other")
    (event,) = world.events("window_opened")
    assert event.data["ends"] == iso(first + timedelta(days=3))


# ── codes ──
def test_a_code_is_made_once_and_shown_again_by_every_look():
    world = offer_world(WINDOW)
    world.sign_up()
    link = world.link(OPEN)
    assert "Show my code" in opened(world, link)["body"]
    answer = world.act(link)
    assert answer["statusCode"] == 303
    (event,) = world.events("claimed_code")
    assert event.data["code"] not in answer["headers"]["location"]
    assert event.data["code"] in opened(world, link)["body"]
    world.act(link)
    assert world.events("claimed_code") == [event]


def test_the_next_offer_of_a_magnet_has_a_code_of_its_own():
    world = offer_world(WINDOW)
    world.sign_up()
    world.act(world.link(OPEN))
    world.settle()
    publish_offer(world, offer_funnel(Terms("winter", ends=iso(END), codes=GENERATED)))
    link = world.link(OPEN)
    assert "Show my code" in opened(world, link)["body"]
    world.act(link)
    first, second = (each.data["code"] for each in world.events("claimed_code"))
    assert first != second
    assert f"<code>{second}</code>" in opened(world, link)["body"]
    publish_offer(world, offer_funnel(WINDOW))
    assert f"<code>{first}</code>" in opened(world, link)["body"]


def test_a_code_for_all_that_was_mistyped_is_shown_as_it_is_now():
    world = offer_world(replace(FIXED, code="WELCOEM"))
    world.sign_up()
    world.act(world.link(OPEN))
    world.settle()
    publish_offer(world, offer_funnel(FIXED))
    assert "<code>WELCOME</code>" in opened(world)["body"]


def test_looking_takes_no_code():
    world = offer_world(LIST, ("AAA", "BBB"))
    world.sign_up()
    before = dict(world.items)
    for method in ("GET", "HEAD"):
        assert world.act(world.link(OPEN), method)["statusCode"] == 200
    assert world.items == before


def test_a_code_for_all_is_shown_at_once_and_the_way_to_the_shop_is_noted():
    world = offer_world(FIXED)
    world.sign_up()
    assert "<code>WELCOME</code>" in opened(world)["body"]
    answer = world.act(world.link(OPEN))
    assert answer["headers"]["Refresh"] == "0; url=https://shop.example/"
    assert [each.data["code"] for each in world.events("claimed_code")] == ["WELCOME"]


def test_a_generated_code_has_60_bits_and_more_and_no_letter_that_is_misread():
    assert len(ALPHABET) ** 15 > 2**70
    assert not set(ALPHABET) & set("01OILAEUY")
    code = make_code("f" * 32)
    assert re.fullmatch(f"[{ALPHABET}]{{5}}(-[{ALPHABET}]{{5}}){{2}}", code)
    assert make_code("f" * 31 + "e") != code
    with pytest.raises(ValueError, match="24"):
        make_code("f" * 16)


def stocked(*codes: str):
    world = offer_world(LIST, codes)
    return world, world.wiring.stock


def test_each_lead_gets_a_code_of_their_own_until_none_is_left():
    world, stock = stocked("AAA", "BBB", "CCC")
    taken = [stock.take("guide", "guide", "one", lead) for lead in ("ida", "jo", "kim")]
    assert {each.piece for each in taken} == {"AAA", "BBB", "CCC"}
    assert [each.left for each in taken] == [2, 1, 0]
    assert stock.is_empty("guide", "one")
    assert stock.take("guide", "guide", "one", "lou") is None
    assert stock.take("guide", "guide", "one", "jo").piece == taken[1].piece


class Interrupted:
    """A client whose first put is preceded by something that another request does meanwhile."""

    def __init__(self, client, meanwhile):
        self._client, self._meanwhile = client, meanwhile

    def __getattr__(self, name):
        return getattr(self._client, name)

    def put_item(self, **request):
        meanwhile, self._meanwhile = self._meanwhile, lambda: None
        meanwhile()
        return self._client.put_item(**request)


def test_of_two_leads_who_claim_the_last_code_at_once_one_gets_it():
    world, stock = stocked("LAST")
    others = []
    client = Interrupted(
        world.wiring._clients.dynamodb, lambda: others.append(stock.take("guide", "guide", "one", "jo"))
    )
    mine = Stock(client, "leads").take("guide", "guide", "one", "ida")
    assert others[0].piece == "LAST"
    assert mine is None
    assert stock.is_empty("guide", "one")


def test_two_requests_of_one_lead_at_once_take_one_code():
    world, stock = stocked("AAA", "BBB", "CCC", "DDD")
    others = []
    client = Interrupted(
        world.wiring._clients.dynamodb, lambda: others.append(stock.take("guide", "guide", "one", "ida"))
    )
    mine = Stock(client, "leads").take("guide", "guide", "one", "ida")
    assert mine.piece == others[0].piece
    assert len([key for key in world.items if key[1].startswith("TAKEN#")]) == 1


def test_a_claimed_code_stays_so_when_the_list_is_published_anew_and_a_removed_one_is_not_given_out():
    world, stock = stocked("AAA", "BBB")
    first = stock.take("guide", "guide", "one", "ida").piece
    publish_offer(world, world.funnel, ("CCC",))
    assert stock.take("guide", "guide", "two", "ida").piece == first
    assert stock.take("guide", "guide", "two", "jo").piece == "CCC"
    assert stock.take("guide", "guide", "two", "kim") is None


def test_the_last_code_closes_the_form_at_once_and_more_of_them_open_it():
    world = offer_world(LIST, ("AAA",))
    world.sign_up()
    link = world.link(OPEN)
    world.act(link)
    assert "AAA" in opened(world, link)["body"]
    answer = world.post("email=late%40example.com")
    assert "All codes are given out" in answer["body"]
    assert answer["statusCode"] == 200
    again = Terms("guide", ends=iso(END), codes=OF_A_LIST, edition="two")
    publish_offer(world, offer_funnel(again), ("AAA", "BBB"))
    assert world.post("email=late%40example.com")["statusCode"] == 303


def test_a_lead_for_whom_no_code_is_left_is_told_so_and_nothing_is_stored():
    world = offer_world(LIST, ("AAA",))
    world.sign_up()
    world.wiring.stock.take("guide", "guide", "one", "somebody-else")
    assert "All codes are given out" in world.act(world.link(OPEN))["body"]
    assert not world.events("claimed_code")


@pytest.mark.parametrize(
    ("codes", "subject"), [(("A1X",), "The last code"), (("A1X", "B2X"), "1 code is left")]
)
def test_the_owner_is_told_when_codes_run_out(codes, subject):
    world = offer_world(LIST, codes, owner_email="owner@press.example")
    world.sign_up()
    world.act(world.link(OPEN))
    world.settle()
    told = [each for each in world.notices if subject in each["subject"]]
    assert len(told) == 1


def test_the_owner_is_not_told_while_there_are_enough():
    world = offer_world(LIST, tuple(f"CODE{n}" for n in range(9)), owner_email="owner@press.example")
    world.sign_up()
    world.act(world.link(OPEN))
    world.settle()
    assert not [each for each in world.notices if "code" in each["subject"]]


# ── mails, conditions, rows ──
def test_a_reminder_comes_a_day_before_the_end_and_never_after_it():
    world = offer_world(FIXED)
    world.sign_up()
    world.advance(days=20)
    assert [(each["step"], each["at"]) for each in world.sent[2:]] == [
        ("one-day-left", END - timedelta(days=1))
    ]


def test_a_reminder_that_is_held_up_until_the_end_is_dropped():
    world = offer_world(FIXED)
    world.sign_up()
    world.refusals = [ClientError("TooManyRequestsException", 429) for _ in range(400)]
    world.time = END - timedelta(minutes=1)
    world.advance(minutes=2)
    world.refusals.clear()
    world.advance(days=3)
    assert "one-day-left" not in world.mails()
    assert [each.data["reason"] for each in world.events("skipped")] == ["missed"]


def test_a_mail_that_counts_from_the_one_before_is_dropped_where_its_turn_would_come_after_the_end():
    steps = (Step("slow", 9 * DAY, not_after="offer_end"), REMINDER)
    world = offer_world(FIXED, steps=steps)
    world.sign_up()
    world.advance(days=20)
    assert world.mails()[2:] == ["one-day-left"]
    (skip,) = world.events("skipped")
    assert skip.data["words"] == "its turn would come after `offer_end`"


def test_a_mail_that_quiet_hours_would_move_past_the_end_is_dropped():
    at = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
    terms = Terms("guide", ends=iso(at), codes=FOR_ALL, code="WELCOME")
    steps = (Step("late", 4 * DAY + 13 * 3600, not_after="offer_end"),)
    world = offer_world(terms, steps=steps, sending=Sending(quiet=("21:00", "08:00")))
    world.sign_up()
    world.advance(days=20)
    assert world.mails() == ["opt-in", "delivery"]


def test_conditions_know_whether_the_offer_is_open_and_the_code_claimed():
    world = offer_world(WINDOW)
    world.sign_up()
    ends = world.lead().enrolments["guide"].features["deadline"]["guide"]["ends"]

    def holds(fact: str, value: str, at: datetime) -> bool:
        return conditions.holds(
            ["is", f"deadline.{fact}", value], facts_of(world.lead(), world.funnel, at), at
        )

    at = datetime.fromisoformat(ends)
    assert holds("open", "yes", at - SECOND)
    assert holds("open", "no", at)
    assert holds("claimed", "no", at)
    before = world.lead().score
    world.act(world.link(OPEN))
    assert holds("claimed", "yes", at)
    assert world.lead().score == before + 15


def test_people_are_told_of_the_end_and_the_code():
    world = offer_world(LIST, ("AAA",), time_zone="Europe/Berlin")
    world.sign_up()
    world.act(world.link(OPEN))
    assert rows_of_lead(world.lead(), {"guide": world.funnel}) == [
        ("Offer ends", "Saturday 7 March 2026, 09:30 Berlin time (UTC+01:00)"),
        ("Code", "AAA"),
    ]


def test_events_in_any_order_and_twice_make_the_same_lead():
    world = offer_world(WINDOW)
    world.sign_up()
    world.act(world.link(OPEN))
    history = world.events()
    known = world.lead()
    assert fold(world.lead_id(), [*reversed(history), *history], DEFAULT) == known


def test_an_imported_lead_without_confirmation_has_no_window_and_sees_the_closed_page():
    world = offer_world(WINDOW)
    world.post("email=lead%40example.com")
    lead = world.lead()
    assert rows_of_lead(lead, {"guide": world.funnel}) == []
    token = world.wiring.signer.sign("deadline.open", [world.lead_id(), "guide"], world.time)
    assert "This offer has ended" in opened(world, f"https://press.example/api/{OPEN}?t={token}")["body"]
