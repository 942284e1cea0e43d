"""Anybody who knows an address can send a form with it: whose answers count, and when."""

from datetime import timedelta

from tests.world import World, make_funnel


def ask(world: World, name: str, slug: str = "guide") -> None:
    assert world.post(f"email=lead%40example.com&consent=yes&first_name={name}", slug)["statusCode"] == 303
    world.settle()
    world.time += timedelta(minutes=11)


def two_magnets(opt_in: str) -> World:
    """A lead who has confirmed `guide`; `second` is confirmed as `opt_in` says."""
    world = World(make_funnel())
    world.publish(make_funnel(slug="second", opt_in=opt_in))
    ask(world, "Ida")
    world.confirm(world.link("confirm"))
    world.settle()
    return world


def test_a_proven_lead_s_answers_to_another_magnet_count_with_single_opt_in():
    world = two_magnets("single")
    ask(world, "Ada", "second")
    assert world.lead().enrolments["second"].answers == {"first_name": "Ada"}
    assert "delivery for Ada" in world.sent[-1]["text"]
    assert world.lead().enrolments["guide"].answers == {"first_name": "Ida"}


def test_no_link_gets_into_their_mails_that_way():
    world = two_magnets("single")
    ask(world, "win.example.com", "second")
    assert world.sent[-1]["send"].startswith("second_delivery")
    assert "win.example.com" not in world.sent[-1]["text"]


def test_a_later_form_changes_none_of_a_proven_lead_s_answers():
    world = two_magnets("single")
    ask(world, "Ada", "second")
    ask(world, "Eve", "second")
    ask(world, "Eve", "guide")
    assert {slug: each.answers["first_name"] for slug, each in world.lead().enrolments.items()} == {
        "guide": "Ida",
        "second": "Ada",
    }


def test_what_a_stranger_s_form_said_is_gone_once_the_reader_confirms_their_own():
    world = World(make_funnel())
    ask(world, "")
    own = world.link("confirm")
    ask(world, "win.example.com")
    assert world.link("confirm") != own
    world.confirm(own)
    world.settle()
    assert world.lead().enrolments["guide"].answers == {}
    assert "win.example.com" not in world.sent[-1]["text"]
