"""The pace that all workers share: a table item in which each reserves slots, by compare-and-set.

`pk = PACE`, `sk = SES`: `version`, and in `book` the pace, SES's limits as last read, and when they were
asked for. It has its own partition, so that IAM can let the worker write to it and to leads alone.

A container keeps the book it last saw. A reservation without a competitor is one write and no read; if
another worker wrote first, the refusal returns the newer book. Every change is a pure function of the book.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aws.account import Account
from aws.errors import code_of
from leads import pace
from leads.pace import HORIZON, Allowance, Limits, Pace

PACE, SES = "PACE", "SES"

#: How often SES is asked for its limits, by the first worker that comes; and how soon while no limits are
#: known, or after SES throttled us (GetAccount itself allows one call a second). If nobody asked for an hour,
#: SES is asked before a slot is given.
ASKED_EVERY, ASKED_AGAIN, _OUTDATED = timedelta(minutes=15), timedelta(seconds=30), timedelta(hours=1)

#: How long `booked` uses the book that it read.
_LOOKED_EVERY = timedelta(minutes=1)

#: A hundred workers at once each get a slot within a few tries. The pauses between two tries are in seconds.
_TRIES, _PAUSE, _LONGEST_PAUSE = 40, 0.01, 0.5

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Book:
    """What the item holds. `allowance` is None until SES has answered once."""

    pace: Pace = field(default_factory=Pace)
    allowance: Allowance | None = None
    asked: datetime = _NEVER


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """What the deployer set: the drip's mails a second (0: our share of SES's), a new domain's first day."""

    send_rate: float = 0
    warm_up_since: date | None = None


class Contended(Exception):
    """Too many workers wanted a slot at once. SQS delivers the message again."""


