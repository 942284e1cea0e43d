"""The owner's desk on a running funnel: what it finds, what it changes, and what follows from that."""

from datetime import timedelta

import pytest

from aws.queue import DripMessage
from leads import events
from leads.events import SendId
from leads.folding import fold
from leads.funnel import Sending
from leads.pace import DRIP
from leads.rules import DEFAULT
from lodestone.desk import changes
from lodestone.desk.reconcile import mend, reconcile
from lodestone.desk.unsettled import find_unsettled
from lodestone.errors import CommandError
from lodestone.records.find import find_id, find_lead
from lodestone.records.protocol import funnels_of
from lodestone.stack.errors import AwsError
from tests.desk.office import open_office, refusal
from tests.world import World, make_funnel


@pytest.fixture
def world() -> World:
    world = World()
    world.sign_up()
    return world


def lead_of(world: World):
    return fold(world.lead_id(), world.wiring.ledger.events(world.lead_id()), DEFAULT)


class TestFinding:
    def test_a_lead_is_found_by_address_in_any_writing_by_number_and_by_id(self, world):
        session, records = open_office(world)
        assert find_id(records, "Lead@Example.COM") == world.lead_id()
        assert find_id(records, world.lead_id()) == world.lead_id()
        assert find_id(records, "+49 30 901820") == records.id_of(phone="+4930901820")
        assert session.asked.count("get_secret_value") == 1

    def test_an_id_needs_no_key(self, world):
        session, records = open_office(world)
        session.refusals["get_secret_value"] = refusal("AccessDeniedException", "GetSecretValue")
        assert find_lead(records, world.lead_id()).lead.email == "lead@example.com"
        with pytest.raises(AwsError, match="secretsmanager:GetSecretValue.*\n.*by their id"):
            find_lead(records, "lead@example.com")

    @pytest.mark.parametrize("who", ["nobody@example.com", "not an address", "+1", ""])
    def test_who_is_not_there_is_told_so(self, world, who):
        _, records = open_office(world)
        with pytest.raises(CommandError, match="no lead"):
            find_lead(records, who)


class TestUnsettled:
    def test_a_mail_whose_worker_died_is_listed_once_its_lease_is_over(self, world):
        _, records = open_office(world)
        send = SendId("guide", "first", 0, 1)
        world.wiring.ledger.append(world.lead_id(), events.claimed(send, world.time, "worker"))
        for minutes, expected in ((14, []), (2, [send])):
            world.time += timedelta(minutes=minutes)
            found = [
                each
                for stored in records.leads()
                for each in find_unsettled(stored.lead, records, world.time)
            ]
            assert [each.attempt.send for each in found] == expected
        assert found[0].policy == "never-twice"
        assert "not sent again" in found[0].then

    @pytest.mark.parametrize(
        ("policy", "attempts", "then"),
        [
            ("never-twice", 1, "not sent again"),
            ("at-least-once", 1, "sent again"),
            ("at-least-once", 3, "given up after 3"),
        ],
    )
    def test_it_says_what_the_policy_does(self, world, policy, attempts, then):
        world.publish(make_funnel(sending=Sending(unsettled=policy)))
        _, records = open_office(world)
        for attempt in range(1, attempts + 1):
            send = SendId("guide", "first", 0, attempt)
            world.wiring.ledger.append(world.lead_id(), events.claimed(send, world.time, "worker"))
        world.time += timedelta(minutes=16)
        (found,) = find_unsettled(lead_of(world), records, world.time)
        assert found.then.startswith(then)

    def test_an_attempt_that_was_followed_by_another_is_no_longer_in_question(self, world):
        _, records = open_office(world)
        for attempt in (1, 2):
            send = SendId("guide", "first", 0, attempt)
            world.wiring.ledger.append(world.lead_id(), events.claimed(send, world.time, "worker"))
        world.wiring.ledger.append(world.lead_id(), events.mailed(send, world.time, "id"))
        world.time += timedelta(hours=1)
        assert not list(find_unsettled(lead_of(world), records, world.time))

    def test_a_mail_said_to_be_sent_is_known_and_never_sent_again(self, world):
        _, records = open_office(world)
        self._claim_first(world)
        changes.settle(records, lead_of(world), "guide", "first", True, world.time)
        world.settle()
        assert not list(find_unsettled(lead_of(world), records, world.time))
        world.advance(days=10)
        assert world.mails()[2:] == ["second"]

    def test_a_mail_said_to_have_failed_is_sent_again(self, world):
        _, records = open_office(world)
        self._claim_first(world)
        changes.settle(records, lead_of(world), "guide", "first", False, world.time)
        world.advance(minutes=5)
        assert world.mails()[2:] == ["first"]
        assert world.sent[-1]["attempt"] == 2

    def test_what_is_known_cannot_be_settled(self, world):
        _, records = open_office(world)
        for magnet, step, says in (
            ("guide", "delivery", "it is known"),
            ("guide", "first", "ever begun"),
            ("other", "first", "never asked for"),
        ):
            with pytest.raises(CommandError, match=says):
                changes.settle(records, lead_of(world), magnet, step, True, world.time)

    def _claim_first(self, world: World) -> None:
        world.schedules.clear()
        world.time += timedelta(days=2)
        send = SendId("guide", "first", 0, 1)
        world.wiring.ledger.append(world.lead_id(), events.claimed(send, world.time, "worker", world.time))
        world.time += timedelta(minutes=20)


