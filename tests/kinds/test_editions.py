"""The next edition of a report: a tick of its own, one mail once it is out, and a way to take it back."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from leads import events
from leads.facts import facts_of
from leads.features.editions import TICK
from leads.funnel import Field, Option
from leads.pace import DRIP, FIRST, lane_of
from lodestone.build.load import load_site
from tests.world import World, make_funnel

WORDS = "Mail me when the next edition is out."
TICKED = f"&{TICK}=yes"


def report(next: str = "", **changes):
    """A report whose form has the tick until there is a next edition."""
    plain = make_funnel()
    tick = Field(TICK, "The next edition", "tick", options=(Option("yes", WORDS),), later=bool(next))
    features: Mapping = {**plain.features, "editions": {"next": next}}
    return make_funnel(fields=(*plain.fields, tick), features=features, steps=(), **changes)


def after_publishing(world: World, next: str = "/guide-2027/") -> World:
    """The next edition comes out, and the daily repair passes twice."""
    world.publish(report(next))
    for _ in range(2):
        world.reconcile()
        world.settle()
    return world


def test_who_set_the_tick_is_told_once_also_without_letters():
    world = World(report())
    world.sign_up(TICKED)
    assert world.mails() == ["opt-in", "delivery"]
    after_publishing(world)
    assert world.mails() == ["opt-in", "delivery", "new-edition"]
    assert world.sent[-1]["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    after_publishing(world, "/guide-2027-final/")  # a slip in the address
    assert world.mails().count("new-edition") == 1


def test_nobody_else_is():
    world = World(report())
    world.sign_up("&consent=yes")
    assert "new-edition" not in after_publishing(world).mails()


def test_who_never_confirmed_is_not():
    world = World(report())
    world.post(f"email=lead%40example.com{TICKED}")
    world.settle()
    assert after_publishing(world).mails() == ["opt-in"]


@pytest.mark.parametrize("scope", ["everything", "sequence"])
def test_who_unsubscribed_is_not(scope):
    world = World(report())
    world.sign_up(TICKED)
    world.note(events.unsubscribed("guide", world.time, "page", scope))
    assert "new-edition" not in after_publishing(world).mails()


def test_the_tick_can_be_taken_back_also_once_the_form_has_it_no_more():
    world = World(report())
    world.sign_up(TICKED)
    world.publish(report("/guide-2027/"))
    link = world.data_link()
    token = link.partition("?t=")[2]
    world.data(link, t=token, correct="guide", first_name="Ida")
    assert world.lead().enrolments["guide"].answers == {"first_name": "Ida"}
    world.time += timedelta(seconds=1)
    world.data(link, t=token, correct="guide", first_name="Ida", **{TICK: "yes"})
    assert world.lead().enrolments["guide"].answers[TICK] == "yes"
    # Here, too, the words are kept that they agreed to.
    assert [each.data.get("ticks") for each in world.events("corrected")] == [None, {TICK: WORDS}]


def test_a_form_of_an_old_page_is_taken_without_its_tick():
    world = World(report("/guide-2027/"))
    world.sign_up(TICKED)
    assert TICK not in world.lead().enrolments["guide"].answers
    assert "new-edition" not in after_publishing(world).mails()


def test_its_words_are_kept_with_the_ask_and_shown_in_the_receipt():
    world = World(report())
    world.sign_up(TICKED)
    (asked,) = world.events("submitted")
    assert asked.data["ticks"] == {TICK: WORDS}
    page = BeautifulSoup(world.data(world.data_link())["body"], "html.parser")
    assert [each.text for each in page.select(".receipt blockquote")] == ["Yes, write to me.", WORDS]


def test_without_the_tick_nothing_is_noted_of_it():
    world = World(report())
    world.sign_up()
    assert "ticks" not in world.events("submitted")[0].data


def test_a_condition_may_ask_for_it():
    world = World(report())
    world.sign_up(TICKED)
    assert facts_of(world.lead(), world.funnel).value("editions.wanted") == "yes"
    assert facts_of(world.lead(), make_funnel()).value("editions.wanted") == ""


def test_a_mail_to_many_does_not_stand_before_one_that_somebody_waits_for():
    assert lane_of("new-edition") == DRIP
    assert lane_of("delivery") == FIRST


# ── the build ──

TICK_KEYS = 'edition: "2026"\neditions: true'


def test_the_form_has_a_second_tick_that_is_never_set(built):
    page = built("report", edition=TICK_KEYS).page
    for form in page.select("form.reply"):
        tick = form.find(attrs={"name": TICK})
        assert "checked" not in tick.attrs
        assert "required" not in tick.attrs
        assert form.find("label", attrs={"for": tick["id"]}).text == WORDS
    assert page.select_one(".newer") is None


def test_without_the_key_there_is_none(built):
    assert built("report").page.find(attrs={"name": TICK}) is None


def test_once_the_next_edition_is_out_the_page_leads_there_and_asks_no_more(built):
    page = built("report", edition=f"{TICK_KEYS}\nnext_edition: /").page
    assert page.select_one(".newer a")["href"] == "/"
    assert page.find(attrs={"name": TICK}) is None


def test_a_next_edition_that_is_not_there_is_told_with_its_place(start):
    root = start("report", edition=f"{TICK_KEYS}\nnext_edition: /my-magnt/")
    (problem,) = load_site(root)[1]
    assert problem.message == "no page `/my-magnt/` on this site"
    assert problem.help == "did you mean `/my-magnet/`?"
    assert problem.source == "next_edition: /my-magnt/"
