"""Reads YAML front matter with the position of every key and value.

Scalars stay the text their author wrote: `title: 2024` is the title "2024", `name: no` is the name "no". The
schema turns text into numbers, booleans and durations where it wants them; YAML's type rules are not used.
An empty value counts as not written.
"""

from pathlib import Path
from typing import Any, TypeGuard

import yaml

from lodestone.content.model import KeyPath, Mark, Marks
from lodestone.content.places import Place
from lodestone.content.problems import Problems
from lodestone.content.yaml_errors import explain

_NULL = "tag:yaml.org,2002:null"
#: libyaml's parser is ten times as fast; PyYAML may be installed without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Line ends for YAML but not for editors: replaced by spaces, so that line numbers agree.
_RARE_LINE_ENDS = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")


def read_mapping(
    path: Path, text: str, source: str, line_offset: int, problems: Problems
) -> tuple[dict[str, Any], Marks, Marks] | None:
    """The mapping in `source`, a stretch of `text` that begins after `line_offset` lines, and its marks."""
    reader = _Reader(path, text.split("\n"), line_offset, problems)
    try:
        node = yaml.compose(source.translate(_RARE_LINE_ENDS), Loader=_LOADER)
    except yaml.YAMLError as error:
        mark, message, help = explain(error, source)
        reader.problem(reader.shifted(mark), message, help)
        return None
    if node is None:
        return {}, {}, {}
    if not isinstance(node, yaml.MappingNode):
        mark = Mark(node.start_mark.line + 1, node.start_mark.column + 1)
        reader.problem(
            reader.shifted(mark), "expected keys and values", "write `key: value`, one on each line"
        )
        return None
    return reader.mapping(node, ()), reader.marks, reader.key_marks


def _is_placeholder(node: yaml.Node) -> TypeGuard[yaml.MappingNode]:
    return isinstance(node, yaml.MappingNode) and any(
        isinstance(key, yaml.MappingNode) for key, _ in node.value
    )


class _Reader:
    """Builds plain dicts and lists from nodes, and records their marks."""

    def __init__(self, path: Path, lines: list[str], line_offset: int, problems: Problems):
        self.path, self.lines, self.line_offset, self.problems = path, lines, line_offset, problems
        self.marks: Marks = {}
        self.key_marks: Marks = {}
        self.open_nodes: list[yaml.Node] = []

    def shifted(self, mark: Mark) -> Mark:
        line = mark.line + self.line_offset
        return Mark(line, mark.column, mark.length, max(mark.end_line + self.line_offset, line))

    def problem(self, mark: Mark, message: str, help: str) -> None:
        source = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        self.problems.add(Place(self.path, mark, source), message, help)

    def mark_of(self, node: yaml.Node) -> Mark:
        """Where a node stands; of a node over several lines the first line's part is underlined."""
        start, end = node.start_mark, node.end_mark
        line = start.line + self.line_offset
        rest = len(self.lines[line].rstrip()) - start.column if line < len(self.lines) else 1
        length = end.column - start.column if end.line == start.line else rest
        end_line = end.line + self.line_offset + (1 if end.column or end.line == start.line else 0)
        return Mark(line + 1, start.column + 1, max(1, length), end_line)

    def unquoted_tag(self, mark: Mark) -> str:
        """Read `when: !clicked`, a tag without a value to YAML, as the text that its author meant."""
        text = self.lines[mark.line - 1][mark.column - 1 :].rstrip()
        quote = "'" if '"' in text else '"'
        self.problem(
            mark, "a value cannot begin with `!`", f"put the value in quotes: `{quote}{text}{quote}`"
        )
        return text

    def unquoted_placeholder(self, node: yaml.MappingNode, mark: Mark) -> str:
        """Read `title: {{ name }}`, a mapping to YAML, as the text that its author meant."""
        text = self.lines[mark.line - 1][mark.column - 1 :].rstrip()
        quote = "'" if '"' in text else '"'
        help = f"put the value in quotes: `{quote}{text}{quote}`"
        self.problem(mark, "a value that begins with `{{` must stand in quotes", help)
        return text

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = self.mark_of(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                help = "put the value in quotes if it begins with `{` or `[`"
                self.problem(mark, "a key must be a word", help)
                continue
            key = key_node.value
            if (*path, key) in self.key_marks:
                first = self.key_marks[(*path, key)].line
                help = f"it stands on line {first} already; keep one of the two"
                self.problem(mark, f"`{key}` is written twice", help)
                continue
            self.key_marks[(*path, key)] = mark
            value = self.value(value_node, (*path, key))
            if value is not None:
                result[key] = value
        return result

    def value(self, node: yaml.Node, path: KeyPath) -> object:
        """Text, list or mapping; None for a value that was left empty."""
        self.marks[path] = self.mark_of(node)
        if node.tag.startswith("!"):
            return self.unquoted_tag(self.marks[path])
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL and not node.style else node.value
        if _is_placeholder(node):
            return self.unquoted_placeholder(node, self.marks[path])
        if node in self.open_nodes:
            self.problem(self.marks[path], "this value contains itself", "write it out, without `&` and `*`")
            return None
        self.open_nodes.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self.mapping(node, path)
            return [self.value(each, (*path, index)) for index, each in enumerate(node.value)]
        finally:
            self.open_nodes.pop()
