"""Validates front matter with pydantic, and reports each error in an author's words."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lodestone.content.model import Document, KeyPath
from lodestone.content.places import key_place, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import LIST, MAPPING, TEXT

Front = TypeVar("Front", bound=BaseModel)

#: The name of a YAML value in messages, by the Python type it was read as.
_FOUND = {str: "text", list: "a list", dict: "keys and values", type(None): "nothing"}
_LIST_HELP = "write each entry on a line of its own, behind `- `"


def validate(
    model: type[Front], doc: Document, problems: Problems, *, unknown_keys: bool = True
) -> Front | None:
    """Return the front matter as `model`; if it is invalid, None, and add a problem for each error.

    `unknown_keys=False` does not report unknown keys: while the kind is unknown, so is the right schema.
    """
    try:
        return model.model_validate(doc.meta)
    except ValidationError as error:
        reporter = _ErrorReporter(model, doc, problems)
        reporter.report(error.errors(include_url=False), unknown_keys)
        return None


def did_you_mean(word: str, known: list[str] | tuple[str, ...], listed: str) -> str:
    """A remedy for an unknown word: the nearest one if there is one, then all of them."""
    everything = f"{listed}: {', '.join(known)}"
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`? {everything}" if near else everything


def is_misspelt(key: str, meta: Collection[str]) -> bool:
    """Whether a key is missing, and another is written that it was most likely meant to be."""
    return key not in meta and bool(get_close_matches(key, meta, n=1, cutoff=0.8))


class _ErrorReporter:
    def __init__(self, model: type[BaseModel], doc: Document, problems: Problems):
        self.model, self.doc, self.problems = model, doc, problems

    def report(self, errors: list[ErrorDetails], unknown_keys: bool) -> None:
        located = [(_path(each["loc"]), each) for each in errors]
        misspelt = self._misspelt([path for path, each in located if each["type"] == "extra_forbidden"])
        for path, error in located:
            if error["type"] == "extra_forbidden":
                if unknown_keys:
                    self._unknown_key(path)
            elif error["type"] == "missing":
                if path not in misspelt:
                    self._missing(path)
            else:
                message, help = self._wrong_value(path, error)
                self.problems.add(value_place(self.doc, path), message, help)

    def _misspelt(self, unknown: list[KeyPath]) -> set[KeyPath]:
        """The keys that the unknown ones were meant to be: they are not reported as missing too."""
        near = [
            (path, get_close_matches(str(path[-1]).lower(), self._keys(path[:-1]), n=1)) for path in unknown
        ]
        return {(*path[:-1], match[0]) for path, match in near if match}

    def _keys(self, path: KeyPath) -> list[str]:
        model = _model_at(self.model, path)
        return list(model.model_fields) if model else []

    def _unknown_key(self, path: KeyPath) -> None:
        key = str(path[-1])
        sections = [name for name in self._keys(()) if key in self._keys((name,))] if len(path) == 1 else []
        if sections:
            help = f"`{key}` belongs under `{sections[0]}:`, indented by two spaces"
        else:
            help = did_you_mean(key, self._keys(path[:-1]), "keys here" if path[:-1] else "keys")
        self.problems.add(key_place(self.doc, path), f"unknown key `{key}`", help)

    def _missing(self, path: KeyPath) -> None:
        key, parent = path[-1], path[:-1]
        if path in self.doc.key_marks:
            help = _missing_help(path) or f"write something behind `{key}:`"
            self.problems.add(key_place(self.doc, path), f"`{key}` is empty", help)
            return
        owner = _name(parent)
        where = f" {owner}" if parent else ""
        self.problems.add(
            key_place(self.doc, parent),
            f"`{key}` is missing{where}",
            _missing_help(path) or f"add `{key}: …`",
        )

    def _wrong_value(self, path: KeyPath, error: ErrorDetails) -> tuple[str, str]:
        name, found, ctx = _name(path, of=True), error["input"], error.get("ctx", {})
        kind = error["type"]
        if kind == "value_error":
            return f"{name} cannot be `{_short(found)}`", str(ctx["error"])
        if kind == "literal_error":
            choices = re.findall(r"'([^']*)'", ctx["expected"])
            return f"{name} cannot be `{_short(found)}`", did_you_mean(str(found), choices, "choices")
        if found is None or kind in ("string_too_short", "too_short"):
            return f"{name} is empty", "write something, or delete the line"
        if kind == "string_too_long":
            length = len(found.strip())
            return f"{name} has {length} characters", f"at most {ctx['max_length']} fit; shorten it"
        if kind in ("greater_than_equal", "less_than_equal"):
            return f"{name} cannot be {found}", f"it must be {_LIMITS[kind]} {ctx.get('ge', ctx.get('le'))}"
        expected, help = self._expected(kind, path)
        saw = f"`{_short(found)}`" if isinstance(found, str) and kind in _SCALARS else _FOUND[type(found)]
        return f"{name}: expected {expected}, found {saw}", help

    def _expected(self, kind: str, path: KeyPath) -> tuple[str, str]:
        if kind == "list_type":
            return "a list", _LIST_HELP
        if kind in ("model_type", "dict_type"):
            keys = ", ".join(self._keys(path)) or "a name, a colon, a value"
            return "keys and values", f"write them below it, indented: {keys}"
        return _SCALARS.get(kind, ("text", "write it on one line, without `- `; in quotes if it holds `: `"))


_SCALARS = {
    "bool_parsing": ("`true` or `false`", "write `true` or `false`"),
    "int_parsing": ("a whole number", "write digits only"),
    "decimal_parsing": ("a number", "write digits, with a point where one is due: `500`, `19.90`"),
}
_LIMITS = {"greater_than_equal": "at least", "less_than_equal": "at most"}


def _missing_help(path: KeyPath) -> str:
    """What to write behind a key that is missing or empty; "" where nothing more can be said."""
    return _PICTURE_WORDS if path[1:] == ("alt",) else _MISSING_HELP.get(path, "")


_PICTURE_WORDS = "say what the picture shows, for those who cannot see it: `alt: …`"
_MISSING_HELP: dict[KeyPath, str] = {
    ("postal_address",): "the law wants the sender's postal address in every mail: `postal_address: …`",
    ("sender",): "mails need a sender: add `sender:` with `name: …` and `email: …` below it, indented",
    ("base_url",): "links in mails need the site's address: add `base_url: https://www.example.com`",
    ("kind",): "say what is offered: `kind: ebook`",
    ("summary",): "one or two sentences that a search result shows: add `summary: …`",
}


def _path(loc: KeyPath) -> KeyPath:
    """Drop from pydantic's location the tags of a value's forms (`TEXT`, `MAPPING`, `LIST`)."""
    return tuple(part for part in loc if part not in (TEXT, MAPPING, LIST))


def _model_at(model: type[BaseModel], path: KeyPath) -> type[BaseModel] | None:
    for part in path:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        found = _model_in(field.annotation) if field else None
        if found is None:
            return None
        model = found
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)


def _name(path: KeyPath, *, of: bool = False) -> str:
    """What a path is called in a sentence: its key, or the list it is an entry of."""
    if not path:
        return ""
    if isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of `{path[-2]}`" if of else f"in entry {path[-1] + 1} of `{path[-2]}`"
    return f"`{path[-1]}`" if of else f"under `{path[-1]}`"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:39]}…"
