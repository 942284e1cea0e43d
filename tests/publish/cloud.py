"""An AWS account in memory, as far as a publisher sees it: fakes that speak boto3, count writes and can break.

`Cloud.arm(n)` stops the process (a BaseException) at the n-th point from now: each write has one before and one
after it, as a killed laptop would.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from aws.ledger import EVENT, LEAD, PROFILE, event_item
from leads.events import Event
from leads.folding import fold
from leads.lead_json import to_profile
from leads.rules import DEFAULT

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
OUTPUTS = {
    "TableName": "table",
    "SiteBucketName": "site",
    "AssetsBucketName": "assets",
    "DistributionId": "EDGE",
    "SiteUrl": "https://press.example",
}


class Crash(BaseException):
    """The laptop was closed."""


def refusal(code: str, operation: str, message: str = "") -> ClientError:
    """AWS says no."""
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class Cloud:
    """What the account holds, and everything that was written to it."""

    def __init__(self, outputs: dict[str, str] | None = None, status: str = "CREATE_COMPLETE"):
        self.outputs = OUTPUTS if outputs is None else outputs
        self.status = status
        self.buckets: dict[str, dict[str, dict]] = {"site": {}, "assets": {}}
        self.items: dict[tuple[str, str], dict] = {}
        self.writes: list[str] = []  # completed, in order
        self.reads: list[str] = []
        self.invalidations: list[tuple[str, ...]] = []
        self.refusals: dict[str, Exception] = {}  # by method: raised instead of an answer
        self.after_write: Callable[[], None] = lambda: None
        self.region_name = "eu-west-1"
        self._left: int | None = None
        self._lock = threading.RLock()

    def arm(self, points: int) -> None:
        self._left = points

    def client(self, service: str, **_: Any) -> Any:
        """As a boto3 session has it."""
        meta = SimpleNamespace(
            endpoint_url=f"https://{service}.eu-west-1.amazonaws.com", region_name=self.region_name
        )
        return SimpleNamespace(meta=meta, **_METHODS[service](self))

    def write(self, name: str, change: Callable[[], None]) -> dict:
        """One write, whole or not at all, with a point at which to die before and after it."""
        with self._lock:
            self.refuse(name.split()[0])
            self._point()
            change()
            self.writes.append(name)
            self.after_write()
            self._point()
        return {}

    def refuse(self, method: str) -> None:
        if method in self.refusals:
            raise self.refusals[method]

    def read(self, name: str) -> None:
        with self._lock:
            self.reads.append(name)
        self.refuse(name.split()[0])

    def _point(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise Crash

    def keep_lead(self, lead_id: str, events: list[Event]) -> None:
        """A lead as the functions keep it: the events, and the profile beside them."""
        for event in events:
            item = event_item(lead_id, event)
            self.items[item["pk"]["S"], item["sk"]["S"]] = item
        pk = f"LEAD#{lead_id}"
        profile = json.dumps(to_profile(fold(lead_id, events, DEFAULT)))
        self.items[pk, PROFILE] = {"pk": {"S": pk}, "sk": {"S": PROFILE}, "profile": {"S": profile}}

    def body(self, pk: str, sk: str) -> Any:
        return json.loads(self.items[pk, sk]["body"]["S"])


def _s3(cloud: Cloud) -> dict[str, Callable]:
    def put_object(Bucket: str, Key: str, Body: Any, ContentMD5: str, **headers: str) -> dict:
        content = Body.read()
        md5 = hashlib.md5(content, usedforsecurity=False)
        assert base64.b64encode(md5.digest()).decode() == ContentMD5
        stored = {"content": content, "etag": f'"{md5.hexdigest()}"', **headers}
        return cloud.write(
            f"put_object {Bucket}/{Key}", lambda: cloud.buckets[Bucket].__setitem__(Key, stored)
        )

    def delete_object(Bucket: str, Key: str) -> dict:
        return cloud.write(f"delete_object {Bucket}/{Key}", lambda: cloud.buckets[Bucket].pop(Key, None))

    def pages(Bucket: str) -> Iterator[dict]:
        cloud.read(f"list_objects_v2 {Bucket}")
        found = [
            {"Key": key, "Size": len(each["content"]), "ETag": each["etag"]}
            for key, each in sorted(cloud.buckets[Bucket].items())
        ]
        for start in range(0, len(found) or 1, 7):
            yield {"Contents": found[start : start + 7]} if found else {}

    return {
        "put_object": put_object,
        "delete_object": delete_object,
        "get_paginator": lambda _: SimpleNamespace(paginate=pages),
    }


def _dynamodb(cloud: Cloud) -> dict[str, Callable]:
    def put_item(TableName: str, Item: dict) -> dict:
        key = Item["pk"]["S"], Item["sk"]["S"]
        return cloud.write(f"put_item {' '.join(key)}", lambda: cloud.items.__setitem__(key, Item))

    def delete_item(TableName: str, Key: dict) -> dict:
        key = Key["pk"]["S"], Key["sk"]["S"]
        return cloud.write(f"delete_item {' '.join(key)}", lambda: cloud.items.pop(key, None))

    def query(ConsistentRead: bool, ExpressionAttributeValues: dict, **_: Any) -> Iterator[dict]:
        assert ConsistentRead
        pk = ExpressionAttributeValues[":pk"]["S"]
        cloud.read(f"query {pk}")
        yield {"Items": [item for key, item in cloud.items.items() if key[0] == pk]}

    def scan(Segment: int, TotalSegments: int, **_: Any) -> Iterator[dict]:
        """A lead's events in one segment, side by side, and over the edge of a page."""
        cloud.read(f"scan {Segment}")
        keys = sorted(key for key in cloud.items if key[0].startswith(LEAD) and key[1].startswith(EVENT))
        mine = sorted({pk for pk, _ in keys})[Segment::TotalSegments]
        found = [cloud.items[key] for key in keys if key[0] in mine]
        for start in range(0, len(found), 3):
            yield {"Items": found[start : start + 3]}

    paginators = {"query": query, "scan": scan}
    return {
        "put_item": put_item,
        "delete_item": delete_item,
        "get_paginator": lambda name: SimpleNamespace(paginate=paginators[name]),
    }


def _cloudfront(cloud: Cloud) -> dict[str, Callable]:
    def create_invalidation(DistributionId: str, InvalidationBatch: dict) -> dict:
        assert DistributionId == "EDGE"
        paths = tuple(InvalidationBatch["Paths"]["Items"])
        assert InvalidationBatch["Paths"]["Quantity"] == len(paths)
        return cloud.write("create_invalidation", lambda: cloud.invalidations.append(paths))

    return {"create_invalidation": create_invalidation}


def _cloudformation(cloud: Cloud) -> dict[str, Callable]:
    def describe_stacks(StackName: str) -> dict:
        cloud.read(f"describe_stacks {StackName}")
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in cloud.outputs.items()]
        return {"Stacks": [{"StackStatus": cloud.status, "Outputs": outputs}]}

    return {"describe_stacks": describe_stacks}


_METHODS = {"s3": _s3, "dynamodb": _dynamodb, "cloudfront": _cloudfront, "cloudformation": _cloudformation}
