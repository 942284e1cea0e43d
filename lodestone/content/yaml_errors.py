"""YAML's syntax errors in an author's words: where, what, and what to write instead."""

import re

import yaml
from yaml.error import MarkedYAMLError

from lodestone.content.model import Mark

_QUOTE = "put the value in quotes"
_KEY_LINE = re.compile(r"^(\s*(?:- )?[\w-]+:\s+)(\S.*)$")


def explain(error: yaml.YAMLError, source: str) -> tuple[Mark, str, str]:
    """The mark within `source`, the message and the help for an error of PyYAML."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return _unprintable(error, source)
    problem_mark = error.problem_mark
    lines = source.split("\n")
    line = min(problem_mark.line, len(lines) - 1)
    mark = Mark(line + 1, problem_mark.column + 1)
    return _explained(str(error.problem or ""), str(error.context or ""), mark, lines, error)


def _explained(
    problem: str, context: str, mark: Mark, lines: list[str], error: MarkedYAMLError
) -> tuple[Mark, str, str]:
    text = lines[mark.line - 1]
    char = text[mark.column - 1 : mark.column]
    start = error.context_mark
    if "mapping values are not allowed" in problem:
        return _stray_colon(mark, lines)
    if char == "\t":
        return mark, "a tab indents this line", "YAML takes spaces only: indent with two spaces"
    if start and "quoted scalar" in context and "end of stream" in problem:
        place = Mark(start.line + 1, start.column + 1)
        return place, "this quotation mark is never closed", "close it at the end of the value"
    if "escape character" in problem:
        return (
            mark,
            "a backslash means something else in double quotes",
            "write it twice, or use single quotes",
        )
    if (
        "cannot start any token" in problem
        or "scanning an alias" in context
        or "scanning an anchor" in context
    ):
        place = Mark(start.line + 1, start.column + 1) if start else mark
        return _whole_value(place, lines, "a value cannot begin with `{}`")
    if "undefined alias" in problem:
        return _whole_value(mark, lines, "a value cannot begin with `{}`")
    return _structure(problem, context, mark, lines, error)


def _structure(
    problem: str, context: str, mark: Mark, lines: list[str], error: MarkedYAMLError
) -> tuple[Mark, str, str]:
    start = error.context_mark
    value = _KEY_LINE.match(lines[mark.line - 1])
    if value and value[2][0] in "\"'{[" and mark.column > len(value[1]) + 1:
        return _whole_value(Mark(mark.line, len(value[1]) + 1), lines, "this value goes on behind its `{}`")
    if "could not find expected ':'" in problem and start:
        text = lines[start.line]
        place = Mark(start.line + 1, start.column + 1, max(1, len(text.strip())))
        return (
            place,
            "this line has no `: ` behind a key",
            "write `key: value`, or indent what belongs to the line above",
        )
    if "flow" in context and start:
        place, bracket = _open_bracket(start, lines)
        return place, f"this `{bracket}` is never closed", f"close it, or {_QUOTE}"
    if "block sequence entries" in problem:
        return mark, "a list cannot begin on its key's line", "begin it on the next line: `- first item`"
    if "found another document" in problem:
        return mark, "there is a second `---`", "a file holds its keys between two lines `---`"
    if "did not find expected" in problem:
        help = "keys that belong together begin in the same column, and so do the `- ` of a list"
        return mark, "this line does not line up with the lines above", help
    return mark, f"YAML cannot read this: {problem or error}", f"{_QUOTE}, and check the indentation"


def _open_bracket(start: yaml.Mark, lines: list[str]) -> tuple[Mark, str]:
    """The innermost bracket that is open at a mark: the mark's own, else the one before it.

    Where nothing follows the bracket, YAML's mark lies behind the last line.
    """
    opened: list[tuple[Mark, str]] = []
    for number, line in enumerate(lines[: start.line + 1]):
        for found in re.finditer(r"[][{}]", line):
            if (number, found.start()) > (start.line, start.column):
                break
            if found[0] in "[{":
                opened.append((Mark(number + 1, found.start() + 1), found[0]))
            elif opened:
                opened.pop()
    return opened[-1] if opened else (Mark(min(start.line + 1, len(lines)), 1), "[")


def _stray_colon(mark: Mark, lines: list[str]) -> tuple[Mark, str, str]:
    text = lines[mark.line - 1]
    value = _KEY_LINE.match(text)
    if value and mark.column > len(value[1]):
        quoted = '"' + value[2].rstrip().replace("\\", "\\\\").replace('"', '\\"') + '"'
        help = f"{_QUOTE}: `{value[1].strip()} {quoted}`"
        return mark, "a value that contains `: ` must stand in quotes", help
    help = "write `key: value` on every line, and begin keys that belong together in the same column"
    return (
        Mark(mark.line, len(text) - len(text.lstrip()) + 1, max(1, len(text.strip()))),
        ("this line does not fit under the line above"),
        help,
    )


def _whole_value(mark: Mark, lines: list[str], message: str) -> tuple[Mark, str, str]:
    text = lines[mark.line - 1].rstrip()
    value = text[mark.column - 1 :]
    quote = "'" if '"' in value else '"'
    help = f"{_QUOTE}: `{quote}{value}{quote}`"
    if quote in value:
        help = f"{_QUOTE}, or write it below `|` on lines of its own"
    return Mark(mark.line, mark.column, max(1, len(value))), message.format(value[:1]), help


def _unprintable(error: yaml.YAMLError, source: str) -> tuple[Mark, str, str]:
    """Find the control character behind an error of PyYAML's reader, which has no mark."""
    found = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", source)
    offset = found.start() if found else 0
    line = source.count("\n", 0, offset)
    column = offset - (source.rfind("\n", 0, offset) + 1) + 1
    code = f" (U+{ord(source[offset]):04X})" if found else ""
    return Mark(line + 1, column), f"an invisible control character{code} stands here", "delete it"
