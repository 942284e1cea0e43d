"""Leads, folded from their events by one scan of the table, side by side in segments.

A scan reads, and is billed for, every item: half a read unit per 4 KB. The profile item is no short cut: it is kept
small, and does not hold what the drip decides by. No more leads are held in memory than are being counted.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any, TypeVar

from aws.ledger import EVENT, LEAD, event_of
from leads.lead import Lead, fold
from lodestone.publish.aws_errors import told_plainly

#: Parts of the table that are scanned at once; each is a call at a time.
SEGMENTS = 4

Kind = TypeVar("Kind", bound=Hashable)
Tally = Callable[[Iterator[Lead]], Counter[Kind]]


def count_leads(
    client: Any,
    table: str,
    magnets: Collection[str],
    tally: Tally[Kind],
    seen: Callable[[], None] = lambda: None,
) -> Counter[Kind]:
    """Tally the leads who ever asked for one of these magnets. `seen` is called after each page of the scan.

    Raises AwsRefused.
    """
    wanted = frozenset(magnets)

    def count(segment: int) -> Counter[Kind]:
        with told_plainly("dynamodb"):
            return tally(_leads(_items(client, _request(table, segment), seen), wanted))

    with ThreadPoolExecutor(SEGMENTS) as pool:
        return sum(pool.map(count, range(SEGMENTS)), Counter())


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


def _leads(items: Iterator[dict[str, Any]], wanted: frozenset[str]) -> Iterator[Lead]:
    """A partition's items stand side by side in a scan, also across its pages; all of them are in one segment."""
    for pk, group in groupby(items, key=lambda item: item["pk"]["S"]):
        events = list(group)
        if any(item.get("magnet", {}).get("S") in wanted for item in events):
            yield fold(pk.removeprefix(LEAD), [event_of(item) for item in events])
