"""The mails of the examples: word for word what they were when somebody last read them, and their links lead on."""

import re
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

import pytest

from leads.funnel import Funnel, Mail
from lodestone.build.pipeline import build
from lodestone.local.stack import read_stack
from lodestone.local.template import read_template
from lodestone.render.mail import LARGEST_MAIL
from lodestone.render.mail_facts import LetterLink, facts_of, resolves
from tests.golden_mails import GOLDEN, NOW, READER, REPOSITORY, examples, history, letter, sizes, written
from tests.world import World, http

NAMES = sorted(each.relative_to(GOLDEN).with_suffix("").as_posix() for each in GOLDEN.rglob("*.txt"))


@cache
def mails() -> dict[str, tuple[Funnel, Mail]]:
    return {f"{funnel.slug}/{mail.step}": (funnel, mail) for funnel, mails in examples() for mail in mails}


@cache
def routes() -> dict[str, str]:
    """The module behind each path that answers to GET."""
    stack = read_stack(read_template(REPOSITORY / "template.yaml"), str)
    modules = {each.name: each.module for each in stack.functions}
    keys = ((*each.key.split(" ", 1), modules[each.function]) for each in stack.routes)
    return {path: module for method, path, module in keys if method == "GET"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Every path that the built site serves; a page also by its folder."""
    out = tmp_path_factory.mktemp("golden") / "dist"
    assert not build(REPOSITORY, out).failed
    site = out / "site"
    files = {f"/{each.relative_to(site).as_posix()}" for each in site.rglob("*") if each.is_file()}
    return files | {each.removesuffix("index.html") for each in files}


def links(name: str) -> list[LetterLink]:
    """Where a mail leads, in both of its parts and in its headers."""
    made = letter(*mails()[name])
    elsewhere = f"{made.text} {made.headers.get('List-Unsubscribe', '')}"
    return [
        *facts_of(made).links,
        *(LetterLink("", url) for url in re.findall(r"https?://[^\s<>()]+", elsewhere)),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_of_the_examples_is_what_it_was_when_somebody_last_read_it(name):
    kept = (GOLDEN / f"{name}.txt").read_text("utf-8")
    assert written(letter(*mails()[name])) == kept, (
        "if the change is meant: python -m tests.golden_mails, and read the diff"
    )


def test_each_mail_of_the_examples_is_written_down_and_none_that_is_no_more():
    assert sorted(mails()) == NAMES, "write them down: python -m tests.golden_mails"


@pytest.mark.parametrize("name", NAMES)
def test_a_link_to_our_own_site_leads_to_a_page_or_a_route(name, built):
    base_url = mails()[name][0].base_url
    found = {each.url: resolves(each.url, base_url, built, routes()) for each in links(name)}
    assert True in found.values()
    assert [url for url, leads in found.items() if leads is False] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_link_opens_what_it_is_for_and_nothing_once_it_is_altered(name):
    funnel, _ = mails()[name]
    world = World(funnel)
    world.time = NOW
    for event in history(funnel):
        world.wiring.ledger.append(READER, event)
    signed = {each.url for each in links(name) if urlsplit(each.url).path.startswith("/api/")}
    assert signed
    for url in signed:
        assert follow(url, world)["statusCode"] in (200, 302, 303), url
        assert follow(url[:-2] + "~~", world)["statusCode"] >= 400, url


def follow(url: str, world: World) -> dict:
    """What the route's own function answers to a GET."""
    parts = urlsplit(url)
    found = ((re.fullmatch(_pattern(path), parts.path), module) for path, module in routes().items())
    names, module = next((match.groupdict(), module) for match, module in found if match)
    event = http("GET", "", names, parts.query, {"user-agent": "Mozilla/5.0"})
    return import_module(module).respond(event, world.wiring)


def _pattern(path: str) -> str:
    """`/api/do/{magnet}` as a regular expression."""
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)


def test_every_mail_of_the_examples_stays_far_below_what_gmail_shows():
    facts = {name: facts_of(letter(*mail)) for name, mail in mails().items()}
    print(*(f"{name:48} {sizes(each)}" for name, each in facts.items()), sep="\n")
    assert max(each.html_size for each in facts.values()) < LARGEST_MAIL / 5
