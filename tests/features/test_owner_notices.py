"""The owner's notice: told by mail of what concerns them, at least once, and of nothing that is old or erased."""

import json
from dataclasses import replace
from datetime import timedelta

from leads import events
from leads.event_table import EVENT_TYPES
from leads.event_types import Notice
from leads.mail_types import OWNER_NOTICE
from leads.outbox import pending_notices
from tests.example_feature import started
from tests.features.conftest import start_trial, trial_funnel, trial_world
from tests.world import START, ClientError, Crash, World


def start(world: World) -> None:
    """The button is pressed; nothing is delivered yet."""
    world.act(world.link("do/guide/trial/start"))


def test_one_mail_tells_what_happened_who_it_is_and_what_they_answered():
    world = trial_world(owner_email="owner@press.example")
    start_trial(world)
    (notice,) = world.notices
    assert notice["to"] == ["owner@press.example"]
    assert notice["reply_to"] == ["lead@example.com"]
    assert "ann@press.example" in notice["from"]
    assert notice["subject"] == "Ida tries it"
    for words in (
        "It ends on 2026-03-16",
        "E-mail: lead@example.com",
        "First name: Ida",
        "They asked for “The Guide”.",
    ):
        assert words in notice["text"]
        assert words in notice["html"]
    assert [each.data["about"] for each in world.events("owner_notified")] == ["trial_started#guide#0"]
    assert world.metrics["OwnerNotified"] == 1


def test_without_an_owner_s_address_it_goes_where_answers_go_and_else_to_the_sender():
    plain = trial_funnel().sender
    for reply_to, expected in (("reply@press.example", "reply@press.example"), ("", "ann@press.example")):
        world = trial_world(sender=type(plain)(plain.name, plain.email, reply_to))
        start_trial(world)
        assert world.notices[0]["to"] == [expected]


def test_what_the_lead_typed_cannot_become_markup_nor_a_second_line_of_the_subject():
    world = trial_world()
    name = "<script>x</script>\r\nBcc: all@example.com"
    world.note(events.corrected("guide", world.time, {"answers": {"first_name": name}}))
    start_trial(world)
    (notice,) = world.notices
    assert "<script>" not in notice["html"]
    assert "&lt;script&gt;x" in notice["html"]
    assert "&lt;began&gt; a trial" in notice["html"]
    assert "\n" not in notice["subject"]


def test_a_report_of_ses_about_it_is_nobody_s():
    world = trial_world()
    start_trial(world)
    before = dict(world.items)
    stamp = world.time.isoformat()
    mail = {
        "messageId": world.notices[0]["id"],
        "timestamp": stamp,
        "tags": {"ses:configuration-set": ["mail"]},
    }
    bounce = {"timestamp": stamp, "bounceType": "Permanent", "bounceSubType": "General"}
    world.report(json.dumps({"detail": {"eventType": "Bounce", "bounce": bounce, "mail": mail}}))
    assert world.items == before
    assert world.metrics["ReportIgnored"] == 1


def test_the_stored_profile_is_that_of_all_events_afterwards():
    world = trial_world()
    start_trial(world)
    profile = world.items["LEAD#" + world.lead_id(), "PROFILE"]
    assert int(profile["version"]["N"]) == world.lead().version


def test_a_container_that_dies_anywhere_tells_the_owner_again_rather_than_never():
    told = set()
    for point in range(1, 60):
        world = trial_world()
        start(world)
        world.restart()
        world.arm(point)
        try:
            world.settle()
        except Crash:
            world.restart()
        else:
            break
        world.arm(None)
        world.settle()
        world.reconcile()
        world.advance(hours=1)
        assert len(world.events("owner_notified")) == 1
        told.add(len(world.notices))
    assert point > 20
    assert told == {1, 2}  # twice where the mail went out and the note was not made


def test_a_message_that_was_lost_is_mended_by_the_daily_repair():
    world = trial_world()
    start(world)
    world.stream.clear()
    world.messages.clear()
    world.reconcile()
    world.settle()
    assert len(world.notices) == 1
    world.reconcile()
    world.settle()
    assert len(world.notices) == 1


def test_what_is_older_than_a_week_is_news_no_more():
    world = trial_world()
    start(world)
    world.stream.clear()
    world.time += timedelta(days=7, seconds=1)
    world.reconcile()
    world.settle()
    assert not world.notices


def test_throttling_by_ses_brings_it_back():
    world = trial_world()
    start(world)
    world.deliver_stream()
    world.refusals.append(ClientError("TooManyRequestsException", 429))
    notice = next(each for each in world.messages if OWNER_NOTICE in each)
    assert world.deliver_message(notice) == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    assert not world.notices
    assert not world.events("owner_notified")
    world.time += timedelta(minutes=2)
    world.settle()
    assert len(world.notices) == 1


def test_nothing_is_told_of_who_had_everything_erased_also_before_it_is_deleted():
    world = trial_world()
    start(world)
    world.deliver_stream()
    world.wiring.ledger.append(world.lead_id(), events.erased(world.time, "lead"))
    while world.messages:
        world.deliver_message(world.messages.pop(0))
    assert not world.notices
    world.settle()
    world.reconcile()
    world.settle()
    assert not world.notices
    assert [each.type for each in world.events()] == ["erased"]


def test_nothing_is_told_of_what_a_mail_scanner_did():
    world = trial_world()
    event = started("guide", 1, START, world.time)
    world.note(replace(event, data={**event.data, "by": "machine"}))
    world.reconcile()
    world.settle()
    assert not world.notices


def test_one_of_a_magnet_that_was_withdrawn_goes_nowhere():
    world = trial_world()
    start(world)
    world.withdraw("guide")
    world.settle()
    assert not world.notices


def test_an_event_of_no_magnet_is_told_as_one_of_what_the_lead_asked_for(monkeypatch):
    def tell(event: events.Event, lead: object) -> Notice:
        return Notice("They are back", "They may be written to again.")

    monkeypatch.setitem(EVENT_TYPES, "readmitted", replace(EVENT_TYPES["readmitted"], notice=tell))
    world = trial_world()
    world.note(events.readmitted(world.time, "owner"))
    assert [each["subject"] for each in world.notices] == ["They are back"]
    assert "They asked for “The Guide”." in world.notices[0]["text"]


def test_what_is_pending_is_told_oldest_first():
    world = trial_world()
    for number, hours in ((2, 2), (1, 1)):
        world.wiring.ledger.append(
            world.lead_id(), started("guide", number, START, START + timedelta(hours=hours))
        )
    world.time += timedelta(hours=3)
    history = world.events()
    pending = pending_notices(world.wiring.fold("lead", history), history, world.time)
    assert [each.event.key[-1] for each in pending] == ["1", "2"]


def test_an_event_that_its_feature_cannot_read_holds_up_no_other_notice():
    world = trial_world()
    unreadable = events.Event("trial_started", world.time, "trial_started#guide#7", "guide", {})
    start_trial(world)
    history = [*world.events(), unreadable]
    pending = pending_notices(world.wiring.fold(world.lead_id(), history), history, world.time)
    assert "cannot be read" in next(each.notice.text for each in pending if each.event == unreadable)
