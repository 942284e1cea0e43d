"""Reconciling by hand: find what is missing over all leads, then have the worker see to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.folding import fold
from leads.rules import DEFAULT
from lodestone.desk.missing_wakeups import MissingWakeup, There, find_missing_wakeups
from lodestone.desk.records import funnels_of
from lodestone.desk.stack_records import StackRecords

#: Booked no further than this, a mail goes out as soon as it is looked at.
_SHORT = timedelta(seconds=30)


@dataclass(frozen=True)
class Survey:
    """How many leads were looked at, and what is missing. `backlog` is how far ahead sequences are booked.

    While they are, a mail that is late waits for its slot, or its message was lost: nobody can tell.
    """

    leads: int
    missing_wakeups: tuple[MissingWakeup, ...]
    backlog: timedelta


def survey(records: StackRecords, now: datetime, seen: Callable[[], None] = lambda: None) -> Survey:
    """Compare what is next for every lead with what there is. Changes nothing. Raises AwsError.

    Leads and schedules are listed while both go on changing, so each lead that seems to lack something is looked at
    again by itself.
    """
    backlog, count, missing_wakeups = records.booked(), 0, []
    there = There(records.schedules(), backlog > _SHORT)
    for lead in records.leads(seen):
        count += 1
        if any(find_missing_wakeups(lead, funnels_of(records, lead), there, now)):
            missing_wakeups += _look_again(records, lead.id, there.backlog, now)
    return Survey(count, tuple(missing_wakeups), backlog if there.backlog else timedelta(0))


def _look_again(records: StackRecords, lead_id: str, backlog: bool, now: datetime) -> Iterable[MissingWakeup]:
    lead = fold(lead_id, records.events(lead_id), DEFAULT)
    return find_missing_wakeups(
        lead, funnels_of(records, lead), There(records.schedules(lead_id), backlog), now
    )


def mend(records: StackRecords, missing_wakeups: Iterable[MissingWakeup]) -> None:
    """Put a message on the mail queue for each: the worker decides anew what is due, so twice is as good as once."""
    for missing in missing_wakeups:
        records.nudge(missing.message)
