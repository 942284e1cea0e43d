"""Prices as authors write them: `19 EUR`, `19.50 EUR`. They are decimal numbers, never floats."""

import re
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import PlainValidator

_SHAPE = re.compile(r"(\d{1,9}(?:\.\d{1,2})?)\s*([A-Z]{3})")
_HELP = "write the amount and the currency's three letters: `19 EUR` or `19.50 EUR`"


class Money(NamedTuple):
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """Return the price as people read it: `19 EUR`, `19.50 EUR`."""
        whole = self.amount == self.amount.to_integral_value()
        return f"{self.amount.quantize(Decimal(1) if whole else Decimal('0.01'))} {self.currency}"


def parse_money(value: object) -> Money:
    """Parse `19.50 EUR`. Raises ValueError if it is no such text."""
    match = _SHAPE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError(_HELP)
    return Money(Decimal(match[1]), match[2])


Price = Annotated[Money, PlainValidator(parse_money)]
