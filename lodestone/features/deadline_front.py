"""The keys of the front matter that a magnet with a deadline has."""

from typing import Annotated

from pydantic import Field, StringConstraints

from lodestone.content.endings import OfferEnd
from lodestone.content.prices import Price
from lodestone.content.schema import Line, Strict, Text
from lodestone.content.times import Duration


class ExtendedFront(Strict):
    """The end that was announced before, and why it was put off: both are printed on the page."""

    was: OfferEnd
    reason: Annotated[Line, Field(max_length=200)]


class PriceFront(Strict):
    """The price, that after the end, and, where a former one is shown, the lowest of the last 30 days."""

    now: Price
    later: Price | None = None
    was: Price | None = None
    lowest_30_days: Price | None = None


class DeadlineFront(Strict):
    """The keys that a magnet with a deadline has."""

    ends: OfferEnd | None = None
    window: Duration | None = None
    extended: ExtendedFront | None = None
    offer: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)] | None = None
    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{3,40}$")] | None = None
    codes: Line | None = None  # a file: one code a line
    low_stock: Annotated[int, Field(ge=0, le=10_000)] = 5
    shop: Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=1000)] | None = None
    price: PriceFront | None = None
    afterwards: Text | None = None  # Markdown: what the page says once the offer has ended
