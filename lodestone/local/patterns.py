"""EventBridge event patterns: the syntax of rules and of the filters of Lambda's event sources.

See "Comparison operators" in the Amazon EventBridge user guide. Each leaf of a pattern is a list, one value of which
must match; a nested mapping must match as a whole.
"""

from collections.abc import Callable, Mapping
from typing import Any

_MISSING = object()

_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Whether an event fits a pattern. Raises ValueError if an operator is not known."""
    if not isinstance(event, Mapping):
        return False
    return all(_key_matches(key, wanted, event) for key, wanted in pattern.items())


def _key_matches(key: str, wanted: Any, event: Mapping[str, Any]) -> bool:
    if key == "$or":
        return any(matches(each, event) for each in wanted)
    value = event.get(key, _MISSING)
    if isinstance(wanted, Mapping):
        return matches(wanted, value if value is not _MISSING else {})
    values = value if isinstance(value, list) else [value]
    return any(_condition_holds(condition, each) for condition in wanted for each in values)


def _condition_holds(condition: Any, value: Any) -> bool:
    if not isinstance(condition, Mapping):
        return value is not _MISSING and type(value) is type(condition) and value == condition
    ((operator, operand),) = condition.items()
    if operator == "exists":
        return (value is not _MISSING) == operand
    if value is _MISSING:
        return False
    try:
        return _OPERATORS[operator](operand, value)
    except KeyError:
        raise ValueError(f"unknown operator `{operator}` in an event pattern") from None


def _anything_but(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        return not _condition_holds(operand, value)
    return value not in (operand if isinstance(operand, list) else [operand])


def _numeric(operand: list[Any], value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    pairs = zip(operand[::2], operand[1::2], strict=True)
    return all(_ORDER[sign](value, limit) for sign, limit in pairs)


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda operand, value: isinstance(value, str) and value.startswith(operand),
    "suffix": lambda operand, value: isinstance(value, str) and value.endswith(operand),
    "equals-ignore-case": lambda operand, value: isinstance(value, str) and value.lower() == operand.lower(),
    "anything-but": _anything_but,
    "numeric": _numeric,
}
