"""Which lines belong to a block of Markdown, and what of each line is its own."""

import re

from lodestone.markdown.block_shapes import (
    DELIMITER_ROW,
    ITEM,
    Inner,
    cells_of,
    indent_of,
    interrupts_paragraph,
)


def closes_fence(line: str, mark: str) -> bool:
    text = line.strip()
    return indent_of(line) < 4 and text.startswith(mark) and not text.strip(mark[0])


def joined(lines: list[str]) -> str:
    """A paragraph's lines: indentation goes, two spaces at the end (a hard break) stay."""
    kept = [line.lstrip() if line.endswith("  ") else line.strip() for line in lines]
    return "\n".join(kept).rstrip()


def is_table(lines: list[str], at: int) -> bool:
    """A row of cells above a row of dashes with as many."""
    if at + 1 >= len(lines) or "-" not in lines[at + 1] or not DELIMITER_ROW.match(lines[at + 1]):
        return False
    if "|" not in lines[at] and "|" not in lines[at + 1]:
        return False
    return len(cells_of(lines[at])) == len(cells_of(lines[at + 1]))


def indented_lines(lines: list[str], at: int, width: int, first: str) -> tuple[list[str], int]:
    """The lines that belong to a container by their indentation, or by continuing its paragraph."""
    inner = Inner(first)
    end = at
    while end < len(lines):
        line = lines[end]
        if not line.strip() or indent_of(line) >= width:
            inner.append(line[width:])
        elif interrupts_paragraph(line) or not inner.ends_in_paragraph():
            break
        else:
            inner.append(line)
        end += 1
    return _without_trailing_blanks(inner, end)


def item_lines(lines: list[str], at: int, item: re.Match[str]) -> tuple[list[str], int]:
    """A list item's lines, and the position after its last line that is not blank."""
    text = lines[at][item.end() :]
    spaces = len(item[3])
    if not text or spaces > 4:
        spaces, text = 1, " " * (spaces - 1) + text
    width = len(item[1]) + len(item[2]) + spaces
    if not text.strip() and at + 1 < len(lines) and not lines[at + 1].strip():
        return [""], at + 1
    inner, end = Inner(text), at + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip() or indent_of(line) >= width:
            inner.append(line[width:])
        elif ITEM.match(line) or interrupts_paragraph(line) or not inner.ends_in_paragraph():
            break
        else:
            inner.append(line.lstrip())
        end += 1
    return _without_trailing_blanks(inner, end)


def _without_trailing_blanks(inner: list[str], end: int) -> tuple[list[str], int]:
    """Drop blank lines at the end, but never the first line: it opened the container."""
    while len(inner) > 1 and not inner[-1].strip():
        inner.pop()
        end -= 1
    return inner, end
