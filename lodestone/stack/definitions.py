"""Read the definitions that a deployed stack has published: funnels, and the rules by which leads are folded."""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

from aws.funnels import FUNNEL, MAGNET, RULES, SITE
from leads.funnel import Funnel, funnel_from_json
from leads.rules import DEFAULT, Rules, rules_from_json
from lodestone.stack.clients import WORKERS
from lodestone.stack.errors import told_plainly

Item = dict[str, Any]  # DynamoDB JSON
Items = Mapping[tuple[str, str], Item]  # by pk and sk

#: DynamoDB takes this many keys in one call.
_MOST_KEYS = 100


def read_items(dynamodb: Any, table: str, slugs: Iterable[str] = ()) -> dict[tuple[str, str], Item]:
    """Read every item of the site, of each magnet that the table lists, and of each magnet in `slugs`.

    One consistent query for the site and one for each magnet; the leads' partitions are not touched. Raises AwsError
    if AWS refuses a call.
    """
    listed = _partition(dynamodb, table, SITE)
    found = {sk.removeprefix(MAGNET) for _, sk in listed if sk.startswith(MAGNET)} | set(slugs)
    with ThreadPoolExecutor(WORKERS) as pool:
        parts = pool.map(lambda slug: _partition(dynamodb, table, MAGNET + slug), sorted(found))
        return dict(chain(listed.items(), chain.from_iterable(each.items() for each in parts)))


def funnels_of(items: Items) -> dict[str, Funnel]:
    """Return the funnel definitions among table items, by slug."""
    return {
        pk.removeprefix(MAGNET): funnel_from_json(json.loads(item["body"]["S"]))
        for (pk, sk), item in items.items()
        if sk == FUNNEL
    }


def read_rules(dynamodb: Any, table: str) -> Rules:
    """Read the rules by which leads are folded; the defaults if none are published.

    Queries, because a publisher may lack the permission to get an item. Raises AwsError if AWS refuses the call.
    """
    item = _query(dynamodb, table, "pk = :pk AND sk = :sk", {":pk": SITE, ":sk": RULES}).get((SITE, RULES))
    return rules_from_json(json.loads(item["body"]["S"])) if item else DEFAULT


def read_funnels(ask: Callable[..., dict[str, Any]], table: str, slugs: Iterable[str]) -> dict[str, Funnel]:
    """Read the definitions of these magnets, where published: consistently, a hundred with each call.

    `ask("dynamodb", "batch_get_item", **arguments)` makes the call.
    """
    keys = [{"pk": {"S": MAGNET + slug}, "sk": {"S": FUNNEL}} for slug in dict.fromkeys(slugs)]
    found: dict[str, Funnel] = {}
    while keys:
        wanted = {table: {"Keys": keys[:_MOST_KEYS], "ConsistentRead": True}}
        answer = ask("dynamodb", "batch_get_item", RequestItems=wanted)
        for item in answer["Responses"].get(table, ()):
            funnel = funnel_from_json(json.loads(item["body"]["S"]))
            found[funnel.slug] = funnel
        keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", []) + keys[_MOST_KEYS:]
    return found


def _partition(dynamodb: Any, table: str, pk: str) -> dict[tuple[str, str], Item]:
    return _query(dynamodb, table, "pk = :pk", {":pk": pk})


def _query(
    dynamodb: Any, table: str, condition: str, values: Mapping[str, str]
) -> dict[tuple[str, str], Item]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        ConsistentRead=True,
        KeyConditionExpression=condition,
        ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
    )
    with told_plainly("dynamodb"):
        return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}
