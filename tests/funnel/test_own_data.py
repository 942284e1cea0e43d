"""What is stored of a lead, as they see it, put it right, take it away and have it erased."""

import json
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from handlers import data
from leads import events
from leads.events import Event, SendId
from leads.funnel import Field, Option
from tests.world import Crash, World, http, make_funnel

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


def stored(world: World) -> list[str]:
    """The keys of everything in the leads' partitions."""
    return sorted(sk for pk, sk in world.items if pk.startswith("LEAD#"))


def erase(world: World, link: str) -> dict:
    return world.data(link, erase="yes", sure="yes")


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
    assert taken["format"] == "lodestone-lead-1"
    assert taken["email"] == "lead@example.com"
    assert taken["answers"]["size"] == "3"
    assert taken["enrolments"]["guide"]["consent"]["text"] == "Yes, write to me."
    assert {each["key"] for each in taken["events"]} == {each.key for each in world.events()}


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
    assert world.lead().answers["first_name"] == "Ida"


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


# ── erasing ──


def test_erasing_takes_a_tick_and_a_post():
    world = known()
    link = world.data_link()
    answer = world.data(link, erase="yes")
    assert answer["statusCode"] == 422
    assert "Tick the box" in answer["body"]
    assert world.lead().email
    assert erase(world, link)["statusCode"] == 200
    assert world.lead().email == ""


def test_one_event_stays_and_nothing_in_the_table_says_who_it_was():
    world = known()
    erase(world, world.data_link())
    world.settle()
    assert stored(world) == [f"EVENT#erased#{int(world.time.timestamp())}", "PROFILE"]
    items = str([item for (pk, _), item in world.items.items() if pk.startswith("LEAD#")])
    assert not [each for each in ("example.com", "Ida", "4930901820") if each in items]


def test_what_was_scheduled_or_queued_fires_and_finds_nothing():
    world = known()
    world.advance(days=1, hours=20)
    link = world.data_link()
    world.time += timedelta(hours=5)  # the first letter is due
    world.fire_schedules()
    assert world.messages
    erase(world, link)
    sent = len(world.sent)
    world.settle()
    world.advance(days=60)
    world.reconcile()
    world.settle()
    assert len(world.sent) == sent
    assert len(stored(world)) == 2


def test_every_older_link_leads_to_a_page_that_says_so_and_stores_nothing():
    world = known()
    links = {purpose: world.link(purpose, "opt-in") for purpose in ("confirm", "preferences", "unsubscribe")}
    asked, link = world.data_link(), world.link("download", "delivery")
    erase(world, asked)
    world.settle()
    assert world.data(asked)["statusCode"] == 410
    for answer in (
        world.confirm(links["confirm"]),
        world.choose(links["preferences"], "weekly"),
        world.unsubscribe(links["unsubscribe"], body="List-Unsubscribe=One-Click"),
    ):
        assert "Nothing is stored about you" in answer["body"]
    assert world.unsubscribe(links["unsubscribe"])["statusCode"] == 200
    assert world.download(link)["statusCode"] == 302
    world.settle()
    assert len(stored(world)) == 2


@pytest.mark.parametrize("point", range(1, 60))
def test_an_erasure_that_is_cut_short_anywhere_is_finished_by_whoever_comes_next(point):
    world = known()
    link = world.data_link()
    world.arm(point)
    try:
        erase(world, link)
    except Crash:
        world.restart()
    world.arm(None)
    if not any("erased" in each for each in stored(world)):
        assert world.lead().email  # the lead saw an error, and nothing was begun
        return
    world.stream.clear()  # nor does the stream bring it
    world.reconcile()
    world.settle()
    assert len(stored(world)) == 2
    assert "example.com" not in str(world.items)


@pytest.mark.parametrize("call", ["before send_email", "after send_email", "after put_item"])
def test_a_worker_that_was_sending_at_that_moment_brings_nothing_back(call):
    world = known()
    world.advance(days=1, hours=20)
    link = world.data_link()
    world.time += timedelta(hours=5)  # the first letter is due
    world.fire_schedules()
    body = world.messages.pop(0)

    def erase_meanwhile(at: str) -> None:
        claimed = any("claimed#guide_first" in each for each in stored(world))
        if at == call and claimed and not any("erased" in each for each in stored(world)):
            world.point = lambda at: None
            erase(world, link)

    world.point = erase_meanwhile
    world.deliver_message(body)
    world.settle()
    world.advance(days=1)
    world.reconcile()
    world.settle()
    assert len(stored(world)) == 2
    assert "example.com" not in str([item for (pk, _), item in world.items.items() if pk.startswith("LEAD#")])
    world.advance(days=60)
    assert world.mails().count("first") <= 1
    assert "second" not in world.mails()


@pytest.mark.parametrize("opt_in", ["single", "double"])
def test_who_signs_up_anew_begins_anew_by_a_confirmation_of_their_own(opt_in):
    world = known()
    erase(world, world.data_link())
    world.settle()
    world.publish(make_funnel(fields=FIELDS, opt_in=opt_in))
    world.time += timedelta(hours=1)
    world.post("email=lead%40example.com&first_name=Ada&consent=yes")
    world.settle()
    assert world.mails()[-1] == "opt-in"
    world.confirm(world.link("confirm"))
    world.settle()
    world.advance(days=30)
    assert world.mails()[-3:] == ["delivery", "first", "second"]
    assert "first for Ada" in world.sent[-2]["text"]
    world.reconcile()
    assert world.lead().email == "lead@example.com"


def test_who_comes_back_can_have_everything_erased_again():
    world = known()
    erase(world, world.data_link())
    world.settle()
    world.time += timedelta(hours=1)
    world.sign_up()
    erase(world, world.data_link())
    world.settle()
    assert len(stored(world)) == 2
    assert world.lead().suppression.reason == "erased"


def test_an_import_does_not_revive_who_was_erased():
    world = known()
    erase(world, world.data_link())
    world.settle()
    world.time += timedelta(days=1)
    told = {"email": "lead@example.com", "consent": {"given": True, "text": "Yes."}}
    world.note(Event("imported", world.time, "imported#list#1", "guide", told))
    world.advance(days=30)
    world.reconcile()
    world.settle()
    assert world.mails()[-1] == "your-data"
    assert world.lead().suppression.reason == "erased"
    assert "example.com" not in str([item for (pk, _), item in world.items.items() if pk.startswith("LEAD#")])


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("type", ["bounced", "complained"])
def test_a_bounce_or_a_complaint_outlives_the_erasure_also_one_that_is_told_of_later(type, late):
    world = known()
    link = world.data_link()
    send = SendId.parse(world.sent[-1]["send"])
    report = events.reported(type, send, world.time, "m", kind="hard")
    world.time += timedelta(minutes=1)
    if not late:
        world.note(report)
    erase(world, link)
    world.settle()
    if late:
        world.note(report)
    world.reconcile()
    assert len(stored(world)) == 2
    assert world.lead().suppression.reason == type
    world.time += timedelta(days=1)
    world.post("email=lead%40example.com&consent=yes")
    world.settle()
    world.reconcile()
    world.settle()
    assert world.mails()[-1] == "your-data"


def test_what_took_a_complaint_back_is_not_forgotten_before_the_complaint():
    world = known()
    link = world.data_link()
    send = SendId.parse(world.sent[-1]["send"])
    world.note(events.reported("complained", send, world.time, "m"))
    world.time += timedelta(minutes=1)
    world.note(events.readmitted(world.time, "owner"))
    erase(world, link)
    world.settle()
    assert world.lead().suppression.reason == "erased"
