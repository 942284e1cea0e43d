"""Compiled templates: the build writes text with placeholders once, and a function fills them for each lead.

The build compiles a mail or a page to a tuple of *parts*: literal strings and `Placeholder`s. Filling them is
a join, so the functions need no template engine. A value can never become markup: every value is escaped
unless it is `Html`, which only our own code makes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import quote

#: Enclose a placeholder's name in rendered text. Private-use characters survive Markdown, Jinja and CSS inlining.
OPEN, CLOSE = "\ue000", "\ue001"


class Html(str):
    """Markup that our own code wrote. It is not escaped."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder: the value's name, the default for a missing or blank value, and the filters in order."""

    name: str
    default: str = ""
    filters: tuple[str, ...] = ()


Part = str | Placeholder
Parts = tuple[Part, ...]

#: The filters that an author may use, besides `default("…")`.
FILTERS: Mapping[str, Callable[[str], str]] = {
    "capitalize": lambda value: value[:1].upper() + value[1:],
    "lower": str.lower,
    "title": str.title,
    "trim": str.strip,
    "upper": str.upper,
    "urlencode": lambda value: quote(value, safe=""),
}


def mark(name: str) -> str:
    """The text that stands for a placeholder while a page is rendered; `split` finds it again."""
    return f"{OPEN}{name}{CLOSE}"


def split(text: str, placeholders: Mapping[str, Placeholder] | None = None) -> Parts:
    """Cut rendered text at its marks. A mark names one of `placeholders`, else a placeholder without default.

    Templates escape what they print, so a name with an option's value in it (`checked:use:R&D`) is read back.
    """
    parts: list[Part] = []
    for index, piece in enumerate(text.split(OPEN)):
        if index == 0:
            literal = piece
        else:
            name, _, literal = piece.partition(CLOSE)
            parts.append((placeholders or {}).get(name) or Placeholder(unescape(name)))
        if literal:
            parts.append(literal)
    return tuple(parts)


def fill(parts: Iterable[Part], values: Mapping[str, str], *, html: bool) -> str:
    """Join the parts with the values in their places: escaped for HTML, or as they are for plain text."""
    return "".join(part if isinstance(part, str) else _filled(part, values, html) for part in parts)


def _filled(placeholder: Placeholder, values: Mapping[str, str], html: bool) -> str:
    value = values.get(placeholder.name) or ""
    if isinstance(value, Html):
        return value
    value = value if value.strip() else placeholder.default
    for name in placeholder.filters:
        value = FILTERS[name](value)
    return escape(value, quote=True) if html else value


def encode(parts: Iterable[Part]) -> list[Any]:
    """Parts as JSON: a string stays one, a placeholder becomes `[name, default, filters]`."""
    return [p if isinstance(p, str) else [p.name, p.default, list(p.filters)] for p in parts]


def decode(raw: Iterable[Any]) -> Parts:
    """The inverse of `encode`."""
    return tuple(p if isinstance(p, str) else Placeholder(p[0], p[1], tuple(p[2])) for p in raw)
