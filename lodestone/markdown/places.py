"""Finds the source positions of what Python-Markdown's inline patterns read.

Python-Markdown reads a block's text pattern by pattern and replaces what it has read by a placeholder. So the
place of a character follows from the nearest placeholder whose own place is known, or from the text itself as long
as nothing has been read of it.
"""

import re
from collections.abc import Callable, Container
from typing import cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import Pattern
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.util import INLINE_PLACEHOLDER_PREFIX, INLINE_PLACEHOLDER_RE, AtomicString

from lodestone.markdown.source import SourceText
from lodestone.markdown.tree import Link

#: The result of a pattern: the node, and the start and end of the text that it replaces.
Matched = tuple[Element | str | None, int | None, int | None]

#: A text, and a position in it.
Place = tuple[SourceText, int]


class Places:
    """Where in the source the things of one text stand, found as its patterns are read."""

    def __init__(self, md: Markdown):
        self.md = md
        self.start(())

    def start(self, footnotes: Container[str]) -> None:
        """Begin with a text that defines these footnotes."""
        self.footnotes = footnotes
        self.targets: dict[Element, int] = {}
        self.unplaced: set[Element] = set()  # links and pictures whose place is not known
        self.raw: dict[Element, SourceText] = {}
        self.undefined_labels: dict[int, Link] = {}
        self.undefined_footnotes: dict[int, Link] = {}
        self._spans: dict[int, tuple[Place, Place]] = {}

    def follow(self, pattern: Pattern) -> None:
        """Note the place of each thing that a pattern reads."""
        read = cast("Callable[[re.Match[str], str], Matched]", pattern.handleMatch)

        def handle_match(m: re.Match[str], data: str) -> Matched:
            node, start, end = read(m, data)
            if node is not None and start is not None and end is not None:
                self._note(node, m, data, start, end)
            return node, start, end

        vars(pattern)["handleMatch"] = handle_match

    def _note(self, node: Element | str, m: re.Match[str], data: str, start: int, end: int) -> None:
        first = self.locate(data, start)
        if not first:
            return
        last: Place | None = (first[0], first[1] + end - start)
        if INLINE_PLACEHOLDER_PREFIX in data[start:end]:
            last = self.locate(data, end)
        if last:
            self._spans[id(node)] = (first, last)
        if isinstance(node, str) or not node.text or isinstance(node.text, AtomicString):
            return
        if node.tag == "a" and INLINE_PLACEHOLDER_PREFIX not in node.text:
            inner = self.locate(data, m.end(0))
            if inner:
                node.text = inner[0].part(node.text, inner[1])

    def locate(self, data: str, position: int) -> Place | None:
        """The text that `data` was made of, and the position in it; None if it is not known."""
        if isinstance(data, SourceText):
            return data, position
        at = data.rfind(INLINE_PLACEHOLDER_PREFIX, 0, position)
        is_before = at >= 0
        if not is_before:
            at = data.find(INLINE_PLACEHOLDER_PREFIX, position)
        found = INLINE_PLACEHOLDER_RE.match(data, at) if at >= 0 else None
        stash = cast("InlineTreeprocessor", self.md.treeprocessors["inline"]).stashed_nodes
        span = self._spans.get(id(stash.get(found[1]))) if found else None
        if not found or not span:
            return None
        text, known = span[1] if is_before else span[0]
        return text, known + position - (found.end() if is_before else at)

    def offset(self, data: str, position: int) -> int | None:
        """The offset in the source of a position in `data`."""
        place = self.locate(data, position)
        return place[0].offset(place[1]) if place else None
