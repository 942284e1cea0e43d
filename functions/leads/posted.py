"""What was posted, as a page's form sends it, and what may be wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: What was posted: each key with all of its values.
Posted = Mapping[str, Sequence[str]]

_TICKED = frozenset({"1", "on", "true", "yes"})


@dataclass(frozen=True, slots=True)
class FieldError:
    """One error of the form. `field` is "" if it concerns the form as a whole."""

    field: str
    message: str


def is_ticked(posted: Posted, name: str = "consent") -> bool:
    """Whether the visitor ticked a box: that of the consent, or another."""
    return last(posted, name).lower() in _TICKED


def last(posted: Posted, name: str) -> str:
    """The last value of a key, "" if there is none."""
    values = posted.get(name) or ("",)
    return values[-1]