class TestReconciling:
    def test_in_a_healthy_stack_nothing_is_missing(self, world):
        _, records = open_office(world)
        world.time += timedelta(hours=1)
        assert reconcile(records, world.time).missing_wakeups == ()

    def test_a_lost_schedule_is_found_and_made_again_by_the_worker(self, world):
        _, records = open_office(world)
        kept = dict(world.schedules)
        world.schedules.clear()
        world.time += timedelta(hours=1)
        found = reconcile(records, world.time)
        assert (found.leads, [each.step for each in found.missing_wakeups]) == (1, ["first"])
        assert not world.messages, "looking changes nothing"
        mend(records, found.missing_wakeups)
        world.settle()
        assert world.schedules == kept

    def test_a_mail_that_is_long_due_is_found_and_goes_out(self, world):
        _, records = open_office(world)
        world.schedules.clear()
        world.time += timedelta(days=3)
        (gap,) = reconcile(records, world.time).missing_wakeups
        assert (gap.what, gap.message) == ("should have gone", DripMessage(world.lead_id(), "guide", "first"))
        mend(records, [gap])
        world.settle()
        assert world.mails()[2:] == ["first"]

    def test_an_end_that_was_not_noted_is_found(self, world):
        _, records = open_office(world)
        world.advance(days=10)
        del world.items[f"LEAD#{world.lead_id()}", "EVENT#finished#guide"]
        (gap,) = reconcile(records, world.time).missing_wakeups
        mend(records, [gap])
        world.settle()
        assert world.events("finished")

    def test_a_lead_who_is_just_being_seen_to_is_left_alone(self, world):
        _, records = open_office(world)
        world.schedules.clear()
        assert reconcile(records, world.time).missing_wakeups == ()

    def test_what_was_mended_between_two_looks_is_not_told(self, world):
        session, records = open_office(world)
        kept = dict(world.schedules)
        world.schedules.clear()
        world.time += timedelta(hours=1)
        reconcile(records, world.time)
        listed = session._list_schedules

        def made_meanwhile(GroupName: str, NamePrefix: str = "") -> list[dict]:
            answer = listed(GroupName, NamePrefix)
            world.schedules.update(kept)
            return answer

        session._list_schedules = made_meanwhile
        assert reconcile(records, world.time).missing_wakeups == ()

    def test_while_sequences_are_booked_ahead_a_late_mail_is_left_to_its_slot(self, world):
        _, records = open_office(world)
        world.schedules.clear()
        world.time += timedelta(days=3)
        world.account = {"MaxSendRate": 1.0, "Max24HourSend": -1.0, "SentLast24Hours": 0.0}
        world.restart().pacer.reserve(DRIP, 500)
        found = reconcile(records, world.time)
        assert (found.missing_wakeups, found.backlog > timedelta(minutes=5)) == ((), True)
        world.time += timedelta(hours=1)
        (gap,) = reconcile(records, world.time).missing_wakeups
        assert gap.what == "should have gone"


