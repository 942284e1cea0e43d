"""Leads, read from their events by one scan of the table, side by side in segments.

A scan reads, and is billed for, every item: half a read unit per 4 KB. The profile item is no short cut: it is kept
small, and does not hold what the drip decides by. No more leads are held in memory than are being counted.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any, TypeVar

from aws.ledger import EVENT, LEAD, event_of
from leads.events import Event
from leads.folding import fold
from leads.lead import Lead
from leads.rules import DEFAULT
from lodestone.publish.aws_errors import told_plainly

#: Parts of the table that are scanned at once; each is a call at a time.
SEGMENTS = 4

#: A lead's id and their events, in no order.
History = tuple[str, list[Event]]

Kind = TypeVar("Kind", bound=Hashable)
Sum = TypeVar("Sum")
Tally = Callable[[Iterator[Lead]], Counter[Kind]]


def count_leads(
    client: Any,
    table: str,
    magnets: Collection[str],
    tally: Tally[Kind],
    seen: Callable[[], None] = lambda: None,
) -> Counter[Kind]:
    """Tally the leads who ever asked for one of these magnets. `seen` is called after each page of the scan.

    Raises AwsError.
    """

    def count(histories: Iterator[History]) -> Counter[Kind]:
        return tally(fold(lead_id, events, DEFAULT) for lead_id, events in histories)

    return sum(sum_histories(client, table, magnets, count, seen), Counter())


def sum_histories(
    client: Any,
    table: str,
    magnets: Collection[str],
    sum_up: Callable[[Iterator[History]], Sum],
    seen: Callable[[], None] = lambda: None,
) -> list[Sum]:
    """What `sum_up` makes of the histories in each part of the table: of leads who ever asked for one of these magnets.

    `seen` is called after each page of the scan. Raises AwsError.
    """
    wanted = frozenset(magnets)

    def segment_sum(segment: int) -> Sum:
        with told_plainly("dynamodb"):
            return sum_up(_histories(_items(client, _request(table, segment), seen), wanted))

    with ThreadPoolExecutor(SEGMENTS) as pool:
        return list(pool.map(segment_sum, range(SEGMENTS)))


def _request(table: str, segment: int) -> dict[str, Any]:
    return {
        "TableName": table,
        "Segment": segment,
        "TotalSegments": SEGMENTS,
        "FilterExpression": "begins_with(pk, :lead) AND begins_with(sk, :event)",
        "ExpressionAttributeValues": {":lead": {"S": LEAD}, ":event": {"S": EVENT}},
    }


def _items(client: Any, request: dict[str, Any], seen: Callable[[], None]) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator("scan").paginate(**request):
        yield from page["Items"]
        seen()


def _histories(items: Iterator[dict[str, Any]], wanted: frozenset[str]) -> Iterator[History]:
    """A partition's items stand side by side in a scan, also across its pages; all of them are in one segment."""
    for pk, group in groupby(items, key=lambda item: item["pk"]["S"]):
        events = list(group)
        if any(item.get("magnet", {}).get("S") in wanted for item in events):
            yield pk.removeprefix(LEAD), [event_of(item) for item in events]
