"""The daily repair as one table item: when a round began, how far it came, when it ended.

`pk = RECONCILE`, `sk = ROUND`. A table of millions is more than one invocation can go through, so a round is gone
through in turns: each goes on where the one before it stopped, whatever stopped it. Every turn may be taken twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws.errors import code_of, response_of
from leads.instants import iso

RECONCILE, ROUND = "RECONCILE", "ROUND"

#: A round begins so long after the last one began, once that has ended. A little under a day, so that the hour of
#: the day does not wander.
EVERY = timedelta(hours=23, minutes=50)

_KEY = {"pk": {"S": RECONCILE}, "sk": {"S": ROUND}}


@dataclass(frozen=True, slots=True)
class Round:
    """A round that is under way. `after` is the place of the last lead that it has seen to, "" at its start."""

    begun: str
    after: str = ""


class ReconcileCursor:
    """One table's rounds, through a boto3 DynamoDB client."""

    def __init__(self, client: Any, table: str):
        self._client = client
        self._table = table

    def begin(self, now: datetime) -> Round:
        """A new round, whether or not one is under way: that one gives way."""
        self._update(
            "SET begun = :now, reached = :nowhere REMOVE ended", "", {":now": iso(now), ":nowhere": ""}
        )
        return Round(iso(now))

    def take(self, now: datetime) -> Round | None:
        """The round that is under way, or a new one where it is time for it; None where there is nothing to do."""
        values = {":now": iso(now), ":nowhere": "", ":before": iso(now - EVERY)}
        due = "attribute_not_exists(pk) OR (attribute_exists(ended) AND begun <= :before)"
        found = self._update("SET begun = :now, reached = :nowhere REMOVE ended", due, values)
        if found is None:
            return Round(iso(now))
        return None if "ended" in found else Round(found["begun"]["S"], found["reached"]["S"])

    def note(self, round: Round, after: str) -> bool:
        """How far the round has come. False where another has begun since, which makes this one needless."""
        values = {":begun": round.begun, ":after": after}
        return self._update("SET reached = :after", "begun = :begun", values) is None

    def end(self, round: Round, now: datetime) -> None:
        """The round has seen to every lead."""
        self._update("SET ended = :now", "begun = :begun", {":begun": round.begun, ":now": iso(now)})

    def _update(self, change: str, condition: str, values: dict[str, str]) -> dict[str, Any] | None:
        """None where the change was made, the item as it is where the condition does not hold."""
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
