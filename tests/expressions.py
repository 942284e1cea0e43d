"""As much of DynamoDB's expressions as our code writes, for the fakes: `SET a = :x REMOVE b`, `a <= :y OR …`."""

import re
from typing import Any

Item = dict[str, Any]


def updated(item: Item, expression: str, values: Item) -> Item:
    """The item as an UpdateItem leaves it."""
    sets, _, removes = expression.removeprefix("SET ").partition(" REMOVE ")
    changes = dict(each.split(" = ") for each in sets.split(", "))
    changed = {**item, **{name: values[value] for name, value in changes.items()}}
    return {name: value for name, value in changed.items() if name not in removes.split(", ")}


def holds(expression: str, item: Item | None, values: Item) -> bool:
    """Whether a condition holds for the item, None where there is none."""
    known = item or {}

    def term(match: re.Match) -> str:
        if match["function"]:
            return str((match["named"] in known) == (match["function"] == "attribute_exists"))
        if match["name"] not in known:
            return "False"
        ((type, is_),), (wanted,) = known[match["name"]].items(), values[match["value"]].values()
        left, right = (int(is_), int(wanted)) if type == "N" else (is_, wanted)
        return str(left == right if match["sign"] == "=" else left <= right)

    terms = r"(?P<function>attribute_\w+)\((?P<named>\w+)\)|(?P<name>\w+) (?P<sign><=|=) (?P<value>:\w+)"
    plain = re.sub(terms, term, expression).replace("AND", "and").replace("OR", "or")
    assert not re.sub(r"True|False|and|or|[() ]", "", plain), f"not understood: {expression}"
    return eval(plain)  # noqa: S307  of the words above alone
