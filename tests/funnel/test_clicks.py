"""Counted links of mails: they lead on whatever happens, and tell people from machines."""

import string
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.funnels import MAGNET, MAIL, definition_item
from handlers import click
from leads import placeholders
from leads.conditions import HERE
from leads.folding import fold
from leads.funnel import Mail, Sending, Step, mail_name, mail_to_json
from leads.rules import DEFAULT
from leads.scanners import AT_ONCE, QUICKEST
from tests.world import DAY, ClientError, World, http, make_funnel

PRICES, LETTERS = "https://shop.example/prices?from=mail#now", "https://shop.example/letters"
PERSON = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
LINKS = {"pricing": PRICES, "letters": LETTERS}


def publish_mail(world: World, step: str, links: dict[str, str], variant: str = "") -> None:
    """A mail with a counted link for each name; what its readers see of them is the address alone."""
    body = placeholders.split(" ".join(f"{name} {placeholders.mark(f'click:{name}')}" for name in links))
    name = mail_name(step, variant)
    mail = Mail(name, (f"Subject of {name}",), body, body, links)
    item = definition_item(MAGNET + "guide", MAIL + name, mail_to_json(mail))
    world.items[item["pk"]["S"], item["sk"]["S"]] = item
    world.wiring.funnels.forget()


def reading(variants: tuple[str, ...] = (), **links: str) -> World:
    """A lead who has just got the first mail of a sequence whose links are counted."""
    steps = (Step("first", 2 * DAY, variants=variants, metric="clicks"), Step("second", 3 * DAY))
    world = World(make_funnel(steps=steps, sending=Sending(clicks=True)))
    for variant in variants or ("",):
        publish_mail(world, "first", links or LINKS, variant)
    world.sign_up()
    world.advance(days=2, minutes=1)
    return world


def address(world: World, name: str) -> str:
    words = next(each for each in world.sent if each["step"].startswith("first"))["text"].split()
    return words[words.index(name) + 1]


def visit(world: World, link: str, agent: str = PERSON, method: str = "GET") -> dict:
    event = http(method, query=link.partition("?")[2], headers={"user-agent": agent})
    return click.respond(event, world.wiring)


def clicks(world: World) -> list[tuple[str, str]]:
    """The clicks that count as a person's: step and link."""
    lead = fold(world.lead_id(), world.events(), DEFAULT)
    return [(each.detail["step"], each.detail["link"]) for each in lead.activities if each.type == "clicked"]


def test_a_counted_link_leads_to_its_destination_and_is_noted():
    world = reading()
    answer = visit(world, address(world, "pricing"))
    assert (answer["statusCode"], answer["headers"]["location"]) == (302, PRICES)
    assert clicks(world) == [("first", "pricing")]
    assert world.metrics["Clicked"] == 1


def test_the_answer_is_kept_by_nobody_and_its_token_goes_nowhere_else():
    world = reading()
    headers = visit(world, address(world, "pricing"))["headers"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"


def test_a_link_holds_no_address_and_is_short_enough_for_a_line_of_mail():
    world = reading()
    link = address(world, "pricing")
    assert link.startswith("https://press.example/api/click?t=")
    assert "example.com" not in link
    assert len(link) < 200


def test_a_head_request_is_answered_alike_and_notes_nothing():
    world = reading()
    assert visit(world, address(world, "pricing"), method="HEAD")["headers"]["location"] == PRICES
    assert not world.events("clicked")


def test_a_link_pressed_twice_is_one_click_and_an_hour_later_another():
    world = reading()
    for _ in range(2):
        visit(world, address(world, "pricing"))
    world.advance(hours=1)
    visit(world, address(world, "pricing"))
    assert len(clicks(world)) == 2


def test_a_click_leads_on_while_the_ledger_cannot_be_written():
    world = reading()
    link = address(world, "pricing")

    def refuse(lead_id, event):
        raise ClientError("ProvisionedThroughputExceededException")

    world.wiring.ledger.append = refuse
    assert visit(world, link)["headers"]["location"] == PRICES


@pytest.mark.parametrize("years", [1, 9])
def test_whoever_keeps_a_mail_keeps_what_it_links_to(years):
    world = reading()
    link = address(world, "pricing")
    world.time += timedelta(days=365 * years)
    assert visit(world, link)["headers"]["location"] == PRICES


def test_a_link_that_the_mail_no_longer_has_leads_to_the_magnet_s_page():
    world = reading()
    link = address(world, "pricing")
    publish_mail(world, "first", {"letters": LETTERS})
    assert visit(world, link)["headers"]["location"] == "https://press.example/guide/"


def test_a_link_leads_where_the_mail_says_now():
    world = reading()
    publish_mail(world, "first", {"pricing": "https://shop.example/new"})
    assert visit(world, address(world, "pricing"))["headers"]["location"] == "https://shop.example/new"


def test_a_link_of_one_version_is_found_when_the_lead_is_given_another_by_now():
    world = reading(("a", "b"), **LINKS)
    (variant,) = [each.data["variant"] for each in world.events("claimed") if "variant" in each.data]
    other = "a" if variant == "b" else "b"
    publish_mail(world, "first", {"letters": LETTERS}, variant)
    publish_mail(world, "first", {"pricing": "https://shop.example/other"}, other)
    assert visit(world, address(world, "pricing"))["headers"]["location"] == "https://shop.example/other"


def test_a_link_of_a_withdrawn_magnet_says_so():
    world = reading()
    link = address(world, "pricing")
    for key in [key for key in world.items if key[0] == f"{MAGNET}guide"]:
        del world.items[key]
    world.wiring.funnels.forget()
    assert visit(world, link)["statusCode"] == 410


def test_a_click_settles_what_comes_next_at_once():
    """A condition that asks for it is told, because the click wakes `react`."""
    ends = ["did", "clicked", HERE, 0, {"step": "first", "link": "pricing"}]
    world = World(make_funnel(steps=(Step("first", DAY), Step("second", DAY)), until=ends))
    publish_mail(world, "first", LINKS)
    world.sign_up()
    world.advance(days=1, minutes=1)
    visit(world, address(world, "pricing"))
    world.settle()
    assert world.events("finished")
    world.advance(days=30)
    assert world.mails()[2:] == ["first"]


# ── machines ──


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b",
        "BarracudaCentral",
        "python-requests/2.32",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Go-http-client/1.1",
    ],
)
def test_a_machine_by_its_own_word_is_led_on_and_kept_apart(agent):
    world = reading()
    assert visit(world, address(world, "pricing"), agent)["headers"]["location"] == PRICES
    assert [each.data["by"] for each in world.events("clicked")] == ["machine"]
    assert clicks(world) == []


