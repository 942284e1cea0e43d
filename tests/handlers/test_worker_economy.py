"""The worker folds and decides once before a mail and once after it, and keeps to the definition it decided by."""

from collections import Counter
from collections.abc import Iterator

import pytest

from handlers import drip
from handlers.wiring import Wiring
from leads.drip import decide
from leads.funnel import Step
from tests.world import DAY, World, make_funnel


@pytest.fixture
def counted(monkeypatch) -> Iterator[Counter]:
    """How often the worker folded, decided and read a definition."""
    done: Counter = Counter()
    fold, funnels_of = Wiring.fold, Wiring.funnels_of

    def counted_fold(*arguments):
        done["fold"] += 1
        return fold(*arguments)

    def counted_decide(*arguments):
        done["decide"] += 1
        return decide(*arguments)

    def counted_reading(*arguments):
        done["definitions"] += 1
        return funnels_of(*arguments)

    monkeypatch.setattr(Wiring, "fold", counted_fold)
    monkeypatch.setattr(Wiring, "funnels_of", counted_reading)
    monkeypatch.setattr(drip, "decide", counted_decide)
    return done


def waiting(*steps: Step) -> tuple[World, str]:
    """A lead whose first mail of the sequence is due, and the message that brings it."""
    world = World(make_funnel(steps=steps))
    world.sign_up()
    world.time = min(due for due, _ in world.schedules.values())
    world.fire_schedules()
    return world, world.messages.pop()


def test_a_mail_is_folded_and_decided_twice(counted):
    world, message = waiting(Step("first", DAY), Step("second", DAY))
    counted.clear()
    world.deliver_message(message)
    assert world.mails()[-1] == "first"
    assert counted == {"fold": 2, "decide": 2, "definitions": 2}


def test_the_last_mail_costs_one_fold_more_for_the_end_that_is_noted(counted):
    world, message = waiting(Step("first", DAY))
    counted.clear()
    world.deliver_message(message)
    assert world.events("finished")
    assert counted == {"fold": 3, "decide": 2, "definitions": 2}


def test_a_message_that_finds_nothing_due_is_decided_once(counted):
    world, message = waiting(Step("first", DAY), Step("second", DAY))
    world.deliver_message(message)
    counted.clear()
    world.deliver_message(message)
    assert counted == {"fold": 1, "decide": 1, "definitions": 1}


def test_the_partition_is_read_once_and_claim_outcome_and_profile_are_the_only_puts():
    world, message = waiting(Step("first", DAY), Step("second", DAY))
    world.calls.clear()
    world.deliver_message(message)
    calls = Counter(world.calls)
    assert calls["query"] == 1
    assert calls["put_item"] == 3
    assert calls["send_email"] == 1


def withdraw_at_reservation(world: World, *kept: tuple[str, str]) -> None:
    """The magnet is withdrawn between the decision and the slot; some items are still there."""
    reserve = world.wiring.pacer.reserve

    def withdrawn(*arguments):
        left = {key: world.items[key] for key in kept if key in world.items}
        world.withdraw("guide")
        world.items.update(left)
        return reserve(*arguments)

    world.wiring.pacer.reserve = withdrawn


def test_a_definition_that_is_withdrawn_after_the_decision_stops_nothing_half_way():
    world, message = waiting(Step("first", DAY), Step("second", DAY))
    withdraw_at_reservation(world, ("MAGNET#guide", "MAIL#first"))
    assert world.deliver_message(message) == {"batchItemFailures": []}
    assert ("MAGNET#guide", "FUNNEL") not in world.items
    assert world.mails()[-1] == "first"
    assert not world.schedules
    assert not world.messages


def test_a_mail_that_is_withdrawn_after_the_decision_is_neither_claimed_nor_sent():
    world, message = waiting(Step("first", DAY), Step("second", DAY))
    withdraw_at_reservation(world)
    assert world.deliver_message(message) == {"batchItemFailures": [{"itemIdentifier": "m"}]}
    assert world.deliver_message(message) == {"batchItemFailures": []}
    assert world.mails() == ["opt-in", "delivery"]
    assert not world.schedules
