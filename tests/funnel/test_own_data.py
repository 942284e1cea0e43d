"""What is stored of a lead, as they see it, put it right, take it away and have it erased."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from handlers import data
from leads import events
from leads.events import SendId
from leads.funnel import Field, Option
from tests.world import World, http, make_funnel

FIELDS = (
    Field("first_name", "First name", required=True),
    Field("email", "E-mail", "email", required=True),
    Field("mobile", "Telephone", "phone"),
    Field("topics", "Topics", "checkboxes", options=(Option("a", "Rates"), Option("b", "Letters"))),
    Field("size", "Team size", "number"),
)
#: As the form sends it back.
ANSWERS = {"first_name": "Ida", "mobile": "+4930901820", "topics": "a", "size": "3"}


def known(**changes) -> World:
    """A lead with letters, who gave answers."""
    world = World(make_funnel(fields=FIELDS, **changes))
    world.sign_up("&consent=yes&mobile=030+901820&topics=a&size=3")
    return world


def page_of(answer: dict) -> BeautifulSoup:
    return BeautifulSoup(answer["body"], "html.parser")


def rows(page: BeautifulSoup) -> dict[str, str]:
    return {each.dt.text: each.dd.text for each in page.select("dl div")}


# ── seeing ──


def test_the_link_comes_by_mail_also_to_who_is_unsubscribed_and_the_answer_is_always_the_same():
    world = known()
    link = world.link("preferences")
    world.choose(link, "everything")
    answers = []
    for _ in range(6):
        answers.append(world.choose(link, "data")["body"])
        world.settle()
        world.time += timedelta(minutes=11)
    tokens = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{20,}")
    assert len({tokens.sub("", each) for each in answers}) == 1
    assert world.mails() == ["opt-in", "delivery", *["your-data"] * 3]
    assert "List-Unsubscribe" not in world.sent[-1]["headers"]
    assert world.sent[-1]["headers"]["Auto-Submitted"] == "auto-generated"


def test_no_link_goes_to_an_address_that_bounces():
    world = known()
    link = world.link("preferences")
    send = SendId.parse(world.sent[-1]["send"])
    world.note(events.reported("bounced", send, world.time, "m", kind="hard"))
    before = len(world.sent)
    assert "Look in your inbox" in world.choose(link, "data")["body"]
    world.settle()
    assert len(world.sent) == before


def test_the_page_shows_answers_receipts_mails_and_deeds_and_tells_machines_apart():
    world = known()
    world.download(world.link("download"), agent="Mozilla/5.0 Barracuda")
    world.time += timedelta(hours=1)
    world.download(world.link("download"))
    answer = world.data(world.data_link())
    page = page_of(answer)
    shown = rows(page)
    assert shown["E-mail address"] == "lead@example.com"
    assert shown["First name"] == "Ida"
    assert shown["Telephone"] == "+4930901820"
    receipt = page.find(class_="receipt")
    assert receipt.blockquote.text == "Yes, write to me."
    assert "You ticked the box" in receipt.text
    assert rows(receipt)["In its version"] == "build-1"
    assert rows(receipt)["Confirmed"] == "2 March 2026, 09:30"
    assert "What you asked for: sent" in page.text
    fetched = [each.text for each in page.select("dd") if "guide.pdf" in each.text]
    assert fetched == [
        "Download of guide.pdf (a machine, most likely your mail scanner)",
        "Download of guide.pdf",
    ]


def test_what_a_lead_typed_cannot_become_markup():
    world = known()
    world.note(events.corrected("guide", world.time, {"answers": {"first_name": "<script>x</script>"}}))
    body = world.data(world.data_link())["body"]
    assert "<script>x" not in body
    assert "&lt;script&gt;x" in body


def test_looking_changes_nothing():
    world = known()
    link = world.data_link()
    before = dict(world.items)
    for method in ("GET", "HEAD"):
        for more in ("", "&format=json", "&view=erase", "&correct=guide", "&correct=nothing"):
            answer = data.respond(http(method, query=link.partition("?")[2] + more), world.wiring)
            assert answer["statusCode"] == 200
            assert answer["headers"]["cache-control"] == "no-store"
            assert answer["headers"]["referrer-policy"] == "no-referrer"
    assert world.items == before


def test_the_file_holds_everything_and_says_what_form_it_has():
    world = known()
    answer = world.data(world.data_link(), "&format=json")
    assert answer["headers"]["content-disposition"] == 'attachment; filename="my-data.json"'
    taken = json.loads(answer["body"])
    assert taken["format"] == "lodestone-lead-2"
    assert taken["email"] == "lead@example.com"
    assert taken["enrolments"]["guide"]["answers"]["size"] == "3"
    assert taken["enrolments"]["guide"]["consent"]["text"] == "Yes, write to me."
    assert {each["key"] for each in taken["events"]} == {each.key for each in world.events()}


def test_every_key_of_the_file_is_documented_and_no_other():
    world = known()
    taken = json.loads(world.data(world.data_link(), "&format=json")["body"])
    text = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text("utf-8").partition("### The file")[2]
    cells = re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(cells))) == set(taken)


def test_the_link_works_for_a_day_and_no_other_mail_opens_the_data():
    world = known()
    link = world.data_link()
    other = world.link("preferences", "delivery")
    assert world.data(other)["statusCode"] == 400
    world.time += timedelta(days=1, seconds=1)
    answer = world.data(link)
    assert answer["statusCode"] == 410
    assert "lead@example.com" not in answer["body"]


# ── putting right ──


def test_what_is_put_right_counts_at_once_and_is_in_the_next_mail():
    world = known()
    answer = world.data(world.data_link(), **ANSWERS | {"first_name": "Ada", "size": "", "correct": "guide"})
    assert "put right" in page_of(answer).find(class_="done").text
    assert rows(page_of(answer))["First name"] == "Ada"
    assert "Team size" not in rows(page_of(answer))
    world.settle()
    world.advance(days=3)
    assert "first for Ada" in world.sent[-1]["text"]
    assert world.events("corrected")[0].data == {"answers": {"first_name": "Ada", "size": ""}}


def test_a_telephone_number_can_be_taken_back():
    world = known()
    world.data(world.data_link(), **ANSWERS | {"mobile": "", "correct": "guide"})
    assert world.lead().phone == ""
    assert world.lead().enrolments["guide"].answers["first_name"] == "Ida"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"first_name": ""}, "first_name"), ({"mobile": "12"}, "mobile"), ({"size": "x"}, "size")],
)
def test_an_answer_that_cannot_be_right_is_told_at_its_field_and_nothing_is_stored(wrong, field):
    world = known()
    answer = world.data(world.data_link(), **ANSWERS | wrong | {"correct": "guide"})
    assert answer["statusCode"] == 422
    assert page_of(answer).find(id=f"{field}-error")
    assert world.events("corrected") == []


def test_the_address_stays_whatever_is_posted():
    world = known()
    world.data(world.data_link(), **ANSWERS | {"email": "other@example.com", "correct": "guide"})
    assert world.lead().email == "lead@example.com"
    assert world.events("corrected") == []


def test_a_post_that_asks_for_nothing_is_an_incomplete_form():
    world = known()
    for form in ({"x": "1"}, {"correct": "nothing"}):
        assert world.data(world.data_link(), **form)["statusCode"] == 400
