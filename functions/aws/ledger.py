"""The leads' partitions: append an event once, read a lead's events, keep the folded profile beside them.

A partition is `pk = LEAD#<id>` with `sk = EVENT#<event key>` for each event and `sk = PROFILE` for the fold. What is
kept apart, for a time alone, is `sk = PRIVATE#<key of the submission>#<hash>`; the table deletes it at `expires`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from aws.errors import code_of, response_of
from leads.events import Event
from leads.instants import iso, parse_iso
from leads.lead import Lead
from leads.lead_json import to_profile
from leads.private import Private

LEAD, EVENT, PROFILE, PRIVATE = "LEAD#", "EVENT#", "PROFILE", "PRIVATE#"


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Partition(NamedTuple):
    """All that is stored about one lead. `profile` is the stored fold as text, "" if there is none.

    `scan_key` is the key of the partition's last item, as JSON: a scan continues after it.
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
        """Store the event by one conditional put. False if another event is stored under its key."""
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

    def keep_apart(self, lead_id: str, submission: Event, body: Mapping[str, Any], until: datetime) -> None:
        """Store what is private of a submission, beside its event. The same content is the same item.

        The event's key tells nothing of the content, so that of the item does: it goes with the item.
        """
        text = json.dumps(dict(body), ensure_ascii=False, separators=(",", ":"))
        item = {
            "pk": {"S": LEAD + lead_id},
            "sk": {"S": f"{PRIVATE}{submission.key}#{hashlib.sha256(text.encode()).hexdigest()[:16]}"},
            "magnet": {"S": submission.magnet},
            "at": {"S": iso(submission.at)},
            "body": {"S": text},
            "expires": {"N": str(int(until.timestamp()))},
        }
        self._put(item, "attribute_not_exists(pk)")

    def private(self, lead_id: str, now: datetime) -> list[Private]:
        """What is kept apart of a lead and has not expired: the table deletes up to two days late."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": LEAD + lead_id}, ":sk": {"S": PRIVATE}},
        )
        found = [private_of(item) for page in pages for item in page["Items"]]
        return [each for each in found if each.until > now]

    def erase(self, lead_id: str, history: list[Event]) -> list[Event]:
        """Delete the events that the last erasure in `history` covers, if any; return those that stay.

        A repetition changes nothing. The caller then stores the profile of what stays, so that a worker that
        read the lead before cannot store an older one.
        """
        from leads.erasure import (
            find_erasure,
        )  # here, so that capture, which erases nobody, does not load the fold

        erasure = find_erasure(lead_id, history)
        if erasure is None:
            return history
        if erasure.gone:
            self.append(lead_id, erasure.event)
        # Oldest first: an interrupted deletion must not leave a complaint whose later withdrawal is gone.
        for each in erasure.gone:
            key = {"pk": {"S": LEAD + lead_id}, "sk": {"S": EVENT + each.key}}
            self._client.delete_item(TableName=self._table, Key=key)
        for private in self.private(lead_id, _LONG_AGO):
            if private.at <= erasure.event.at:
                key = {"pk": {"S": LEAD + lead_id}, "sk": {"S": PRIVATE + private.key}}
                self._client.delete_item(TableName=self._table, Key=key)
        return [erasure.event, *erasure.later]

    def store_profile(self, lead: Lead) -> bool:
        """Store the fold as the lead's profile. False if a fold of more events is stored already."""
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
        """Scan the partitions of all leads; if `after` (a `Partition.scan_key`) is given, of those after it.

        A scan returns a partition's items one after another, also across pages. They may be a moment old.
        """
        items: list[dict[str, Any]] = []
        for item in self._scanned(after):
            if items and item["pk"] != items[0]["pk"]:
                yield _partition(items)
                items = []
            items.append(item)
        if items:
            yield _partition(items)

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
            # The SDK repeats a put whose answer was lost; the item that it then finds is ours.
            return response_of(error).get("Item") == item
        return True


def profile_text(lead: Lead) -> str:
    """The fold as the profile item holds it."""
    return json.dumps(to_profile(lead), ensure_ascii=False, separators=(",", ":"))


def _partition(items: list[dict[str, Any]]) -> Partition:
    # A profile sorts behind the events. If there is none yet, one may be stored before the scan continues.
    end = {"pk": items[0]["pk"], "sk": {"S": PROFILE}}
    return Partition(
        items[0]["pk"]["S"].removeprefix(LEAD),
        [event_of(item) for item in items if item["sk"]["S"].startswith(EVENT)],
        next((item["profile"]["S"] for item in items if item["sk"]["S"] == PROFILE), ""),
        json.dumps(end),
    )


def private_of(item: dict[str, Any]) -> Private:
    """What is kept apart, as `Ledger.keep_apart` stored it."""
    return Private(
        item["sk"]["S"].removeprefix(PRIVATE),
        item["magnet"]["S"],
        parse_iso(item["at"]["S"]),
        datetime.fromtimestamp(int(item["expires"]["N"]), UTC),
        json.loads(item["body"]["S"]),
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
