"""The local clock."""

from datetime import timedelta

from lodestone.data_directory.clock import Clock, moment, stamp
from tests.local.conftest import START


def test_the_clock_runs_with_the_machine(clock, time):
    time.pass_by(minutes=5)
    assert clock.now() == START + timedelta(minutes=5)


def test_a_moved_clock_runs_on_from_where_it_was_moved_to(clock, time):
    clock.move_to(START + timedelta(days=3))
    time.pass_by(hours=1)
    assert clock.now() == START + timedelta(days=3, hours=1)
    assert clock.offset == timedelta(days=3)


def test_the_clock_never_moves_back(clock):
    clock.move_to(START + timedelta(days=3))
    clock.move_to(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=3)


def test_the_clock_keeps_its_place_over_a_restart(clock, store, time):
    clock.move_to(START + timedelta(days=3))
    assert Clock(store, time).now() == START + timedelta(days=3)


def test_stamps_sort_as_the_moments_do():
    moments = [
        START,
        START + timedelta(microseconds=1),
        START + timedelta(seconds=1),
        START + timedelta(days=300),
    ]
    assert sorted(map(stamp, reversed(moments))) == [stamp(each) for each in moments]
    assert [moment(stamp(each)) for each in moments] == moments
