"""The funnel definitions that a stack's functions work by."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from aws.funnels import FUNNEL, MAGNET
from leads.funnel import Funnel, funnel_from_json

#: DynamoDB takes this many keys in one call.
_A_CALL = 100


def read_funnels(ask: Callable[..., dict[str, Any]], table: str, slugs: Iterable[str]) -> dict[str, Funnel]:
    """The published definitions among those slugs, one call a hundred, from the table itself (consistent).

    `ask("dynamodb", "batch_get_item", **arguments)` makes the call.
    """
    keys = [{"pk": {"S": MAGNET + slug}, "sk": {"S": FUNNEL}} for slug in dict.fromkeys(slugs)]
    found: dict[str, Funnel] = {}
    while keys:
        wanted = {table: {"Keys": keys[:_A_CALL], "ConsistentRead": True}}
        answer = ask("dynamodb", "batch_get_item", RequestItems=wanted)
        for item in answer["Responses"].get(table, ()):
            funnel = funnel_from_json(json.loads(item["body"]["S"]))
            found[funnel.slug] = funnel
        keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", []) + keys[_A_CALL:]
    return found