class Pacer:
    """One container's view of the shared book, through a boto3 DynamoDB client.

    `ask` reads the SES account, None if it cannot be read. `random` gives 0 to 1 for the pauses.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        ask: Callable[[], Account | None],
        limits: SendingLimits,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        random: Callable[[], float],
    ):
        self._client = client
        self._table = table
        self._ask = ask
        self._limits = limits
        self._now = now
        self._sleep = sleep
        self._random = random
        self._seen: tuple[int, Book] = 0, Book()
        self._looked: tuple[datetime, Book] = _NEVER, Book()

    def reserve(self, lane: str, count: int) -> tuple[datetime, ...]:
        """Reserve up to `count` slots of a lane within `HORIZON`. Raises Contended if every try fails.

        If SES is to be asked for its limits again, the same write notes that; if the limits are out of date,
        SES is asked first.
        """
        if self._now() - self._seen[1].asked >= _OUTDATED and self._change(self._note_asking):
            self._refresh_limits()
        slots: tuple[datetime, ...] = ()
        asking = False

        def book_slots(book: Book) -> Book:
            nonlocal slots, asking
            asking = self._is_stale(book)
            now, limits = self._now(), self._limits_now(book)
            slots, taken = pace.reserve(book.pace, lane, count, now, limits, now + HORIZON)
            return replace(self._note_asking(book), pace=taken)

        self._change(book_slots)
        if asking:
            self._refresh_limits()
        return slots

    def next_free(self, lane: str) -> datetime:
        """The lane's next slot by the book last seen, for a mail that got none."""
        book = self._seen[1]
        return pace.next_free(book.pace, lane, self._now(), self._limits_now(book))

    def hold(self, lane: str, times: int) -> None:
        """Delay the lane by `times` seconds, as SES throttled it so often, and ask for the limits soon."""

        def delay(book: Book) -> Book:
            soon = self._now() - ASKED_EVERY + ASKED_AGAIN
            held = pace.hold(book.pace, lane, self._now(), timedelta(seconds=times))
            return replace(book, pace=held, asked=min(book.asked, soon))

        self._change(delay)

    def booked(self, lane: str) -> timedelta:
        """How far ahead the lane is booked, by a read of the item that is used for a minute."""
        if self._now() - self._looked[0] >= _LOOKED_EVERY:
            self._looked = self._now(), read_book(self._client, self._table)
        book = self._looked[1]
        return pace.booked(book.pace, lane, self._now(), self._limits_now(book))

    def _limits_now(self, book: Book) -> Limits:
        return pace.limits_of(book.allowance, self._limits.send_rate, self._limits.warm_up_since)

    def _refresh_limits(self) -> None:
        """Ask SES for its limits. Only the worker that noted the time of asking calls this."""
        account = self._ask()
        if account is not None:
            self._change(lambda book: self._note_account(book, account))

    def _is_stale(self, book: Book) -> bool:
        every = ASKED_AGAIN if book.allowance is None else ASKED_EVERY
        return self._now() - book.asked >= every

    def _note_asking(self, book: Book) -> Book:
        return replace(book, asked=self._now()) if self._is_stale(book) else book

    def _note_account(self, book: Book, account: Account) -> Book:
        seen = pace.observe(book.pace, self._now(), account.sent)
        return replace(book, pace=seen, allowance=account.allowance)

    def _change(self, change: Callable[[Book], Book]) -> bool:
        """Write what `change` makes of the current book; False if that is the same book.

        Raises Contended if every try fails.
        """
        for tried in range(_TRIES):
            version, book = self._seen
            changed = change(book)
            if changed == book:
                return False
            if self._put(version, changed):
                return True
            # The first refusal of a new container only tells it the book: it has no competitor, so no pause.
            if version:
                self._sleep(self._random() * min(_LONGEST_PAUSE, _PAUSE * 2**tried))
        raise Contended(f"no slot after {_TRIES} tries")

    def _put(self, version: int, book: Book) -> bool:
        """Write the book if the item still has `version`; else take over the newer book and return False.

        If the answer to our write was lost and the SDK repeated it, our write looks like another worker's:
        its slots stay unused, which is safe.
        """
        unchanged = "version = :seen" if version else "attribute_not_exists(pk)"
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_KEY,
                UpdateExpression="SET version = :next, book = :book",
                ConditionExpression=unchanged,
                ExpressionAttributeValues={
                    ":next": {"N": str(version + 1)},
                    ":book": {"S": book_to_json(book)},
                    **({":seen": {"N": str(version)}} if version else {}),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Exception as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            found = error.response.get("Item")  # type: ignore[attr-defined]
            self._seen = book_of(found) if found else (0, Book())
            return False
        self._seen = version + 1, book
        return True


_KEY = {"pk": {"S": PACE}, "sk": {"S": SES}}


def read_book(client: Any, table: str) -> Book:
    """Read the book; an empty one if there is no item yet."""
    found = client.get_item(TableName=table, Key=_KEY).get("Item")
    return book_of(found)[1] if found else Book()


def book_of(item: dict[str, Any]) -> tuple[int, Book]:
    """The version and the book of an item."""
    raw = json.loads(item["book"]["S"])
    hours = {int(hour): count for hour, count in raw["hours"].items()}
    allowance = Allowance(raw["rate"], raw["quota"]) if "rate" in raw else None
    slots = Pace(raw["first"], raw["drip"], raw["alone"], hours)
    return int(item["version"]["N"]), Book(slots, allowance, datetime.fromtimestamp(raw["asked"], UTC))


def book_to_json(book: Book) -> str:
    """Compact: an item of up to 1 KB is one write unit, and the hours of two days fit in."""
    slots = book.pace
    raw = {
        "first": slots.first,
        "drip": slots.drip,
        "alone": slots.alone,
        "hours": slots.hours,
        "asked": int(book.asked.timestamp()),
    }
    known = {"rate": book.allowance.rate, "quota": book.allowance.quota} if book.allowance else {}
    return json.dumps(raw | known, separators=(",", ":"))
