"""Two magnets may ask a question of the same name: each answer belongs to the form that it was given in."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from leads.correction import as_posted
from leads.facts import facts_of
from leads.funnel import Field, Option, Step
from tests.world import DAY, World, make_funnel


def _quiz(slug: str, label: str, **options: str):
    fields = (
        Field("email", "E-mail", "email", required=True),
        Field("first_name", "First name"),
        Field("q1", label, "radio", options=tuple(Option(value, text) for value, text in options.items())),
    )
    return make_funnel(
        slug=slug,
        title=label,
        fields=fields,
        opt_in="single",
        steps=(Step("tip", DAY, when=["is", "form.q1", "a"]),),
    )


@pytest.fixture
def world() -> World:
    """A lead who answered `a` to one magnet and `b` to another, each of which calls its question `q1`."""
    world = World(_quiz("garden", "How big is your garden?", a="Tiny", b="Vast"))
    world.publish(_quiz("kitchen", "How big is your kitchen?", a="Narrow", b="Roomy"))
    for slug, answer in (("garden", "a"), ("kitchen", "b")):
        posted = world.post(f"email=lead%40example.com&consent=yes&first_name=Ida+{slug}&q1={answer}", slug)
        assert posted["statusCode"] == 303
        world.settle()
        world.time += timedelta(minutes=1)
    return world


def test_conditions_ask_the_answer_of_their_own_magnet(world):
    lead = world.lead()
    told = {
        slug: facts_of(lead, world.wiring.funnels.funnel(slug)).value("form.q1") for slug in lead.enrolments
    }
    assert told == {"garden": "a", "kitchen": "b"}
    world.advance(days=4)
    assert [each["send"] for each in world.sent if each["step"] == "tip"] == ["garden_tip_0_1"]


def test_mails_say_the_answer_of_their_own_magnet(world):
    texts = {each["send"]: each["text"] for each in world.sent}
    assert "delivery for Ida garden" in texts["garden_delivery_1_1"]
    assert "delivery for Ida kitchen" in texts["kitchen_delivery_1_1"]


def test_the_data_page_shows_both_under_what_was_asked_for(world):
    page = BeautifulSoup(world.data(world.data_link())["body"], "html.parser")
    sections = {each.h2.text: each.text for each in page.select("section")}
    assert "How big is your garden?Tiny" in sections["How big is your garden?"]
    assert "How big is your kitchen?Roomy" in sections["How big is your kitchen?"]
    assert "Ida kitchen" not in sections["How big is your garden?"]


def test_a_correction_is_of_one_magnet_and_leaves_the_other_alone(world):
    link = world.data_link()
    assert as_posted(world.wiring.funnels.funnel("garden"), world.lead())["q1"] == ["a"]
    world.data(link, first_name="Ada", q1="b", correct="garden")
    answers = {slug: dict(each.answers) for slug, each in world.lead().enrolments.items()}
    assert answers["garden"] == {"first_name": "Ada", "q1": "b"}
    assert answers["kitchen"] == {"first_name": "Ida kitchen", "q1": "b"}


def test_the_file_and_the_stored_profile_hold_both(world):
    taken = json.loads(world.data(world.data_link(), "&format=json")["body"])
    profile = json.loads(world.items["LEAD#" + world.lead_id(), "PROFILE"]["profile"]["S"])
    for kept in (taken, profile):
        assert {slug: each["answers"]["q1"] for slug, each in kept["enrolments"].items()} == {
            "garden": "a",
            "kitchen": "b",
        }
    assert "answers" not in taken
