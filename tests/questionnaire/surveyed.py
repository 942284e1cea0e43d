"""A world with one survey in it, as its author wrote it: compiled pages and mails, and the real handlers."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from aws.funnels import MAGNET, MAIL, PAGE, definition_item
from handlers import capture
from leads import placeholders
from leads.funnel import mail_to_json
from tests.questionnaire.authored import Authored
from tests.world import World, http

Values = Mapping[str, str | Sequence[str]]


def survey_world(authored: Authored) -> World:
    """The survey, published with its own pages and mails."""
    world = World(authored.funnel)
    publish(world, authored)
    return world


def publish(world: World, authored: Authored) -> None:
    """Publish the survey, or its new edition."""
    world.publish(authored.funnel)
    pk = MAGNET + authored.funnel.slug
    pages = ((PAGE + name, placeholders.encode(parts)) for name, parts in authored.pages.items())
    mails = ((MAIL + each.step, mail_to_json(each)) for each in authored.mails)
    world._keep(*(definition_item(pk, sk, body) for sk, body in (*pages, *mails)))


def send(world: World, values: Values, **headers: str) -> dict:
    """Send the form of the survey as it is published now, its edition among what the page knows."""
    edition = world.funnel.features["questions"]["edition"]
    body = urlencode({"_edition": edition, **values}, doseq=True)
    headers = {"content-type": "application/x-www-form-urlencoded", **headers}
    return world.handle(capture, http("POST", body, {"magnet": world.funnel.slug}, headers=headers))


def page_of(answer: dict) -> BeautifulSoup:
    """The page of an answer, read."""
    return BeautifulSoup(answer["body"], "html.parser")


def take_part(world: World, values: Values) -> None:
    """From the form to the delivery mail."""
    answer = send(world, {"email": "lead@example.com", "consent": "yes", **values})
    assert answer["statusCode"] == 200, page_of(answer).select(".error-summary")
    world.settle()
    if "opt-in" in world.mails():
        assert world.confirm(world.link("confirm"))["statusCode"] == 303
    world.settle()
