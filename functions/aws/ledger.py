"""The leads' partitions: append an event once, read a lead's events, keep the folded profile beside them.

A partition is `pk = LEAD#<id>` with `sk = EVENT#<event key>` for each event and `sk = PROFILE` for the fold.
"""

import json
from collections.abc import Iterator
from typing import Any

from aws.errors import code_of
from leads.events import Event
from leads.instants import iso, parse_iso
from leads.lead import Lead
from leads.lead_json import to_profile

LEAD, EVENT, PROFILE = "LEAD#", "EVENT#", "PROFILE"


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
        return [event_of(item) for item in self._items(lead_id)]

    def erase(self, lead_id: str) -> None:
        """Delete what came before the lead's `erased` event, and the profile. Again changes nothing.

        What came after it stays: the lead may have signed up anew.
        """
        items = self._items(lead_id)
        until = next((item["at"]["S"] for item in items if item["sk"]["S"] == f"{EVENT}erased"), "")
        gone = [item["sk"] for item in items if item["at"]["S"] <= until and item["type"]["S"] != "erased"]
        for sk in (*gone, {"S": PROFILE}):
            self._client.delete_item(TableName=self._table, Key={"pk": {"S": LEAD + lead_id}, "sk": sk})

    def _items(self, lead_id: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :event)",
            ExpressionAttributeValues={":pk": {"S": LEAD + lead_id}, ":event": {"S": EVENT}},
        )
        return [item for page in pages for item in page["Items"]]

    def store_profile(self, lead: Lead) -> bool:
        """Keep the fold for those who read profiles. False where a fold of more events is there already."""
        item = {
            "pk": {"S": LEAD + lead.id},
            "sk": {"S": PROFILE},
            "version": {"N": str(lead.version)},
            "stage": {"S": lead.stage},
            "profile": {"S": json.dumps(to_profile(lead), ensure_ascii=False, separators=(",", ":"))},
        }
        older = "attribute_not_exists(pk) OR version <= :version"
        return self._put(item, older, {":version": item["version"]})

    def lead_ids(self) -> Iterator[str]:
        """Every lead of the table, by a scan over its profiles and events; each once."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            ProjectionExpression="pk",
            FilterExpression="begins_with(pk, :lead)",
            ExpressionAttributeValues={":lead": {"S": LEAD}},
        )
        seen = ""
        for page in pages:
            for item in page["Items"]:
                # A scan returns a partition's items side by side, also across pages.
                if item["pk"]["S"] != seen:
                    seen = item["pk"]["S"]
                    yield seen.removeprefix(LEAD)

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
            return error.response.get("Item") == item  # type: ignore[attr-defined]
        return True


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
