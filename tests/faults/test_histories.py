"""Thousands of random lives in which containers die at any AWS call: never a mail twice, never one lost.

`LODESTONE_HISTORIES=20000 make test ARGS=tests/faults` runs more of them. What ran is printed at the end of the run.
"""

import os
from collections import Counter
from random import Random

import pytest

from tests.faults.histories import History, make_world
from tests.faults.without_ledger import WorldWithoutLedger
from tests.faults.wrongs import wrongs
from tests.world import World

pytestmark = pytest.mark.slow

BATCHES = 8
HISTORIES = int(os.environ.get("LODESTONE_HISTORIES", "2400"))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_history_sends_a_mail_twice_or_loses_a_lead_or_a_mail(batch, record_property):
    killed: Counter = Counter()
    seeds = range(batch, HISTORIES, BATCHES)
    for seed in seeds:
        history = live(seed)
        assert not list(wrongs(history)), f"history {seed}"
        killed.update(history.world.killed)
    record_property("histories lived", len(seeds))
    record_property("containers killed in them", sum(killed.values()))
    assert sum(killed.values()) > len(seeds)


def test_the_same_histories_send_mails_twice_once_the_ledger_is_switched_off(record_property):
    found = Counter(wrong for seed in range(100) for wrong in wrongs(live(seed, WorldWithoutLedger)))
    record_property("wrongs found once the ledger is off", sum(found.values()))
    assert any("times" in wrong for wrong in found), found


def live(seed: int, kind: type[World] = World) -> History:
    """The history of that number."""
    history = History(Random(seed), make_world(kind))
    history.live(length=40, kill_rate=0.5)
    return history
