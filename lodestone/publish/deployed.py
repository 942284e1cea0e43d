"""Read what a stack has published: the objects of its buckets and the definitions in its table."""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from aws.funnels import SITE
from lodestone.stack.clients import WORKERS, Clients
from lodestone.stack.definitions import Items, read_items
from lodestone.stack.errors import told_plainly
from lodestone.stack.outputs import StackOutputs

#: The item that names the paths to be invalidated: written before the first page changes and deleted after the
#: invalidation, so that the next run does what an interrupted one left.
PENDING_INVALIDATION = "INVALIDATE"


@dataclass(frozen=True)
class StoredObject:
    """An object of a bucket, as S3 lists it."""

    size: int
    etag: str


@dataclass(frozen=True)
class Deployed:
    """The stack's content. `pending_paths` are still to be invalidated, None if none is."""

    site: Mapping[str, StoredObject]
    gated: Mapping[str, StoredObject]
    items: Items
    pending_paths: tuple[str, ...] | None = None


def read_deployed(stack: StackOutputs, clients: Clients, built: Iterable[str]) -> Deployed:
    """Read everything that a stack has published. `built` are the slugs of the build; those of the table are added.

    One listing call for 1,000 objects, one consistent query for the site and one for each magnet; the leads'
    partitions are not touched. Raises AwsError if AWS refuses a call.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        objects = [
            pool.submit(_objects, clients.s3, bucket) for bucket in (stack.site_bucket, stack.assets_bucket)
        ]
        items = read_items(clients.dynamodb, stack.table, built)
        site, gated = (each.result() for each in objects)
    note = items.pop((SITE, PENDING_INVALIDATION), None)
    return Deployed(site, gated, items, tuple(json.loads(note["body"]["S"])) if note else None)


def _objects(client: Any, bucket: str) -> dict[str, StoredObject]:
    """List the bucket's objects, by key; none if the stack has no such bucket."""
    with told_plainly("s3"):
        return dict(_listed(client, bucket)) if bucket else {}


def _listed(client: Any, bucket: str) -> Iterator[tuple[str, StoredObject]]:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for each in page.get("Contents", ()):
            yield each["Key"], StoredObject(each["Size"], each["ETag"].strip('"'))
