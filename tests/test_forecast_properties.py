"""What a plan promises is what the drip does: random edits of random sequences, under leads half-way through them."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from leads.funnel import Funnel, Sending, Step
from leads.mail_types import SERVICE_MAILS
from leads.rules import DEFAULT
from lodestone.forecast.forecast import Expected, forecast
from lodestone.plan.in_flight import count_in_flight
from lodestone.records.stored_lead import StoredLead, fold_lead
from tests.hypothesis_profiles import examples
from tests.world import DAY, World, make_funnel

NAMES = tuple("abcdefgh")
IDA = ["is", "form.first_name", "Ida"]
CERTAIN = (IDA, ["not", IDA], ["did", "mailed", "here", 0, {"step": "a"}])
OPEN = (["did", "clicked", "here", 0, {}], ["not", ["did", "downloaded", "here", 7 * DAY, {}]])
MANY = settings(examples(1.2), suppress_health_check=list(HealthCheck))

step_of = st.builds(
    Step,
    slug=st.sampled_from(NAMES),
    after=st.sampled_from((0, 3600, 2 * DAY, 3 * DAY, 5 * DAY)),
    at=st.sampled_from(("", "", "09:00", "21:30")),
    days=st.sampled_from(((), (), (0, 1, 2, 3, 4), (6,))),
    anchor=st.sampled_from(("", "", "", "", "", "webinar", "confirmed", "nowhere")),
    offset=st.sampled_from((-DAY, -3600, 0, 2 * DAY)),
    when=st.sampled_from((None, None, None, *CERTAIN, *OPEN)),
    branch=st.sampled_from(("", "", "", "ida", "clickers")),
)


def edition_of(steps: list[Step], quiet: tuple[str, str] | None) -> Funnel:
    return make_funnel(
        steps=tuple(steps),
        dates={"webinar": "2026-03-20T17:00:00.000Z"},
        branches={"ida": IDA, "clickers": OPEN[0]},
        sending=Sending(quiet=quiet),
    )


@st.composite
def edited(draw, steps: list[Step]) -> list[Step]:
    """The steps after one edit: one dropped, added, put elsewhere, renamed, or given another time or condition."""
    steps = list(steps)
    kind = draw(st.sampled_from(("drop", "add", "move", "rewrite")))
    place = draw(st.integers(0, max(0, len(steps) - 1)))
    if kind == "add" or not steps:
        steps.insert(draw(st.integers(0, len(steps))), draw(step_of))
    elif kind == "rewrite":
        steps[place] = draw(step_of)
    else:
        step = steps.pop(place)
        if kind == "move":
            steps.insert(draw(st.integers(0, len(steps))), step)
    return list({step.slug: step for step in steps}.values())


@st.composite
def stories(draw) -> list[tuple[Funnel, int]]:
    """Editions of one sequence, each with the days that it is in use."""
    quiet = draw(st.sampled_from((None, ("21:00", "08:00"))))
    slugs = draw(st.permutations(NAMES))[: draw(st.integers(3, 7))]
    steps = [replace(draw(step_of), slug=slug) for slug in slugs]
    told = []
    for _ in range(draw(st.integers(1, 5))):
        told.append((edition_of(steps, quiet), draw(st.integers(0, 4))))
        steps = draw(edited(steps))
    return [*told, (edition_of(steps, quiet), 0)]


def live_through(story: list[tuple[Funnel, int]]) -> World:
    """A lead who signs up under the first edition, and is half-way when the last one is published."""
    world = World(story[0][0])
    world.sign_up()
    for edition, days in story:
        world.publish(edition)
        world.reconcile()  # as it does daily: a mail that is due earlier than before is brought forward
        world.settle()
        world.advance(days=days)
    return world


def stored(world: World) -> StoredLead:
    return fold_lead(world.lead_id(), world.events(), DEFAULT)


def promised(world: World) -> tuple[Expected, ...]:
    funnels = {"guide": world.funnel}
    return forecast(stored(world), funnels, world.time).of("guide")


@MANY
@given(stories())
def test_what_is_certain_comes_when_it_was_promised_and_nothing_else_does(story):
    world = live_through(story)
    before, told = len(world.sent), promised(world)
    world.advance(days=300)
    came = [(each["step"], each["at"]) for each in world.sent[before:]]
    doubtful = {each.step for each in told if each.supposed or "clickers" in each.why_not}
    certain = [(each.step, each.at) for each in told if each.at and each.step not in doubtful]
    event(f"{len(certain)} certain mails, {len(doubtful)} doubtful ones")
    assert [each for each in came if each[0] not in doubtful] == certain


@MANY
@given(stories())
def test_nobody_gets_a_mail_twice_nor_one_that_was_put_before_their_place(story):
    world = live_through(story)
    had = [each["step"] for each in world.sent if each["step"] not in SERVICE_MAILS]
    world.advance(days=300)
    all_of_them = [each["step"] for each in world.sent if each["step"] not in SERVICE_MAILS]
    came, order = all_of_them[len(had) :], [step.slug for step in world.funnel.steps]
    assert set(Counter(all_of_them).values()) <= {1}
    assert set(came) <= set(order)
    place = next((order.index(step) for step in reversed(had) if step in order), -1)
    assert all(order.index(step) > place for step in came)


@pytest.mark.slow
@MANY
@given(stories())
def test_the_mail_that_a_plan_counts_a_lead_for_is_the_next_they_get(story):
    *_, (old, _), (new, _) = story
    world = live_through(story)
    leads = [stored(world)]
    found = count_in_flight(leads, {"guide": old}, {"guide": new}, {}, world.time)
    told = next((each for each in promised(world) if each.at), None)
    assert list(found.waiting) == ([("guide", told.step)] if told else [])
    before = len(world.sent)
    world.advance(days=300)
    if told and not told.supposed:
        assert (world.sent[before]["step"], world.sent[before]["at"]) == (told.step, told.at)
        assert found.first == {("guide", told.step): told.at}


@pytest.mark.slow
@MANY
@given(stories(), stories(), st.integers(0, 1), st.sampled_from((0, 2)), st.integers(0, 3))
def test_caps_over_two_magnets_are_foretold_as_they_come(one, other, priority, a_week, apart):
    sending = Sending(a_day=1, a_week=a_week)
    funnels = {
        slug: replace(
            story[0][0],
            slug=slug,
            priority=rank,
            sending=sending,
            opt_in="single",
            steps=tuple(replace(each, when=None, branch="") for each in story[0][0].steps),
        )
        for slug, story, rank in (("guide", one, priority), ("other", other, 0))
    }
    world = World(funnels["guide"])
    world.publish(funnels["other"])
    for slug in funnels:
        world.post("email=lead%40example.com&first_name=Ida&consent=yes", slug)
        world.settle()
        world.advance(days=apart)
    world.reconcile()
    world.settle()
    told = forecast(stored(world), funnels, world.time).mails
    before = len(world.sent)
    world.advance(days=300)
    came = [(*each["send"].split("_")[:2], each["at"]) for each in world.sent[before:]]
    assert came == [(each.magnet, each.step, each.at) for each in told if each.at]
    event(f"{sum(bool(each.delayed) for each in told)} mails held up")
