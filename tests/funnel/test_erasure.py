"""A lead has everything erased: what goes, what stays, and that nothing which was under way brings it back."""

from datetime import timedelta

import pytest

from leads import events
from leads.events import Event, SendId
from tests.funnel.test_own_data import FIELDS, known
from tests.world import Crash, World, make_funnel


def stored(world: World) -> list[str]:
    """The keys of everything in the leads' partitions."""
    return sorted(sk for pk, sk in world.items if pk.startswith("LEAD#"))


def erase(world: World, link: str) -> dict:
    return world.data(link, erase="yes", sure="yes")


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
    links = {"confirm": world.link("confirm", "opt-in")}
    links |= {purpose: world.link(purpose, "delivery") for purpose in ("preferences", "unsubscribe")}
    asked, link = world.data_link(), world.link("download", "delivery")
    erase(world, asked)
    world.settle()
    assert world.data(asked)["statusCode"] == 410
    for answer in (
        world.confirm(links["confirm"]),
        world.choose(links["preferences"], "weekly"),
        world.unsubscribe(links["unsubscribe"], body="List-Unsubscribe=One-Click"),
    ):
        assert "What we had stored about you is erased" in answer["body"]
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
