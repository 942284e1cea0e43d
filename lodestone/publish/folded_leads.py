"""Leads, folded from their events by one scan of the table, side by side in segments.

A scan reads, and is billed for, every item: half a read unit per 4 KB, some 20 events of 200 bytes a lead. The
profile item is no short cut: it is kept small, and does not hold what the drip decides by.
"""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Any

from aws.ledger import EVENT, LEAD, event_of
from leads.lead import Lead, fold
from lodestone.publish.aws_errors import told_plainly

#: Parts of the table that are scanned at once; each is a call at a time.
SEGMENTS = 4


def read_leads(
    client: Any, table: str, magnets: Collection[str], seen: Callable[[], None] = lambda: None
) -> Iterator[Lead]:
    """The leads who ever asked for one of these magnets. `seen` is called after each page of the scan.

    Raises AwsRefused.
    """
    wanted = frozenset(magnets)
    with ThreadPoolExecutor(SEGMENTS) as pool:
        parts = [
            pool.submit(_segment, client, _request(table, number), wanted, seen) for number in range(SEGMENTS)
        ]
        for part in parts:
            yield from part.result()


def _request(table: str, segment: int) -> dict[str, Any]:
    return {
        "TableName": table,
        "Segment": segment,
        "TotalSegments": SEGMENTS,
        "FilterExpression": "begins_with(pk, :lead) AND begins_with(sk, :event)",
        "ExpressionAttributeValues": {":lead": {"S": LEAD}, ":event": {"S": EVENT}},
    }


def _segment(
    client: Any, request: dict[str, Any], wanted: frozenset[str], seen: Callable[[], None]
) -> list[Lead]:
    with told_plainly("dynamodb"):
        leads = (_lead(pk, items) for pk, items in groupby(_items(client, request, seen), key=_partition))
        return [lead for lead in leads if wanted & set(lead.enrolments)]


def _items(client: Any, request: dict[str, Any], seen: Callable[[], None]) -> Iterator[dict[str, Any]]:
    """Item after item; a partition's stand side by side, also across pages."""
    for page in client.get_paginator("scan").paginate(**request):
        yield from page["Items"]
        seen()


def _partition(item: dict[str, Any]) -> str:
    return item["pk"]["S"]


def _lead(pk: str, items: Iterator[dict[str, Any]]) -> Lead:
    return fold(pk.removeprefix(LEAD), [event_of(item) for item in items])
