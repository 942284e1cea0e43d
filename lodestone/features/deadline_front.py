"""The keys of the front matter that a magnet with a deadline has."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from lodestone.content.endings import OfferEnd
from lodestone.content.prices import Price
from lodestone.content.schema import Line, Strict, Text
from lodestone.content.times import Duration

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[A-Za-z0-9_-]{3,40}")
_ADDRESS = re.compile(r"https://\S+")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("use small letters, digits and single hyphens: `early-bird-2027`")
    return value


def _code(value: str) -> str:
    if not CODE.fullmatch(value):
        raise ValueError("use 3 to 40 letters, digits, `-` and `_`, or write `generated`")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("write the shop's whole address: `https://shop.example.com/notebook`")
    return value


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
    offer: Annotated[Line, Field(max_length=60), AfterValidator(_name)] | None = None  # default: the slug
    code: Annotated[Line, AfterValidator(_code)] | None = None  # one for all, or `generated`
    codes: Line | None = None  # a file: one code a line
    low_stock: Annotated[int, Field(ge=0, le=10_000)] = 5
    shop: Annotated[Text, Field(max_length=1000), AfterValidator(_address)] | None = None
    price: PriceFront | None = None
    afterwards: Text | None = None  # Markdown: what the page says once the offer has ended
