"""Blocks of Markdown that hold no others: code, headings, rules, raw HTML, definitions, paragraphs, tables."""

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser

from lodestone.markdown.block_lines import closes_fence, is_table, joined
from lodestone.markdown.block_shapes import (
    FENCE,
    HEADING,
    REFERENCE,
    RULE,
    UNDERLINE,
    alignment_class,
    cells_of,
    html_start,
    indent_of,
    interrupts_paragraph,
)
from lodestone.markdown.source import Mark, SourceLines, SourceText, VerbatimText
from lodestone.markdown.tree import LINE, Link


class LeafBlockParser(BlockParser):
    """Reads such blocks into the tree. A reader gets the lines of a container, the position of the block's first
    line among them, and the number that `lines[0]` has in the source; it gives the position behind the block, or
    None where there is no such block.
    """

    def __init__(self, md: Markdown):
        super().__init__(md)
        self.start("")

    def start(self, text: str) -> None:
        """Begin with a text."""
        self.source = SourceLines(text)
        self.footnotes: dict[str, Element] = {}
        self.definitions: list[Link] = []
        self.depth = 0

    def _add(self, parent: Element, tag: str, line: int, text: str | None = None) -> Element:
        """A block that begins on a line, numbered from 0."""
        block = SubElement(parent, tag, {LINE: str(line + 1)})
        block.text = text
        return block

    def _joined(self, lines: list[str], first: int) -> SourceText:
        """A paragraph's text."""
        marks: list[Mark] = []
        position = 0
        for number, line in enumerate(lines, first):
            own = line.lstrip()
            marks += self.source.marks(number, own, position)
            position += len(own if line.endswith("  ") else own.rstrip()) + 1
        return SourceText(joined(lines), marks)

    def _indented_code(self, parent: Element, lines: list[str], at: int, first: int) -> int:
        end = at
        while end < len(lines) and (indent_of(lines[end]) > 3 or not lines[end].strip()):
            end += 1
        code = "\n".join(line[4:] for line in lines[at:end]).rstrip()
        self._code(parent, code, "", first + at)
        return end

    def _fence(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        opening = FENCE.match(lines[at])
        if not opening:
            return None
        indent, mark = len(opening[1]), opening[2]
        end = at + 1
        while end < len(lines) and not closes_fence(lines[end], mark):
            end += 1
        code = [line[min(indent, indent_of(line)) :] for line in lines[at + 1 : end]]
        self._code(parent, "\n".join(code), opening[3], first + at)
        return end + 1

    def _code(self, parent: Element, code: str, language: str, line: int) -> None:
        self._add(parent, "codeblock", line, VerbatimText(code)).set("language", language)

    def _heading(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        found = HEADING.match(lines[at])
        if not found:
            return None
        text = (found[2] or "").strip()
        start = found.start(2) + len(found[2]) - len(found[2].lstrip()) if text else 0
        marks = self.source.marks(first + at, lines[at][start:])
        self._add(parent, f"h{len(found[1])}", first + at, SourceText(text, marks))
        return at + 1

    def _rule(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        if not RULE.match(lines[at]):
            return None
        self._add(parent, "hr", first + at)
        return at + 1

    def _html(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        found = html_start(lines[at])
        if not found:
            return None
        end = at
        if found[0]:
            while end < len(lines) and not found[0].search(lines[end]):
                end += 1
            end += 1
        else:
            while end < len(lines) and lines[end].strip():
                end += 1
        marks: list[Mark] = []
        position = 0
        for number, line in enumerate(lines[at:end], first + at):
            marks += self.source.marks(number, line, position)
            position += len(line) + 1
        self._add(parent, "rawblock", first + at, VerbatimText("\n".join(lines[at:end]), marks))
        return end

    def _reference(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        found = REFERENCE.match(lines[at])
        if not found:
            return None
        group = 2 if found[2] is not None else 3
        title = next((text for text in found.group(4, 5, 6) if text is not None), "")
        self.md.references.setdefault(" ".join(found[1].split()).lower(), (found[group], title))
        _, offset = self.source.marks(first + at, lines[at][found.start(group) :])[0]
        self.definitions.append(Link("link", found[group], offset, found[1]))
        return at + 1

    def _paragraph(self, parent: Element, lines: list[str], at: int, first: int) -> int:
        end = at
        while end < len(lines):
            line = lines[end]
            if end > at:
                underline = UNDERLINE.match(line)
                if underline:
                    level = 1 if underline[1][0] == "=" else 2
                    self._add(parent, f"h{level}", first + at, self._joined(lines[at:end], first + at))
                    return end + 1
                if interrupts_paragraph(line):
                    break
            if is_table(lines, end):
                if end > at:
                    self._add(parent, "p", first + at, self._joined(lines[at:end], first + at))
                return self._table(parent, lines, end, first)
            end += 1
        self._add(parent, "p", first + at, self._joined(lines[at:end], first + at))
        return end

    def _table(self, parent: Element, lines: list[str], at: int, first: int) -> int:
        """A table in a `div` of its own, which the style sheet lets scroll."""
        box = self._add(parent, "div", first + at)
        box.set("class", "table")
        table = SubElement(box, "table")
        classes = [alignment_class(cell) for cell, _ in cells_of(lines[at + 1])]
        self._row(SubElement(table, "thead"), "th", lines[at], first + at, classes)
        end, body = at + 2, None
        while end < len(lines) and not interrupts_paragraph(lines[end]):
            body = SubElement(table, "tbody") if body is None else body
            self._row(body, "td", lines[end], first + end, classes)
            end += 1
        return end

    def _row(self, parent: Element, tag: str, line: str, number: int, classes: list[str]) -> None:
        row = self._add(parent, "tr", number)
        cells = cells_of(line)
        for index, name in enumerate(classes):
            cell = SubElement(row, tag)
            if name:
                cell.set("class", name)
            if tag == "th":
                cell.set("scope", "col")
            text, start = cells[index] if index < len(cells) else ("", 0)
            cell.text = _without_escapes(SourceText(text, self.source.marks(number, line[start:])))


def _without_escapes(cell: SourceText) -> SourceText:
    """A cell's text with each `\\|` as the pipe that it stands for."""
    pipes = [each.start() for each in re.finditer(r"\\\|", cell)]
    if not pipes:
        return cell
    marks = [(start - sum(pipe < start for pipe in pipes), offset) for start, offset in cell.marks]
    marks += [(pipe - before, cell.offset(pipe + 1)) for before, pipe in enumerate(pipes)]
    return SourceText(cell.replace("\\|", "|"), sorted(marks))
