"""What is known of a lead, in a condition: `role is one of ("owner", "partner")`, `budget >= 500`.

A comparison must go with the fact's type, and be possible: an option that the form does not offer is never chosen.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from leads.conditions import plain
from lodestone.content.conditions.tokens import ConditionError, Cursor, Token
from lodestone.content.conditions.vocabulary import Fact, Vocabulary

#: The operator that words or a sign stand for; the longest entry that fits wins.
_OPERATORS: Mapping[tuple[str, ...], str] = {
    ("is", "not", "one", "of"): "not in",
    ("does", "not", "contain"): "lacks",
    ("is", "not", "empty"): "given",
    ("is", "not", "given"): "empty",
    ("is", "one", "of"): "in",
    ("is", "not"): "!=",
    ("is", "empty"): "empty",
    ("is", "given"): "given",
    ("starts", "with"): "starts",
    ("not", "in"): "not in",
    ("contains",): "contains",
    ("before",): "<",
    ("after",): ">",
    ("is",): "=",
    ("in",): "in",
    ("==",): "=",
    ("<>",): "!=",
    **{(sign,): sign for sign in ("=", "!=", "<", "<=", ">", ">=")},
}
_STARTS = frozenset(words[0] for words in _OPERATORS)
_NEGATED = {"!=": "=", "not in": "in", "lacks": "contains", "empty": "given"}
_ORDERED = frozenset(("=", "!=", "<", "<=", ">", ">=", "given", "empty"))
_ONE_OF = frozenset(("=", "!=", "in", "not in", "given", "empty"))
_ALLOWED: Mapping[str, frozenset[str]] = {
    "text": _ONE_OF | {"contains", "lacks", "starts"},
    "choice": _ONE_OF,
    "several": frozenset(("contains", "lacks", "given", "empty")),
    "number": _ORDERED,
    "date": _ORDERED,
    "told": frozenset(("given", "empty")),
    "any": frozenset(_OPERATORS.values()),
}
#: By a fact's type: its description, and examples of comparisons.
_TYPES = {
    "text": ("is a text", '`{0} = "…"`, `{0} is one of ("…", "…")`, `{0} contains "…"`, `{0} is given`'),
    "choice": ("is one of its options", '`{0} = "{1}"`, `{0} is one of ("{1}", …)`, `{0} is given`'),
    "several": ("may hold several answers", '`{0} contains "{1}"`, `{0} is given`'),
    "number": ("is a number", "`{0} >= 500`, `{0} is given`"),
    "date": ("is a date", '`{0} before "2027-01-31"`, `{0} is given`'),
    "told": ("is in the visitor's own words", "`{0} is given`, `{0} is empty`"),
    "any": ("cannot be read", '`{0} = "…"`, `{0} is given`'),
}
#: How many options of a field a message lists.
_MOST_LISTED = 30
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


def operator_at(cursor: Cursor, offset: int) -> tuple[str, ...] | None:
    """The operator `offset` tokens ahead, or None. The `in` of `in 7 days` is no operator."""
    first = cursor.ahead(offset).form
    if first not in _STARTS or (first == "in" and cursor.ahead(offset + 1).written != "("):
        return None
    return max((each for each in _OPERATORS if cursor.is_at(each, offset)), key=len, default=None)


def read_comparison(cursor: Cursor, vocabulary: Vocabulary, fact: Fact) -> list[Any]:
    """Read the comparison of a fact, from its name on. Raises ConditionError if it cannot be read."""
    name = cursor.take()
    words = operator_at(cursor, 0)
    if words is None:
        raise ConditionError(name, f"what about `{name.written}`?", _examples(name, fact))
    first = cursor.take(len(words))
    operator = _OPERATORS[words]
    values = _read_values(cursor, operator)
    if operator not in _ALLOWED[fact.type]:
        message = f"`{' '.join(words)}` does not go with `{name.written}`, which {_TYPES[fact.type][0]}"
        cursor.tell(first, (message, _examples(name, fact)))
        return []
    return _compiled(fact, operator, [_value(cursor, name, fact, each, vocabulary) for each in values])


def _examples(name: Token, fact: Fact) -> str:
    return f"write {_TYPES[fact.type][1].format(name.written, next(iter(fact.options), '…'))}"


def _read_values(cursor: Cursor, operator: str) -> list[Token]:
    if operator in ("given", "empty"):
        return []
    if operator not in ("in", "not in"):
        return [_one_value(cursor)]
    if cursor.here.written != "(":
        raise ConditionError(
            cursor.here, "a list is missing here", 'write the values in parentheses: `("a", "b")`'
        )
    values = []
    while cursor.take().written in ("(", ","):
        values.append(_one_value(cursor))
        if cursor.here.written not in (",", ")"):
            help = "write a `,` between two values, and `)` behind the last; quotes around several words"
            raise ConditionError(cursor.here, "this list of values cannot be read", help)
    return values


def _one_value(cursor: Cursor) -> Token:
    if not cursor.here.is_value:
        raise ConditionError(
            cursor.here, "a value is missing here", 'write a number, or a text in quotes: `"…"`'
        )
    return cursor.take()


def _value(cursor: Cursor, name: Token, fact: Fact, token: Token, vocabulary: Vocabulary) -> str:
    """A value as it is stored; what is wrong with it is told."""
    if fact.options:
        return _option(cursor, name.written, fact, token)
    trouble = None
    if fact.type == "number" and not _NUMBER.fullmatch(token.value):
        trouble = (
            f"`{token.value}` is no number",
            "write digits, with a point where one is due: `500`, `19.90`",
        )
    elif fact.type == "date" and not _is_date(token.value):
        trouble = f"`{token.value}` is no date", 'write year, month and day: `"2027-01-31"`'
    elif token.word in vocabulary.facts:
        trouble = (
            f"`{name.written}` cannot be compared with `{token.word}`",
            "write a text in quotes behind it",
        )
    cursor.tell(token, trouble)
    return token.value


def _option(cursor: Cursor, name: str, fact: Fact, token: Token) -> str:
    stored = {plain(value): value for value in fact.options}
    wanted = plain(token.value)
    if wanted not in stored:
        label = next((value for value, label in fact.options.items() if plain(label) == wanted), None)
        near = get_close_matches(wanted, stored, n=1)
        help = f"options: {_listed(fact.options)}"
        if label:
            help = f"that is what the visitor reads; what is stored is `{label}`"
        elif near:
            help = f"did you mean `{stored[near[0]]}`? {help}"
        cursor.tell(token, (f"`{name}` is never `{token.value}`", help))
    return stored.get(wanted, token.value)


def _listed(options: Iterable[str]) -> str:
    """The options in a line; of very many, such as all countries, the first ones."""
    known = list(options)
    return ", ".join(known) if len(known) <= _MOST_LISTED else f"{', '.join(known[:_MOST_LISTED])}, …"


def _compiled(fact: Fact, operator: str, texts: list[str]) -> list[Any]:
    if operator in _NEGATED:
        return ["not", _compiled(fact, _NEGATED[operator], texts)]
    if operator == "given":
        return ["given", fact.key]
    if fact.type in ("number", "date"):
        return [fact.type, fact.key, operator, *texts]
    test = {"contains": "has" if fact.type == "several" else "contains", "starts": "starts"}.get(
        operator, "is"
    )
    return [test, fact.key, *texts]


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
