"""The daily repair as one table item: when a pass over the table began, how far it came, when it ended.

`pk = RECONCILE`, `sk = ROUND`. A table of millions takes more than one invocation. Each invocation continues
where the one before it stopped, for whatever reason that stopped. Two invocations may handle the same leads.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws.errors import code_of, response_of
from leads.instants import iso

#: The stored name of a pass is ROUND.
RECONCILE, ROUND = "RECONCILE", "ROUND"

#: The next pass begins this long after the last one began, if that has ended. A little less than a day, so
#: that the time of day does not drift.
EVERY = timedelta(hours=23, minutes=50)

_KEY = {"pk": {"S": RECONCILE}, "sk": {"S": ROUND}}


@dataclass(frozen=True, slots=True)
class TablePass:
    """A pass over the table that has not ended. `after` is the scan key of its last lead, "" at its start."""

    begun: str
    after: str = ""


class ReconcileCursor:
    """One table's passes, through a boto3 DynamoDB client."""

    def __init__(self, client: Any, table: str):
        self._client = client
        self._table = table

    def begin(self, now: datetime) -> TablePass:
        """Begin a new pass. It replaces a pass that has not ended."""
        self._update(
            "SET begun = :now, reached = :nowhere REMOVE ended", "", {":now": iso(now), ":nowhere": ""}
        )
        return TablePass(iso(now))

    def take(self, now: datetime) -> TablePass | None:
        """Return the pass that has not ended, or begin one if it is due; None if there is nothing to do."""
        values = {":now": iso(now), ":nowhere": "", ":before": iso(now - EVERY)}
        due = "attribute_not_exists(pk) OR (attribute_exists(ended) AND begun <= :before)"
        found = self._update("SET begun = :now, reached = :nowhere REMOVE ended", due, values)
        if found is None:
            return TablePass(iso(now))
        return None if "ended" in found else TablePass(found["begun"]["S"], found["reached"]["S"])

    def note(self, current: TablePass, after: str) -> bool:
        """Store how far the pass came. False if another pass has begun since, which replaces this one."""
        values = {":begun": current.begun, ":after": after}
        return self._update("SET reached = :after", "begun = :begun", values) is None

    def end(self, current: TablePass, now: datetime) -> None:
        """Store that the pass has handled every lead."""
        self._update("SET ended = :now", "begun = :begun", {":begun": current.begun, ":now": iso(now)})

    def _update(self, change: str, condition: str, values: dict[str, str]) -> dict[str, Any] | None:
        """Update the item. None if that was done; the item as it is if the condition does not hold."""
        conditional = {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_KEY,
                UpdateExpression=change,
                ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
                **(conditional if condition else {}),
            )
        except Exception as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            return response_of(error).get("Item") or {}
        return None
