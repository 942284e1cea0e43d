"""The leads' partitions: append an event once, read a lead's events, keep the folded profile beside them.

A partition is `pk = LEAD#<id>` with `sk = EVENT#<event key>` for each event and `sk = PROFILE` for the fold.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from aws.errors import code_of, response_of
from leads.events import Event
from leads.instants import iso, parse_iso
from leads.lead import Lead
from leads.lead_json import to_profile

LEAD, EVENT, PROFILE = "LEAD#", "EVENT#", "PROFILE"


class Partition(NamedTuple):
    """All that is stored of one lead. `profile` is the stored fold as text, "" where there is none.

    `scan_key` is where in the table it ends, as the key of an item, for a scan that goes on behind it.
    """

    lead_id: str
    events: list[Event]
    profile: str
    scan_key: str


class Ledger:
    """One table's leads, through a boto3 DynamoDB client."""

    def __init__(self, client: Any, table: str):
        self._client = client
        self._table = table

    def append(self, lead_id: str, event: Event) -> bool:
        """Store the event: one conditional put. False where another of that key was there already."""
        return self._put(event_item(lead_id, event), "attribute_not_exists(pk)")

    def events(self, lead_id: str) -> list[Event]:
        """Every event of the lead, read consistently."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
            ExpressionAttributeValues={":pk": {"S": LEAD + lead_id}, ":event": {"S": EVENT}},
        )
        return [event_of(item) for page in pages for item in page["Items"]]

    def erase(self, lead_id: str, history: list[Event]) -> list[Event]:
        """Delete what the last erasure in a lead's history leaves nothing of, if there is one; the events that stay.

        Doing it again changes nothing. Whoever calls it stores the profile of what stays, so that no worker who read
        the lead before stores another.
        """
        from leads.erasure import (
            find_erasure,
        )  # here, so that capture, which erases nobody, does not load the fold

        erasure = find_erasure(lead_id, history)
        if erasure is None:
            return history
        if erasure.gone:
            self.append(lead_id, erasure.event)
        # The oldest first: cut short, it leaves no complaint without what took it back.
        for each in erasure.gone:
            key = {"pk": {"S": LEAD + lead_id}, "sk": {"S": EVENT + each.key}}
            self._client.delete_item(TableName=self._table, Key=key)
        return [erasure.event, *erasure.later]

    def store_profile(self, lead: Lead) -> bool:
        """Keep the fold for those who read profiles. False where a fold of more events is there already."""
        item = {
            "pk": {"S": LEAD + lead.id},
            "sk": {"S": PROFILE},
            "version": {"N": str(lead.version)},
            "stage": {"S": lead.stage},
            "profile": {"S": profile_text(lead)},
        }
        older = "attribute_not_exists(pk) OR version <= :version"
        return self._put(item, older, {":version": item["version"]})

    def partitions(self, after: str = "") -> Iterator[Partition]:
        """Every lead's partition, by a scan; from the one behind `after` (`Partition.scan_key`) where that is given.

        A scan returns a partition's items side by side, also across pages. What it reads may be a moment old.
        """
        held: list[dict[str, Any]] = []
        for item in self._scanned(after):
            if held and item["pk"] != held[0]["pk"]:
                yield _partition(held)
                held = []
            held.append(item)
        if held:
            yield _partition(held)

    def _scanned(self, after: str) -> Iterator[dict[str, Any]]:
        start = json.loads(after) if after else None
        while True:
            page = self._client.scan(
                TableName=self._table,
                FilterExpression="begins_with(pk, :lead)",
                ExpressionAttributeValues={":lead": {"S": LEAD}},
                **({"ExclusiveStartKey": start} if start else {}),
            )
            yield from page["Items"]
            start = page.get("LastEvaluatedKey")
            if start is None:
                return

    def _put(self, item: dict[str, Any], condition: str, values: dict[str, Any] | None = None) -> bool:
        extra = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **extra,
            )
        except Exception as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            # The SDK repeats a put whose answer was lost: what it then finds is our own.
            return response_of(error).get("Item") == item
        return True


def profile_text(lead: Lead) -> str:
    """The fold as the profile item holds it."""
    return json.dumps(to_profile(lead), ensure_ascii=False, separators=(",", ":"))


def _partition(items: list[dict[str, Any]]) -> Partition:
    # The profile is what comes last; where there is none yet, one may be stored before the scan goes on.
    end = {"pk": items[0]["pk"], "sk": {"S": PROFILE}}
    return Partition(
        items[0]["pk"]["S"].removeprefix(LEAD),
        [event_of(item) for item in items if item["sk"]["S"].startswith(EVENT)],
        next((item["profile"]["S"] for item in items if item["sk"]["S"] == PROFILE), ""),
        json.dumps(end),
    )


def event_item(lead_id: str, event: Event) -> dict[str, Any]:
    """The event as a table item. `data` is one JSON string: compact, and read by DuckDB and Athena as it is."""
    item = {
        "pk": {"S": LEAD + lead_id},
        "sk": {"S": EVENT + event.key},
        "type": {"S": event.type},
        "at": {"S": iso(event.at)},
        "data": {"S": json.dumps(dict(event.data), ensure_ascii=False, separators=(",", ":"))},
    }
    return item | ({"magnet": {"S": event.magnet}} if event.magnet else {})


def event_of(item: dict[str, Any]) -> Event:
    """The inverse of `event_item`."""
    return Event(
        type=item["type"]["S"],
        at=parse_iso(item["at"]["S"]),
        key=item["sk"]["S"].removeprefix(EVENT),
        magnet=item.get("magnet", {}).get("S", ""),
        data=json.loads(item["data"]["S"]),
    )
