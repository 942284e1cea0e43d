"""Which version of a mail a lead gets: for good, evenly, and whatever they got before."""

from collections import Counter
from itertools import product

import pytest

from leads.funnel import Step, mail_name
from leads.variants import variant_of
from tests.world import DAY, World, make_funnel

LEADS = [f"lead-{number}" for number in range(2000)]


def funnel_with(*variants: str):
    return make_funnel(steps=tuple(Step(slug, DAY, variants=variants) for slug in ("first", "second")))


@pytest.mark.parametrize("variants", [("a", "b"), ("a", "b", "c"), ("a", "c")])
def test_the_versions_are_spread_evenly(variants):
    found = Counter(variant_of(lead, funnel_with(*variants), "first") for lead in LEADS)
    assert set(found) == set(variants)
    share = len(LEADS) / len(variants)
    assert all(abs(each - share) < 0.1 * share for each in found.values())


def test_who_gets_one_version_of_a_mail_may_get_any_of_the_next():
    funnel = funnel_with("a", "b")
    pairs = Counter((variant_of(lead, funnel, "first"), variant_of(lead, funnel, "second")) for lead in LEADS)
    assert set(pairs) == set(product("ab", "ab"))
    assert min(pairs.values()) > 0.2 * len(LEADS)


def test_a_mail_that_is_not_tested_has_no_version():
    assert variant_of("lead-1", make_funnel(), "first") == ""
    assert variant_of("lead-1", funnel_with("a", "b"), "gone") == ""


def test_each_lead_is_sent_their_version_and_the_claim_says_which():
    seen = set()
    for number in range(12):
        world = World(funnel_with("a", "b"))
        body = f"email=lead{number}%40example.com&consent=yes"
        world.post(body)
        world.settle()
        world.confirm(world.link("confirm"))
        world.settle()
        world.advance(days=1, minutes=1)
        variant = variant_of(world.lead_id(), world.funnel, "first")
        (claim,) = [each for each in world.events("claimed") if each.data["step"] == "first"]
        assert claim.data["variant"] == variant
        assert world.sent[-1]["subject"].startswith(f"Subject of {mail_name('first', variant)} ")
        seen.add(variant)
    assert seen == {"a", "b"}
