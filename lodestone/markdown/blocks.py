"""GitHub's block structure for Python-Markdown.

Python-Markdown splits a text on blank lines and wants lists indented by four, which is not how people write for
GitHub. This parser stands in for its block parser and follows GFM's rules: nested lists by the width of their
marker, lists and fences straight after a paragraph, fences in lists, tight and loose lists, lazy continuation,
raw HTML that ends at a blank line. Each block is given its line; the text of each knows its place in the source.
"""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from lodestone.markdown.block_lines import indented_lines, item_lines
from lodestone.markdown.block_shapes import (
    ADMONITION,
    ALERT,
    ITEM,
    NOTE,
    QUOTE,
    RULE,
    Inner,
    indent_of,
    interrupts_paragraph,
)
from lodestone.markdown.leaf_blocks import LeafBlockParser
from lodestone.markdown.source import SourceText, append_text
from lodestone.markdown.tree import LINE

#: The most containers within each other; deeper ones are read as text.
_DEEPEST = 60

#: Blocks that are not HTML elements.
OWN_BLOCKS = ("codeblock", "rawblock", "note", "footnotes", "footnote")

#: Marks a block inside the text of a tight list's item.
TIGHT = "@tight"

_TICK = re.compile(r" *\[([xX ])\] +")


class GitHubBlockParser(LeafBlockParser):
    """Reads blocks into the tree, and the whole text's `footnotes` and `definitions`."""

    def read_text(self, text: str) -> Element:
        """The root of a text, its footnotes as the last child."""
        self.start(text)
        root = Element(self.md.doc_tag)
        self.read(root, self.source.lines, 0)
        if self.footnotes:
            SubElement(root, "footnotes").extend(self.footnotes.values())
        return root

    def read(self, parent: Element, lines: list[str], first: int) -> bool:
        """Add the blocks of `lines` to `parent`; whether blank lines stand between them (a loose list item).

        `first` is the number of their first line in the source, from 0: a container's lines stand there in a row.
        """
        position, is_spaced, is_first, has_gap = 0, False, True, False
        self.depth += 1
        while position < len(lines):
            if not lines[position].strip():
                is_spaced = True
                position += 1
                continue
            has_gap = has_gap or (is_spaced and not is_first)
            is_spaced = is_first = False
            position = self._block(parent, lines, position, first)
        self.depth -= 1
        return has_gap

    def _block(self, parent: Element, lines: list[str], at: int, first: int) -> int:
        """Read the block that begins at a line; the position behind it."""
        line = lines[at]
        if indent_of(line) > 3:
            return self._indented_code(parent, lines, at, first)
        readers = _READERS.get(line.lstrip(" ")[0], ()) if self.depth < _DEEPEST else ()
        for reader in readers:
            behind = reader(self, parent, lines, at, first)
            if behind is not None:
                return behind
        return self._paragraph(parent, lines, at, first)

    def _quote(self, parent: Element, lines: list[str], at: int, first: int) -> int:
        inner = Inner()
        end = at
        while end < len(lines):
            mark = QUOTE.match(lines[end])
            if mark:
                inner.append(lines[end][mark.end() :])
            elif interrupts_paragraph(lines[end]) or not inner.ends_in_paragraph():
                break
            else:
                inner.append(lines[end])
            end += 1
        alert = ALERT.match(inner[0])
        if alert:
            self.read(self._box(parent, alert[1], first + at), inner[1:], first + at + 1)
        else:
            self.read(self._add(parent, "blockquote", first + at), inner, first + at)
        return end

    def _admonition(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        found = ADMONITION.match(lines[at])
        if not found:
            return None
        inner, end = indented_lines(lines, at + 1, 4, first="")
        box = self._box(parent, found[1], first + at)
        if found[2]:
            marks = self.source.marks(first + at, lines[at][found.start(2) :])
            title = self._add(box, "p", first + at, SourceText(found[2], marks))
            title.set("class", "admonition-title")
        elif found[2] is not None:
            box.set("untitled", "untitled")
        self.read(box, inner, first + at)
        return end

    def _box(self, parent: Element, kind: str, line: int) -> Element:
        box = self._add(parent, "note", line)
        box.set("kind", kind.lower())
        return box

    def _note(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        found = NOTE.match(lines[at])
        if not found:
            return None
        inner, end = indented_lines(lines, at + 1, 4, first=found[2])
        footnote = Element("footnote", {LINE: str(first + at + 1), "label": found[1]})
        self.read(footnote, inner, first + at)
        self.footnotes[found[1]] = footnote
        return end

    def _list(self, parent: Element, lines: list[str], at: int, first: int) -> int | None:
        opening = ITEM.match(lines[at])
        if not opening or RULE.match(lines[at]):
            return None
        mark = opening[2]
        items = self._add(parent, "ol" if mark[0].isdigit() else "ul", first + at)
        if mark[0].isdigit() and int(mark[:-1]) != 1:
            items.set("start", str(int(mark[:-1])))
        is_loose, end, gap = False, at, False
        while end < len(lines):
            item = ITEM.match(lines[end])
            if not item or item[2][-1] != mark[-1] or RULE.match(lines[end]):
                break
            is_loose = is_loose or gap
            inner, behind = item_lines(lines, end, item)
            is_loose = self.read(self._add(items, "li", first + end), inner, first + end) or is_loose
            end = behind
            while behind < len(lines) and not lines[behind].strip():
                behind += 1
            gap = behind > end
            if behind < len(lines) and ITEM.match(lines[behind]):
                end = behind
            else:
                break
        for each in items:
            if not is_loose:
                _tighten(each)
            if _add_tick(each):
                each.set("class", "task-list-item")
                items.set("class", "task-list")
        return end


#: Takes a parser, the parent, a container's lines, the position among them and the number of the first in the source.
_Reader = Callable[[GitHubBlockParser, Element, list[str], int, int], int | None]

_READERS: dict[str, tuple[_Reader, ...]] = {
    **dict.fromkeys("`~", (GitHubBlockParser._fence,)),
    "#": (GitHubBlockParser._heading,),
    ">": (GitHubBlockParser._quote,),
    "<": (GitHubBlockParser._html,),
    "[": (GitHubBlockParser._note, GitHubBlockParser._reference),
    "!": (GitHubBlockParser._admonition,),
    "_": (GitHubBlockParser._rule,),
    **dict.fromkeys("-*", (GitHubBlockParser._rule, GitHubBlockParser._list)),
    **dict.fromkeys("+0123456789", (GitHubBlockParser._list,)),
}


def _tighten(item: Element) -> None:
    """Unwrap the paragraphs in the items of a tight list; code and raw HTML stay between the text."""
    previous: Element | None = None
    for child in list(item):
        if child.tag == "p":
            item.remove(child)
            if previous is None:
                item.text = append_text(item.text or None, child.text or "")
            else:
                previous.tail = append_text(previous.tail or "", child.text or "")
            continue
        if child.tag in ("codeblock", "rawblock"):
            child.set(TIGHT, "")
            if previous is not None:
                previous.tail = append_text(previous.tail or "", "")
            elif item.text:
                item.text = append_text(item.text, "")
        previous = child


def _add_tick(item: Element) -> bool:
    """Make `[ ]` or `[x]` at the start of a list item a node; whether there was one."""
    holder = item
    if not item.text:
        if not len(item) or item[0].tag != "p":
            return False
        holder = item[0]
    text = holder.text or ""
    found = _TICK.match(text)
    if not found:
        return False
    tick = Element("tick", {"checked": "checked"} if found[1] in "xX" else {})
    rest = text[found.end() - 1 :]
    tick.tail = text.part(rest, found.end() - 1) if isinstance(text, SourceText) else rest
    holder.text = None
    holder.insert(0, tick)
    return True
