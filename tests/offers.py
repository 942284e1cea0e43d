"""An offer in the world of `tests.world`: its magnet, its pages, its codes, and what a lead does with it."""

from typing import Any

from aws.funnels import MAGNET, definition_item
from aws.stock import STOCK
from leads.features.deadline import KEY, Terms, configure
from leads.funnel import Funnel, Step
from tests.world import DAY, World, make_funnel

OPEN = "do/guide/deadline/open"

#: The pages of the feature, with every placeholder that it fills.
PAGES = {
    "offer": "<h1>Ready</h1>\ue000until\ue001 \ue000instant\ue001 <form>\ue000token\ue001Show my code</form>",
    "code": "<h1>Code</h1><code>\ue000code\ue001</code> \ue000until\ue001 \ue000instant\ue001 \ue000token\ue001",
    "closed": "<h1>\ue000heading\ue001</h1>\ue000said\ue001\ue000when\ue001 \ue000instant\ue001",
}

REMINDER = Step("one-day-left", anchor="offer_end", offset=-DAY)


def offer_funnel(terms: Terms, **changes: Any) -> Funnel:
    """The guide as an offer, with a reminder a day before the end."""
    known = {"features": {KEY: configure(terms)}, "steps": (REMINDER,), "gated_by": (KEY,)}
    return make_funnel(**{**known, **changes})


def publish_offer(world: World, funnel: Funnel, codes: tuple[str, ...] = ()) -> None:
    """Put an offer, its pages and its codes, as `publish` does."""
    world.publish(funnel)
    for name, text in PAGES.items():
        world.publish_page(funnel.slug, name, text)
    world._keep(definition_item(MAGNET + funnel.slug, f"{STOCK}0", list(codes)))


def offer_world(
    terms: Terms, codes: tuple[str, ...] = (), kind: type[World] = World, **changes: Any
) -> World:
    """A world with an offer, and nobody in it."""
    funnel = offer_funnel(terms, **changes)
    world = kind(funnel)
    publish_offer(world, funnel, codes)
    return world
