"""Every test here runs with the example feature among the others, and on a magnet that has it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import example_feature
from tests.world import World, make_funnel


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    with example_feature.registered():
        yield


def trial_funnel(**changes: Any):
    """The guide with the example feature."""
    plain = make_funnel()
    return make_funnel(features={**plain.features, "trial": example_feature.CONFIGURATION}, **changes)


def trial_world(**changes: Any) -> World:
    """A lead who has confirmed and could start a trial."""
    world = World(trial_funnel(**changes))
    world.publish_page(world.funnel.slug, "trial", example_feature.PAGE)
    world.sign_up()
    return world


def start_trial(world: World) -> dict:
    """Press the button behind the delivery mail's link, and let everything settle."""
    answer = world.act(world.link("do/guide/trial/start"))
    world.settle()
    return answer
