"""What is in use now, and the leads who live by it: on a stack, in a local stack's store, or nowhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from leads.funnel import Funnel
from lodestone.cli.terminal import progress_bar
from lodestone.local.kept import read_kept
from lodestone.plan.in_flight import InFlight
from lodestone.publish.clients import Clients
from lodestone.publish.deployed import read_items
from lodestone.publish.difference import funnels_of
from lodestone.publish.folded_leads import History, sum_histories
from lodestone.publish.stack import read_stack

Count = Callable[[Iterator[History]], InFlight]


@dataclass(frozen=True)
class Source:
    """Where the edition before comes from.

    `count_leads(magnets, count)` hands the histories of those who ever asked for one of the magnets to `count`, in
    parts, and adds up what it finds.
    """

    name: str
    now: datetime
    funnels: Mapping[str, Funnel]
    count_leads: Callable[[Iterable[str], Count], InFlight]


def from_stack(name: str, session: Any, now: datetime, quiet: bool) -> Source:
    """A deployed stack, through a boto3 session. Raises AwsError."""
    stack = read_stack(name, session)
    clients = Clients(session)

    def count_leads(magnets: Iterable[str], count: Count) -> InFlight:
        found = InFlight()
        with progress_bar("reading leads", None, quiet) as seen:
            for part in sum_histories(clients.dynamodb, stack.table, frozenset(magnets), count, seen):
                found.add(part)
        return found

    return Source(f"stack {name} ({stack.region})", now, funnels_of(read_items(stack, clients)), count_leads)


def from_data(data: Path) -> Source:
    """A local stack's data directory, by its own clock. Raises CannotServe."""
    kept = read_kept(data)

    def count_leads(magnets: Iterable[str], count: Count) -> InFlight:
        return count(iter(kept.histories.items()))

    return Source(f"local stack in {data}", kept.now, kept.funnels, count_leads)
