"""The pages behind the links at a mail's foot: what a lead may choose, and what comes of it in their inbox."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from handlers import keep_subscribed, unsubscribe
from leads import events
from leads.events import SendId
from leads.funnel import Sending, Step
from leads.letter import links_for
from tests.world import DAY, World, http, make_funnel

WEEK_OF_LETTERS = tuple(Step(f"day-{number}", DAY) for number in range(1, 8))


def two_series(**changes) -> World:
    """A lead who gets the letters of two magnets."""
    world = World(make_funnel(steps=WEEK_OF_LETTERS, **changes))
    world.publish(make_funnel(slug="course", steps=WEEK_OF_LETTERS, **{"title": "The Course", **changes}))
    for magnet in ("guide", "course"):
        world.post("email=lead%40example.com&first_name=Ida&consent=yes", magnet)
        world.settle()
        world.confirm(world.link("confirm"))
        world.settle()
    return world


def footer(world: World, magnet: str) -> str:
    """The link to the choices in the latest mail of a magnet."""
    mail = next(each for each in reversed(world.sent) if each["send"].startswith(f"{magnet}_"))
    return next(word for word in mail["text"].split() if "/api/preferences?" in word)


def buttons(answer: dict) -> list[str]:
    page = BeautifulSoup(answer["body"], "html.parser")
    return [each["value"] for each in page.select(".choices button")]


def letters(world: World, magnet: str) -> list[str]:
    return [each["step"] for each in world.sent if each["send"].startswith(f"{magnet}_day-")]


def test_the_page_offers_this_series_fewer_mails_or_none_and_looking_changes_nothing():
    world = two_series()
    before = dict(world.items)
    for method in ("GET", "HEAD"):
        for link in (footer(world, "guide"), world.link("unsubscribe")):
            answer = unsubscribe.respond(http(method, query=link.partition("?")[2]), world.wiring)
            assert answer["statusCode"] == 200
            assert buttons(answer) == ["series", "weekly", "everything"]
    assert world.items == before


def test_ending_one_series_leaves_the_other_and_stops_what_is_queued_already():
    world = two_series()
    world.time += _days(1)
    world.fire_schedules()
    assert len(world.messages) == 2
    answer = world.choose(footer(world, "guide"), "series")
    assert answer["statusCode"] == 200
    assert "No more letters about “The Guide”" in answer["body"]
    world.settle()
    world.advance(days=30)
    assert letters(world, "guide") == []
    assert len(letters(world, "course")) == 7
    assert world.lead().suppression is None


def test_after_one_series_has_ended_the_page_says_how_it_stands_and_how_to_come_back():
    world = two_series()
    world.choose(footer(world, "guide"), "series")
    answer = unsubscribe.respond(http("GET", query=footer(world, "guide").partition("?")[2]), world.wiring)
    page = BeautifulSoup(answer["body"], "html.parser")
    stopped, running = page.select(".series li")
    assert "The Guide" in stopped.text
    assert "stopped, on 2 March 2026" in stopped.text
    assert stopped.a["href"] == "/guide/"
    assert "Its letters come to you" in running.text
    # Its own button ends that other series: it carries a token of its own.
    form = running.form
    link = f"x?t={form.find('input')['value']}"
    world.choose(link, form.button["value"])
    assert world.lead().enrolments["course"].status == "unsubscribed"


def test_one_mail_a_week_at_most_over_all_series_until_it_is_taken_back():
    world = two_series()
    link = footer(world, "guide")
    assert buttons(world.choose(link, "weekly")) == ["series", "normal", "everything"]
    world.settle()
    world.advance(days=28)
    days = sorted(each["at"] for each in world.sent if "_day-" in each["send"])
    assert 3 <= len(days) <= 4
    assert all(later - sooner >= _days(7) for sooner, later in zip(days, days[1:], strict=False))
    # Pressed and taken back within the same second: the page says what counts.
    world.choose(link, "weekly")
    world.time += timedelta(milliseconds=300)
    assert buttons(world.choose(link, "normal")) == ["series", "weekly", "everything"]
    world.settle()
    world.advance(days=30)
    assert len(letters(world, "guide")) == len(letters(world, "course")) == 7


def test_stopping_everything_stops_every_series_and_says_so():
    world = two_series()
    world.time += _days(1)
    world.fire_schedules()
    answer = world.choose(footer(world, "guide"), "everything")
    assert "We send you nothing more" in answer["body"]
    assert buttons(answer) == []
    world.settle()
    world.advance(days=60)
    world.reconcile()
    world.settle()
    assert [each for each in world.mails() if each.startswith("day-")] == []
    assert world.lead().suppression.reason == "unsubscribed"


def test_a_body_that_is_too_large_or_garbled_keeps_nobody_on_the_list():
    for body, base64 in (("x" * 300_000, False), ("no base64!", True)):
        world = two_series()
        event = _post(world.link("unsubscribe"), body) | {"isBase64Encoded": base64}
        assert unsubscribe.respond(event, world.wiring)["statusCode"] == 200
        assert world.lead().suppression.reason == "unsubscribed"


def test_a_choice_counts_also_before_its_page_is_published():
    world = two_series()
    link = footer(world, "guide")
    del world.items["SITE", "PAGE#preferences"]
    answer = world.choose(link, "everything")
    assert answer["statusCode"] == 200
    assert answer["body"].startswith("We send you nothing more\n")
    assert "<" not in answer["body"]


@pytest.mark.parametrize("body", ["", "List-Unsubscribe=One-Click", "choice=", "choice=nonsense", "\ud83e"])
def test_whatever_is_posted_that_is_no_choice_of_the_page_ends_everything_any_number_of_times(body):
    world = two_series()
    link = world.link("unsubscribe")
    for _ in range(3):
        answer = unsubscribe.respond(_post(link, body), world.wiring)
        assert answer["statusCode"] == 200
        assert "location" not in answer["headers"]
        world.time += _days(1)
    assert world.lead().suppression.reason == "unsubscribed"


def test_the_page_behind_every_mail_tells_nothing_of_the_person():
    world = two_series()
    links = (footer(world, "guide"), world.link("unsubscribe"))
    answers = [unsubscribe.respond(http("GET", query=each.partition("?")[2]), world.wiring) for each in links]
    answers += [world.choose(links[0], each) for each in ("weekly", "normal", "data", "series", "everything")]
    for answer in answers:
        assert "lead@example.com" not in answer["body"]
        assert "Ida" not in answer["body"]
        assert answer["headers"]["referrer-policy"] == "no-referrer"
        assert answer["headers"]["cache-control"] == "no-store"


def test_a_title_cannot_become_markup():
    world = two_series(title="<b>Bold</b>")
    answer = world.choose(footer(world, "guide"), "series")
    assert "<b>Bold" not in answer["body"]
    assert "&lt;b&gt;Bold" in answer["body"]


def test_who_stopped_everything_comes_back_by_a_new_consent_alone():
    world = World(make_funnel(opt_in="single", steps=WEEK_OF_LETTERS))
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.choose(world.link("preferences"), "everything")
    world.choose(world.link("preferences"), "normal")
    world.settle()
    world.advance(days=10)
    assert world.mails() == ["delivery"]
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    assert world.mails()[-1] == "opt-in"
    world.confirm(world.link("confirm"))
    world.settle()
    world.advance(days=10)
    assert len(letters(world, "guide")) == 7


def test_an_unsubscription_outweighs_a_mailbox_that_was_unreachable():
    world = two_series()
    for number in range(5):
        send = SendId("guide", f"day-{number}", 0, 1)
        world.note(events.claimed(send, world.time, "worker"))
        world.note(events.reported("bounced", send, world.time, f"m{number}", kind="soft"))
    assert world.lead().suppression.reason == "unreachable"
    world.choose(world.link("preferences"), "everything")
    world.note(events.readmitted(world.time, "owner"))
    assert world.lead().suppression.reason == "unsubscribed"


# ── the question after a long silence ──


def silent() -> World:
    """A lead whom the letters ask whether to go on."""
    steps = (Step("one", 2 * DAY), Step("two", 40 * DAY), Step("three", 2 * DAY))
    world = World(make_funnel(steps=steps, sending=Sending(sunset=30 * DAY)))
    world.sign_up()
    world.advance(days=50)
    assert world.mails() == ["opt-in", "delivery", "one", "still-there"]
    return world


def test_who_says_yes_goes_on_getting_letters():
    world = silent()
    link = world.link("stay")
    for method in ("GET", "HEAD"):
        assert world.stay(link, method)["statusCode"] == 200
    world.settle()
    world.advance(days=5)
    assert world.mails()[-1] == "still-there"
    assert "We keep writing" in world.stay(link)["body"]
    world.settle()
    world.advance(days=5)
    assert world.mails()[-2:] == ["two", "three"]


def test_who_does_not_answer_gets_no_more():
    world = silent()
    world.advance(days=100)
    world.reconcile()
    world.settle()
    assert world.mails()[-1] == "still-there"


def test_a_yes_after_the_letters_were_stopped_brings_nobody_back():
    world = silent()
    link = world.link("stay")
    world.choose(world.link("preferences"), "series")
    answer = keep_subscribed.respond(http("POST", query=link.partition("?")[2]), world.wiring)
    assert answer["statusCode"] == 409
    world.advance(days=30)
    assert world.mails()[-1] == "still-there"


def test_the_mail_that_asks_can_be_unsubscribed_from_like_every_letter():
    headers = silent().sent[-1]["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Auto-Submitted" not in headers


def test_only_the_mail_that_asks_carries_a_link_to_answer():
    world = silent()
    for step in ("opt-in", "delivery", "one", "still-there"):
        links = links_for(world.funnel, "x", SendId("guide", step, 1, 1), world.wiring.signer, world.time)
        assert ("stay_url" in links) is (step == "still-there")
        assert "data_url" not in links


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def _post(link: str, body: str) -> dict:
    return http("POST", body.encode("utf-8", "replace").decode(), query=link.partition("?")[2])
