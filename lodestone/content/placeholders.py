"""Compiles the placeholders of mails: `{{ first_name | default("there") }}`.

The functions that send a mail have no template engine, so a placeholder is a name, filters of `placeholders.FILTERS`
and a default: nothing else. Jinja's own parser reads them, so quotes and spaces behave as in the page templates.
Code spans and fenced code stay as they are; elsewhere `{{ "{{" }}` writes two braces.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from leads import placeholders
from lodestone.content.code import blank_code
from lodestone.content.edits import Edited, replace_stretches

if TYPE_CHECKING:  # Jinja is slow to import
    from jinja2 import nodes

#: Not `{#pricing}`, the name of a counted link (`lodestone.markdown.mail_links`), though Jinja's comments begin so.
_BRACES = re.compile(
    r"""\{\{(?:[^"'{}]|"[^"]*"|'[^']*'|\{(?!\{)|\}(?!\}))*\}\}|\{\{|\{%[^%\n]*%\}|\{%|\{#(?![^#{}\n]*\})"""
)
_ALLOWED = 'a placeholder is a name, with filters behind it: `{{ first_name | default("there") }}`'

#: A problem with a placeholder: offset and length in the text, message, help.
Trouble = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class WrittenPlaceholder:
    """What stands between braces in a text: a placeholder, or a quoted constant's `text`, or `trouble` (message, help).

    `has_default` is true for `default("")` as well: the author chose it.
    """

    offset: int
    source: str
    placeholder: placeholders.Placeholder | None = None
    has_default: bool = False
    text: str = ""
    trouble: tuple[str, str] | None = None


class _PlaceholderError(Exception):
    def __init__(self, message: str, help: str = _ALLOWED):
        super().__init__(message)
        self.message, self.help = message, help


def compile_placeholders(text: str) -> tuple[str, dict[str, placeholders.Placeholder], list[Trouble]]:
    """Put a mark in the place of each placeholder: the text, each mark's placeholder, and what cannot be read.

    Marks are named "0", "1", …; equal placeholders share one. A placeholder that cannot be read stays as it is.
    """
    marked, found, troubles = mark_placeholders(text)
    return marked.text, found, troubles


def mark_placeholders(text: str) -> tuple[Edited, dict[str, placeholders.Placeholder], list[Trouble]]:
    """As `compile_placeholders`, with the positions of the marks in the author's text."""
    names: dict[placeholders.Placeholder, str] = {}
    stretches, troubles = [], []
    for found in find_placeholders(text):
        if found.trouble:
            troubles.append((found.offset, len(found.source), *found.trouble))
            continue
        written = (
            placeholders.mark(names.setdefault(found.placeholder, str(len(names))))
            if found.placeholder
            else found.text
        )
        stretches.append((found.offset, found.offset + len(found.source), written))
    return (
        replace_stretches(text, stretches),
        {name: placeholder for placeholder, name in names.items()},
        troubles,
    )


def find_placeholders(text: str) -> list[WrittenPlaceholder]:
    """Everything in braces outside code, in order."""
    if "{" not in text:
        return []
    return [_found(match.start(), match[0]) for match in _BRACES.finditer(blank_code(text))]


def _found(offset: int, source: str) -> WrittenPlaceholder:
    try:
        read = _read(source)
    except _PlaceholderError as refused:
        return WrittenPlaceholder(offset, source, trouble=(refused.message, refused.help))
    if isinstance(read, str):
        return WrittenPlaceholder(offset, source, text=read)
    return WrittenPlaceholder(offset, source, *read)


@cache
def _read(source: str) -> tuple[placeholders.Placeholder, bool] | str:
    """A placeholder and whether it has a default; or the text that a quoted constant stands for."""
    if source[:2] in ("{%", "{#"):
        raise _PlaceholderError(
            f"`{source}` has no meaning in a mail", f"conditions are not possible; {_ALLOWED}"
        )
    if source == "{{":
        raise _PlaceholderError(
            "this `{{` is never closed", 'close it with `}}`; to show two braces write `{{ "{{" }}`'
        )
    from jinja2 import nodes

    expression: nodes.Expr | None = _parse(source)
    if isinstance(expression, nodes.Const) and isinstance(expression.value, str):
        return expression.value
    filters: list[nodes.Filter] = []
    while isinstance(expression, nodes.Filter):
        filters.insert(0, expression)
        expression = expression.node
    if not isinstance(expression, nodes.Name):
        raise _PlaceholderError(f"`{source}` is more than a placeholder can do", _help_for(source))
    return _slot(expression.name, filters)


def _parse(source: str) -> "nodes.Expr":
    from jinja2 import Environment, TemplateSyntaxError, nodes

    if not source[2:-2].strip():
        raise _PlaceholderError("this placeholder is empty")
    try:
        output = Environment(autoescape=False).parse(source).body[0]
    except TemplateSyntaxError:
        raise _PlaceholderError(f"`{source}` cannot be read", _help_for(source)) from None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise _PlaceholderError(f"`{source}` is more than a placeholder can do")
    return output.nodes[0]


def _help_for(source: str) -> str:
    """The help for a placeholder that cannot be read; `{{ first name }}` and `{{ first-name }}` have their own."""
    words = re.fullmatch(r"\w+(?:[ -]\w+)+", source[2:-2].strip())
    meant = re.sub(r"[ -]", "_", words[0]) if words else ""
    return f"did you mean `{{{{ {meant} }}}}`? {_ALLOWED}" if meant else _ALLOWED


def _slot(name: str, filters: "list[nodes.Filter]") -> tuple[placeholders.Placeholder, bool]:
    default, has_default = "", False
    names: list[str] = []
    for each in filters:
        if each.name in ("default", "d"):
            if names:
                raise _PlaceholderError(
                    "`default` stands behind another filter",
                    f'write it first, and as it shall read: `{{{{ {name} | default("…") | {names[0]} }}}}`',
                )
            default, has_default = _default(each), True
        else:
            names.append(_filter(each))
    return placeholders.Placeholder(name, default, tuple(names)), has_default


def _default(filter_node: "nodes.Filter") -> str:
    from jinja2 import nodes

    arguments = filter_node.args
    if len(arguments) != 1 or filter_node.kwargs or not isinstance(arguments[0], nodes.Const):
        raise _PlaceholderError("`default` takes one text in quotes", 'write `default("there")`')
    return str(arguments[0].value)


def _filter(filter_node: "nodes.Filter") -> str:
    name = filter_node.name
    if name not in placeholders.FILTERS:
        known = [*placeholders.FILTERS, "default"]
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean `{near[0]}`? " if near else ""
        raise _PlaceholderError(f"unknown filter `{name}`", f"{meant}filters: {', '.join(sorted(known))}")
    if filter_node.args or filter_node.kwargs:
        raise _PlaceholderError(f"the filter `{name}` takes nothing in parentheses", f"write `| {name}`")
    return name