@pytest.mark.parametrize(
    "agent",
    [
        PERSON,
        "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 30) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    ],
)
def test_a_person_s_browser_is_a_person(agent):
    world = reading()
    visit(world, address(world, "pricing"), agent)
    assert clicks(world) == [("first", "pricing")]


def just_sent() -> World:
    """The first mail went out in this very second."""
    world = World(make_funnel(steps=(Step("first", 2 * DAY),), sending=Sending(clicks=True)))
    publish_mail(world, "first", LINKS)
    world.sign_up()
    (due,) = [due for due, _ in world.schedules.values()]
    world.time = due
    world.fire_schedules()
    world.settle()
    return world


def test_a_click_sooner_than_a_mail_can_be_read_is_a_machine_s():
    world = just_sent()
    world.time += QUICKEST - timedelta(seconds=1)
    visit(world, address(world, "pricing"))
    assert clicks(world) == []
    world.time += timedelta(minutes=1)
    visit(world, address(world, "pricing"))
    assert clicks(world) == [("first", "pricing")]


def test_all_links_at_once_is_a_machine_and_the_person_who_follows_it_counts():
    world = reading()
    world.time += timedelta(minutes=5)
    for name in LINKS:
        visit(world, address(world, name))
        world.time += AT_ONCE / 2
    assert clicks(world) == []
    world.time += timedelta(minutes=1)
    visit(world, address(world, "letters"))
    assert clicks(world) == [("first", "letters")]


def test_two_links_read_one_after_the_other_are_a_person_s():
    world = reading()
    for name in LINKS:
        visit(world, address(world, name))
        world.time += AT_ONCE + timedelta(seconds=1)
    assert clicks(world) == [("first", "pricing"), ("first", "letters")]


# ── nobody's host but the author's ──

WORLD = reading()
OURS = {*LINKS.values(), "https://press.example/guide/"}
TEXT = st.text(string.printable, max_size=60)


@given(query=st.dictionaries(st.sampled_from(["url", "to", "link", "t"]), TEXT))
def test_a_request_never_says_where_it_leads(query):
    answer = visit(WORLD, f"?{urlencode(query)}")
    assert answer["statusCode"] == 400
    assert "location" not in answer["headers"]


@given(
    link=st.one_of(st.sampled_from([*LINKS, "gone"]), TEXT, st.just("https://evil.example/")),
    step=st.one_of(st.sampled_from(["first", "second", "delivery", "gone"]), TEXT),
)
def test_whatever_a_signed_link_names_it_leads_to_a_destination_of_the_definition(link, step):
    token = WORLD.wiring.signer.sign("click", [WORLD.lead_id(), "guide", step, 1, link], WORLD.time)
    answer = visit(WORLD, f"?t={token}", method="HEAD")
    assert answer["headers"]["location"] in OURS


@pytest.mark.parametrize("purpose", ["confirm", "download", "unsubscribe"])
def test_a_link_for_something_else_is_no_click(purpose):
    token = WORLD.wiring.signer.sign(purpose, [WORLD.lead_id(), "guide", "first", 1, "pricing"], WORLD.time)
    assert visit(WORLD, f"?t={token}")["statusCode"] == 400
