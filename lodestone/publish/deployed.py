"""What a stack holds now: the objects of its buckets and the definitions in its table. Reads, and nothing else."""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

from aws.funnels import MAGNET, SITE
from lodestone.publish.aws_errors import told_plainly
from lodestone.publish.clients import WORKERS, Clients
from lodestone.publish.stack import StackOutputs
from lodestone.publish.writes import Item

#: The item that names what the CDN has yet to be told: written before the first page changes, deleted after
#: the invalidation, so that a run that was cut in between is made good by the next.
UNTOLD = "INVALIDATE"

Items = Mapping[tuple[str, str], Item]  # by pk and sk


@dataclass(frozen=True)
class StoredObject:
    """An object as a listing shows it."""

    size: int
    etag: str


@dataclass(frozen=True)
class Deployed:
    """The stack's content. `untold` are paths that the CDN may hold in an old form; None where all is told."""

    site: Mapping[str, StoredObject]
    gated: Mapping[str, StoredObject]
    items: Items
    untold: tuple[str, ...] | None = None


def read_deployed(stack: StackOutputs, clients: Clients, built: Iterable[str]) -> Deployed:
    """Read it all. `built` are the slugs of the build; those of the table come on top.

    One listing call per 1,000 objects, one consistent query for the site and one per magnet; the leads'
    partitions are not touched. Raises AwsError.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        objects = [
            pool.submit(_objects, clients.s3, bucket) for bucket in (stack.site_bucket, stack.assets_bucket)
        ]
        items = read_items(stack, clients, built)
        site, gated = (each.result() for each in objects)
    note = items.pop((SITE, UNTOLD), None)
    return Deployed(site, gated, items, tuple(json.loads(note["body"]["S"])) if note else None)


def read_items(
    stack: StackOutputs, clients: Clients, built: Iterable[str] = ()
) -> dict[tuple[str, str], Item]:
    """The definitions alone: of the site, of the magnets that the table lists, of those `built`. Raises AwsError."""
    listed = _partition(clients.dynamodb, stack.table, SITE)
    slugs = {sk.removeprefix(MAGNET) for _, sk in listed if sk.startswith(MAGNET)} | set(built)
    with ThreadPoolExecutor(WORKERS) as pool:
        found = pool.map(lambda slug: _partition(clients.dynamodb, stack.table, MAGNET + slug), sorted(slugs))
        return dict(chain(listed.items(), chain.from_iterable(each.items() for each in found)))


def _partition(client: Any, table: str, pk: str) -> dict[tuple[str, str], Item]:
    pages = client.get_paginator("query").paginate(
        TableName=table,
        ConsistentRead=True,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": pk}},
    )
    with told_plainly("dynamodb"):
        return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}


def _objects(client: Any, bucket: str) -> dict[str, StoredObject]:
    """The bucket's objects by key; none where the stack has no such bucket."""
    with told_plainly("s3"):
        return dict(_listed(client, bucket)) if bucket else {}


def _listed(client: Any, bucket: str) -> Iterator[tuple[str, StoredObject]]:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for each in page.get("Contents", ()):
            yield each["Key"], StoredObject(each["Size"], each["ETag"].strip('"'))
