"""Reconciling by hand: find what is missing over all leads, then have the worker see to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.folding import fold
from lodestone.desk.gaps import Gap, There, find_gaps
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
    gaps: tuple[Gap, ...]
    backlog: timedelta


def survey(records: StackRecords, now: datetime, seen: Callable[[], None] = lambda: None) -> Survey:
    """Compare what is next for every lead with what there is. Changes nothing. Raises AwsRefused.

    Leads and schedules are listed while both go on changing, so each lead that seems to lack something is looked at
    again by itself.
    """
    backlog, count, gaps = records.booked(), 0, []
    there = There(records.schedules(), backlog > _SHORT)
    for lead in records.leads(seen):
        count += 1
        if any(find_gaps(lead, funnels_of(records, lead), there, now)):
            gaps += _look_again(records, lead.id, there.backlog, now)
    return Survey(count, tuple(gaps), backlog if there.backlog else timedelta(0))


def _look_again(records: StackRecords, lead_id: str, backlog: bool, now: datetime) -> Iterable[Gap]:
    lead = fold(lead_id, records.events(lead_id))
    return find_gaps(lead, funnels_of(records, lead), There(records.schedules(lead_id), backlog), now)


def mend(records: StackRecords, gaps: Iterable[Gap]) -> None:
    """Put a message on the mail queue for each: the worker decides anew what is due, so twice is as good as once."""
    for gap in gaps:
        records.nudge(gap.message)
