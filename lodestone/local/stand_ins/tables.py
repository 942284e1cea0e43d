"""DynamoDB: moto executes a call in memory, SQLite stores the items and their stream records.

Every call holds one lock, because moto's tables are plain dictionaries. A write returns when the item and its stream
record are on disk, in one transaction. moto executes the call first, because only moto can evaluate a condition; if the
disk then refuses the write, the item in memory is restored.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore import xform_name

from lodestone.data_directory.store import Store
from lodestone.local.messages import Messages
from lodestone.local.stack import Table
from lodestone.local.stand_ins import moto_tables
from lodestone.local.stand_ins.clients import ServiceError, answered_client, local_client
from lodestone.local.stand_ins.moto_tables import Item
from lodestone.local.template import REGION

_READS = frozenset({"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems", "DescribeTable"})

#: What `create_table` takes of a CloudFormation table; the rest (backups, encryption) has no effect here.
_CREATION = (
    "KeySchema",
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
)


class TableStandIn:
    """The template's tables. Must be made while `moto.mock_aws` is active.

    `readers` maps a stream's ARN to the channels its records go to.
    """

    def __init__(
        self,
        tables: Iterable[Table],
        store: Store,
        messages: Messages,
        readers: Mapping[str, Iterable[str]],
        now: Callable[[], datetime],
    ):
        self._tables = {table.name: table for table in tables}
        self._store = store
        self._messages = messages
        self._readers = readers
        self._now = now
        self._lock = threading.Lock()
        self._moto = local_client("dynamodb")
        for table in self._tables.values():
            definition = {key: table.definition[key] for key in _CREATION if key in table.definition}
            self._moto.create_table(TableName=table.name, **definition)
            moto_tables.search_by_partition(table)
            for item in store.items(table.name):
                moto_tables.put_item(table, item)

    def client(self) -> Any:
        """Return a boto3 client of these tables."""
        return answered_client("dynamodb", self.answer)

    def answer(self, operation: str, call: dict[str, Any]) -> dict[str, Any]:
        """Answer a read, or a write whose keys are in the call. Raises ServiceError if the operation is another."""
        if operation not in _READS and operation not in _TOUCHED:
            raise ServiceError("NotImplemented", f"the local stack does not answer dynamodb:{operation}", 501)
        with self._lock:
            keys = _TOUCHED.get(operation, _nothing)(call)
            touched = [(self._tables[name], key) for name, key in keys if name in self._tables]
            before = [moto_tables.read_item(*each) for each in touched]
            response = getattr(self._moto, xform_name(operation))(**call)
            self._keep(touched, before)
        return response

    def _keep(self, touched: list[tuple[Table, Item]], before: list[Item | None]) -> None:
        try:
            with self._store.transaction():
                for (table, key), old in zip(touched, before, strict=True):
                    new = moto_tables.read_item(table, key)
                    if new != old:
                        self._store.keep_item(table.name, _key_text(table, key), new)
                        self._send_record(table, key, old, new)
        except BaseException:
            for (table, key), old in zip(touched, before, strict=True):
                moto_tables.delete_item(table, key) if old is None else moto_tables.put_item(table, old)
            raise

    def _send_record(self, table: Table, key: Item, old: Item | None, new: Item | None) -> None:
        if table.view:
            body = json.dumps(_record(table, key, old, new, self._now()), separators=(",", ":"))
            for channel in self._readers.get(table.stream_arn, ()):
                self._messages.send(channel, body)


def _key_text(table: Table, key: Item) -> str:
    return json.dumps([key[name] for name in table.keys], separators=(",", ":"))


def _record(table: Table, key: Item, old: Item | None, new: Item | None, now: datetime) -> dict[str, Any]:
    """Return a stream record as Lambda gets it, without the ids that it gets on delivery."""
    change: dict[str, Any] = {
        "ApproximateCreationDateTime": int(now.timestamp()),
        "Keys": {name: key[name] for name in table.keys},
        "StreamViewType": table.view,
    }
    if new is not None and table.view in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"):
        change["NewImage"] = new
    if old is not None and table.view in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES"):
        change["OldImage"] = old
    return {
        "eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "eventSourceARN": table.stream_arn,
        "dynamodb": change,
    }


Keys = Iterator[tuple[str, Item]]


def _nothing(call: dict[str, Any]) -> Keys:
    yield from ()


def _single(call: dict[str, Any]) -> Keys:
    yield call["TableName"], call.get("Item") or call["Key"]


def _batch(call: dict[str, Any]) -> Keys:
    for table, requests in call["RequestItems"].items():
        for request in requests:
            yield (
                table,
                request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"],
            )


def _transaction(call: dict[str, Any]) -> Keys:
    for action in call["TransactItems"]:
        for kind, each in action.items():
            if kind != "ConditionCheck":
                yield from _single(each)


#: The items an operation may change: table names and keys (or whole items, which hold their keys).
_TOUCHED: Mapping[str, Callable[[dict[str, Any]], Keys]] = {
    "PutItem": _single,
    "UpdateItem": _single,
    "DeleteItem": _single,
    "BatchWriteItem": _batch,
    "TransactWriteItems": _transaction,
}
