"""Ordinary lives, ended at every AWS call of every function in turn, before the call and after it.

What AWS delivers at least once comes again; a visitor whose page failed presses the button again.
"""

from collections import Counter
from itertools import count
from pathlib import Path

import pytest

import handlers
from tests.faults.scenes import LIVES, has, live
from tests.faults.without_ledger import WorldWithoutLedger
from tests.faults.wrongs import wrongs

pytestmark = pytest.mark.slow

#: Functions that hold no part of a lead's life: one looks at the table, one sets up the account.
_APART = {"health", "suppression"}


@pytest.mark.parametrize("name", LIVES)
def test_a_life_ended_before_or_after_any_call_goes_on_as_if_nothing_had_happened(name, record_property):
    killed: Counter = Counter()
    for point in count(1):
        history = live(name, point)
        if not history.world.killed:
            break
        killed.update(history.world.killed)
        assert not list(wrongs(history)), f"ended at point {point}: {dict(history.world.killed)}"
    record_property("containers killed at every call in turn", sum(killed.values()))
    whole = live(name, None)
    assert not list(wrongs(whole))
    # Afterwards, when all is calm, other calls are made than before: those are not the life's.
    assert set(killed) <= set(whole.world.passed_points) | {("reconcile", point) for _, point in killed}


def test_the_same_life_gets_mails_twice_once_the_ledger_is_switched_off(record_property):
    twice: Counter = Counter()
    for point in count(1):
        history = live("to its end", point, WorldWithoutLedger)
        if not history.world.killed:
            break
        (moment,) = history.world.killed
        twice[moment] += any("times" in wrong for wrong in wrongs(history))
    # After the mail went out, before that was noted.
    assert {moment for moment, count in twice.items() if count} >= {
        ("drip", "after send_email"),
        ("drip", "before put_item"),
    }
    record_property("lives with a mail twice once the ledger is off", sum(twice.values()))


def test_the_lives_pass_through_every_function_that_a_lead_meets():
    lived = [live(name, None) for name in LIVES]
    functions = {function for history in lived for function, _ in history.world.passed_points}
    folder = Path(handlers.__file__).parent
    entries = {path.stem for path in folder.glob("*.py") if "\nhandler = " in path.read_text("utf-8")}
    assert functions == entries - _APART
    for step in ("opt-in", "delivery", "first", "second", "your-data", "still-there", "trial-welcome"):
        assert any(has(history, step) for history in lived)
