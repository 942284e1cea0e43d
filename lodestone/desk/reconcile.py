"""Reconcile by hand: find the missing wakeups of all leads, then queue a message for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestone.desk.missing_wakeups import MissingWakeup, PendingWakeups, find_missing_wakeups
from lodestone.records.protocol import funnels_of
from lodestone.records.stack import StackRecords
from lodestone.records.stored_lead import StoredLead

#: A mail that is booked no further ahead than this goes out as soon as the worker looks at it.
_SHORT = timedelta(seconds=30)


@dataclass(frozen=True)
class Reconciliation:
    """The number of leads that were examined, and their missing wakeups.

    `backlog` is how far ahead the mails of sequences are booked. While it is not zero, a mail that is late may wait for
    its slot or its message may be lost. The two cannot be told apart, so such mails are left out.
    """

    leads: int
    missing_wakeups: tuple[MissingWakeup, ...]
    backlog: timedelta


def reconcile(
    records: StackRecords, now: datetime, leads: Iterable[StoredLead] | None = None
) -> Reconciliation:
    """Compare the next step of every lead with the wakeups that are pending. Change nothing.

    `leads` are those of the records unless given. Leads and schedules change while they are listed, so a lead whose
    wakeup seems to be missing is read again by itself. Raises AwsError if AWS refuses a call.
    """
    backlog, count, missing = records.booked(), 0, list[MissingWakeup]()
    pending = PendingWakeups(records.schedules(), backlog > _SHORT)
    for found in records.leads() if leads is None else leads:
        count += 1
        if any(find_missing_wakeups(found.lead, funnels_of(records, found.lead), pending, now)):
            missing += _examine_again(records, found.id, pending.backlog, now)
    return Reconciliation(count, tuple(missing), backlog if pending.backlog else timedelta(0))


def _examine_again(
    records: StackRecords, lead_id: str, backlog: bool, now: datetime
) -> Iterable[MissingWakeup]:
    found = records.lead(lead_id)
    if found is None:
        return ()
    pending = PendingWakeups(records.schedules(lead_id), backlog)
    return find_missing_wakeups(found.lead, funnels_of(records, found.lead), pending, now)


def mend(records: StackRecords, missing_wakeups: Iterable[MissingWakeup]) -> None:
    """Queue a message for each missing wakeup. The worker decides anew, so mending twice does no harm."""
    for missing in missing_wakeups:
        records.enqueue(missing.message)
