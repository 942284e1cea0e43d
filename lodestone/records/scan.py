"""Read every lead of a table by one parallel scan.

A scan reads, and is billed for, every item: half a read unit per 4 KB. The profile items cannot take the place of the
events: they are kept small, and lack what the drip decides by.
"""

from collections import deque
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, groupby
from typing import Any, TypeVar

from aws.ledger import EVENT, LEAD, event_of
from leads.events import Event
from lodestone.stack.errors import told_plainly

#: Parts of the table that are scanned at once; each has one page in memory and the next one on its way.
SEGMENTS = 4

T = TypeVar("T")


def scan_events(
    dynamodb: Any, table: str, magnets: Collection[str] | None = None
) -> Iterator[tuple[str, list[Event]]]:
    """Read the id and the events, in no order, of each lead, or of each lead who ever asked for one of these magnets.

    What a scan reads may be a moment old. Raises AwsError if AWS refuses a call.
    """
    with told_plainly("dynamodb"), ThreadPoolExecutor(SEGMENTS) as pool:
        scans = (_pages(dynamodb, table, segment) for segment in range(SEGMENTS))
        yield from _take_turns([_partitions(_read_ahead(each, pool), magnets) for each in scans])


def _pages(dynamodb: Any, table: str, segment: int) -> Iterator[dict[str, Any]]:
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        Segment=segment,
        TotalSegments=SEGMENTS,
        FilterExpression="begins_with(pk, :lead) AND begins_with(sk, :event)",
        ExpressionAttributeValues={":lead": {"S": LEAD}, ":event": {"S": EVENT}},
    )
    return iter(pages)


def _read_ahead(pages: Iterator[T], pool: ThreadPoolExecutor) -> Iterator[T]:
    """Yield each page while the pool reads the next one."""
    coming = pool.submit(next, pages, None)
    while (page := coming.result()) is not None:
        coming = pool.submit(next, pages, None)
        yield page


def _partitions(
    pages: Iterator[dict[str, Any]], magnets: Collection[str] | None
) -> Iterator[tuple[str, list[Event]]]:
    """Group a segment's items by lead: a partition's items come one after the other, also across pages."""
    items = chain.from_iterable(page["Items"] for page in pages)
    for pk, group in groupby(items, key=lambda item: str(item["pk"]["S"])):
        found = list(group)
        if magnets is None or any(item.get("magnet", {}).get("S") in magnets for item in found):
            yield pk.removeprefix(LEAD), [event_of(item) for item in found]


def _take_turns(iterators: list[Iterator[T]]) -> Iterator[T]:
    """Yield one item of each iterator in turn until all are exhausted."""
    waiting = deque(iterators)
    while waiting:
        first = waiting.popleft()
        for each in first:
            waiting.append(first)
            yield each
            break