class TestGoals:
    def test_a_customer_gets_no_more_of_a_sequence_that_ends_with_that(self, world):
        until = ["did", "became_customer", "ever", 0, {}]
        world.publish(make_funnel(until=until))
        _, records = open_office(world)
        assert changes.note_goal(records, lead_of(world), "customer", "", world.time)
        world.time += timedelta(minutes=1)
        assert not changes.note_goal(records, lead_of(world), "customer", "", world.time)
        world.advance(days=10)
        assert world.mails() == ["opt-in", "delivery"]
        assert world.events("became_customer")[0].data["by"] == "owner"

    def test_a_magnet_that_they_never_asked_for_is_refused(self, world):
        _, records = open_office(world)
        with pytest.raises(CommandError, match="never asked for `course`"):
            changes.note_goal(records, lead_of(world), "booked", "course", world.time)


class TestReadmitting:
    def _bounce(self, world: World, type: str, **detail: str) -> None:
        send = SendId("guide", "delivery", 1, 1)
        world.wiring.ledger.append(
            world.lead_id(), events.reported(type, send, world.time, "message-2", **detail)
        )
        world.time += timedelta(minutes=1)

    def test_a_mailbox_that_was_full_for_long_may_be_tried_again(self, world):
        _, records = open_office(world)
        for number in range(5):
            send = SendId("guide", f"letter-{number}", 0, 1)
            bounce = events.reported("bounced", send, world.time, f"id-{number}", kind="soft")
            world.wiring.ledger.append(world.lead_id(), bounce)
        assert lead_of(world).suppression.reason == "unreachable"
        changes.check_readmission(lead_of(world))
        world.time += timedelta(minutes=1)
        changes.readmit(records, lead_of(world), world.time)
        assert (lead_of(world).suppression, lead_of(world).soft_bounces) == (None, 0)

    @pytest.mark.parametrize(("type", "detail"), [("bounced", {"kind": "hard"}), ("complained", {})])
    def test_the_sequence_goes_on_and_ses_sends_again(self, world, type, detail):
        session, records = open_office(world)
        session.listed.add("lead@example.com")
        self._bounce(world, type, **detail)
        changes.check_readmission(lead_of(world))
        assert changes.readmit(records, lead_of(world), world.time)
        assert not session.listed
        assert lead_of(world).suppression is None
        world.advance(days=3)
        assert world.mails()[2:] == ["first"]

    def test_where_ses_refuses_nothing_is_said_to_be_lifted(self, world):
        session, records = open_office(world)
        self._bounce(world, "bounced", kind="hard")
        session.refusals["delete_suppressed_destination"] = refusal(
            "AccessDenied", "DeleteSuppressedDestination"
        )
        with pytest.raises(AwsError, match="ses:DeleteSuppressedDestination"):
            changes.readmit(records, lead_of(world), world.time)
        assert lead_of(world).suppression

    def test_whoever_unsubscribed_comes_back_by_themselves(self, world):
        world.unsubscribe(world.link("unsubscribe"))
        with pytest.raises(CommandError, match="theirs to take back"):
            changes.check_readmission(lead_of(world))

    def test_there_must_be_something_to_lift(self, world):
        with pytest.raises(CommandError, match="not suppressed"):
            changes.check_readmission(lead_of(world))


def test_an_erased_lead_is_gone_and_gets_nothing(world):
    _, records = open_office(world)
    lead = lead_of(world)
    world.time += timedelta(minutes=1)
    changes.check_erasure(lead)
    changes.erase(records, lead, world.time)
    world.advance(days=10)
    assert world.mails() == ["opt-in", "delivery"]
    assert [each.type for each in records.lead(lead.id).events] == ["erased"]
    assert "lead@example.com" not in str(
        [each for key, each in world.items.items() if key[0].startswith("LEAD#")]
    )
    with pytest.raises(CommandError, match="is erased"):
        changes.check_erasure(lead_of(world))
    assert funnels_of(records, lead_of(world)) == {}
