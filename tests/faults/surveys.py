"""A survey among the magnets of the fault tests: two outcomes, a mail for each, and what forms may say."""

from collections.abc import Mapping
from random import Random
from typing import Any
from urllib.parse import urlencode

from leads.funnel import Step
from leads.questionnaire.kept import result_of
from leads.questionnaire.tree import from_json
from leads.questionnaire.walk import walk
from tests.world import DAY, World, make_funnel

SLUG = "survey"

_CONFIGURATION: Mapping[str, Any] = {
    "edition": "edition",
    "questions": [
        {
            "name": "role",
            "type": "single",
            "text": "What do you do?",
            "options": [
                {"value": "write", "label": "Write", "points": {"score": 0}},
                {"value": "draw", "label": "Draw", "points": {"score": 3}},
            ],
        },
        {
            "name": "team",
            "type": "number",
            "text": "How many?",
            "show_if": ["is", "questions.role", "draw"],
            "whole": True,
            "lowest": 0.0,
        },
    ],
    "outcomes": [
        {"name": "soft", "title": "Soft", "url": "/survey/soft/"},
        {"name": "firm", "title": "Firm", "start": 50, "points": 7, "url": "/survey/firm/"},
    ],
    "decided_by": "tiers",
    "at_once": False,
    "in_form": True,
}
_STEPS = tuple(Step(f"for-{name}", DAY, when=["is", "questions.outcome", name]) for name in ("soft", "firm"))


def publish_survey(world: World) -> None:
    """Publish the survey beside the world's other magnets."""
    funnel = make_funnel(slug=SLUG, url="/survey/", steps=_STEPS, features={"questions": _CONFIGURATION})
    others = world.funnel
    world.publish(funnel)
    world.publish_page(SLUG, "result", "")
    world.funnel = others


def send_survey(world: World, answers: Mapping[str, str]) -> dict[str, Any] | None:
    """Send the survey's form; what should be kept of it, None if it was refused."""
    form = {"email": "lead@example.com", "consent": "yes", "_edition": "edition", **answers}
    if world.post(urlencode(form), SLUG)["statusCode"] != 303:
        return None
    tree = from_json(_CONFIGURATION)
    found = walk(tree, {name: [value] for name, value in answers.items()})
    return result_of(tree, found).to_json()


def any_answers(random: Random) -> Mapping[str, str]:
    """What a visitor sends: right or not, an answer to the hidden question among it."""
    choices = (
        {"role": "write", "team": "3"},
        {"role": "draw", "team": "3"},
        {"role": "draw"},
        {"role": "sing"},
    )
    return random.choice(choices)
