"""Reconciling by hand: find what is missing over all leads, then have the worker see to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from leads.lead import fold
from lodestone.desk.gaps import Gap, find_gaps
from lodestone.desk.records import funnels_of
from lodestone.desk.stack_records import StackRecords


@dataclass(frozen=True)
class Survey:
    """How many leads were looked at, and what is missing."""

    leads: int
    gaps: tuple[Gap, ...]


def survey(records: StackRecords, now: datetime, seen: Callable[[], None] = lambda: None) -> Survey:
    """Compare what is next for every lead with what there is. Changes nothing. Raises AwsRefused.

    Leads and schedules are listed while both go on changing, so each lead that seems to lack something is looked at
    again by itself.
    """
    schedules, count, gaps = records.schedules(), 0, []
    for lead in records.leads(seen):
        count += 1
        if any(find_gaps(lead, funnels_of(records, lead), schedules, now)):
            gaps += _look_again(records, lead.id, now)
    return Survey(count, tuple(gaps))


def _look_again(records: StackRecords, lead_id: str, now: datetime) -> Iterable[Gap]:
    lead = fold(lead_id, records.events(lead_id))
    return find_gaps(lead, funnels_of(records, lead), records.schedules(lead_id), now)


def mend(records: StackRecords, gaps: Iterable[Gap]) -> None:
    """Put a message on the mail queue for each: the worker decides anew what is due, so twice is as good as once."""
    for gap in gaps:
        records.nudge(gap.message)
