"""Pieces that are given away once each (`leads.feature.Stock`), such as the codes of an offer.

Items: `pk = MAGNET#<slug>` with `sk = STOCK#<n>` holds a part of the magnet's list, as `publish` put it; `pk =
STOCK#<name>` with `sk = TAKEN#<piece>` says whose a piece is (`lead`), with `sk = EMPTY#<edition>` that an edition's
last one was taken. What is taken stays so, whatever is published later.
"""

import hashlib
import json
from itertools import count
from typing import Any

from aws.errors import code_of, response_of
from aws.funnels import MAGNET
from leads.feature import Taken

STOCK, TAKEN, EMPTY = "STOCK#", "TAKEN#", "EMPTY#"


class Stock:
    """One table's stocks, through a boto3 DynamoDB client."""

    def __init__(self, client: Any, table: str):
        self._client = client
        self._table = table

    def take(self, magnet: str, name: str, edition: str, lead_id: str) -> Taken | None:
        """The lead's piece of the magnet's stock; None if the lead has none and none is left.

        A conditional put decides between leads. Each lead tries the pieces in an order of their own: two requests of
        one lead at once get the same piece, and two leads seldom try the same one.
        """
        pieces, taken = self._pieces(magnet), self._taken(name)
        free = [each for each in pieces if each not in taken]
        mine = next((piece for piece, lead in taken.items() if lead == lead_id), None)
        if mine is not None:
            return Taken(mine, len(free))
        ordered = sorted(free, key=lambda piece: hashlib.sha256(f"{lead_id} {piece}".encode()).digest())
        for left, piece in zip(reversed(range(len(ordered))), ordered, strict=True):
            if self._put(STOCK + name, TAKEN + piece, lead_id) == lead_id:
                if not left:
                    self._put(STOCK + name, EMPTY + edition, "")
                return Taken(piece, left)
        self._put(STOCK + name, EMPTY + edition, "")
        return None

    def is_empty(self, name: str, edition: str) -> bool:
        """Whether the last piece of this edition was taken. One read."""
        return self._get(STOCK + name, EMPTY + edition) is not None

    def _pieces(self, magnet: str) -> list[str]:
        """The magnet's list as it is published now, each piece once."""
        parts = (self._get(MAGNET + magnet, f"{STOCK}{number}") for number in count())
        pieces: dict[str, None] = {}
        for item in iter(lambda: next(parts), None):
            pieces |= dict.fromkeys(json.loads(item["body"]["S"]))
        return list(pieces)

    def _taken(self, name: str) -> dict[str, str]:
        """Whose each taken piece is, read consistently."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": STOCK + name}, ":sk": {"S": TAKEN}},
        )
        return {
            item["sk"]["S"].removeprefix(TAKEN): item["lead"]["S"] for page in pages for item in page["Items"]
        }

    def _get(self, pk: str, sk: str) -> Any:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        return self._client.get_item(TableName=self._table, Key=key).get("Item")

    def _put(self, pk: str, sk: str, lead_id: str) -> str:
        """Note whose something is, unless that is noted already; whose it is then."""
        item = {"pk": {"S": pk}, "sk": {"S": sk}, "lead": {"S": lead_id}}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Exception as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            item = response_of(error).get("Item") or {}
        return str(item.get("lead", {}).get("S", ""))
