"""Turns HTML that an author wrote in Markdown into elements of the tree. Each keeps its tags as written.

The tree, written again, gives the author's own characters: a tag that closes nothing, a reference, a comment or a
script is a `raw` node, and an element that is never closed ends with its parent.
"""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from lodestone.markdown.source import SourceText
from lodestone.markdown.tree import END, START

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<verbatim>script|style|textarea|title)\b[^>]*>.*?</(?P=verbatim)\s*>"
    r"|<[!?][^>]*>"
    r"|</(?P<end>[a-z][\w:-]*)[^>]*>"
    r"|<(?P<start>[a-z][\w:-]*)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_SPECIAL = re.compile("[&<>]")
#: A tag's end as written: an unquoted value that ends in a slash (`<a href=/terms/>`).
_UNQUOTED_SLASH = re.compile(r"""=[^\s"'<>]*/$""")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)

#: Elements with a target, and the attribute that holds it.
TARGETS: Mapping[str, str] = {"a": "href", "img": "src", "source": "src", "video": "src", "audio": "src"}

#: The most elements within each other; deeper tags stay `raw` nodes.
_DEEPEST = 60


def weave(root: Element, raw: Mapping[Element, SourceText], targets: dict[Element, int]) -> None:
    """Turn the `raw` and `rawblock` nodes into elements. Put the offsets of their targets into `targets`."""
    holders = [each for each in root.iter() if any(child.tag in ("raw", "rawblock") for child in each)]
    for holder in holders:
        _Builder(holder, raw, targets).run()


class _Builder:
    """Builds the children of one element anew."""

    def __init__(self, holder: Element, raw: Mapping[Element, SourceText], targets: dict[Element, int]):
        self.holder, self.raw, self.targets = holder, raw, targets
        self.open = [holder]

    def run(self) -> None:
        children = list(self.holder)
        for child in children:
            self.holder.remove(child)
        for child in children:
            tail, child.tail = child.tail, None
            if child.tag == "footnotes":  # they close every element that the author left open
                del self.open[1:]
            if child.tag in ("raw", "rawblock"):
                self._read(child)
            else:
                self.open[-1].append(child)
            self._add_text(tail or "")

    def _read(self, node: Element) -> None:
        html, end = node.text or "", 0
        for token in _TOKEN.finditer(html):
            self._verbatim(html[end : token.start()])
            if token["start"]:
                self._start(token, self.raw.get(node))
            elif token["end"]:
                self._end(token)
            else:
                self._add_raw(token[0])
            end = token.end()
        self._verbatim(html[end:])

    def _start(self, token: re.Match[str], text: SourceText | None) -> None:
        tag, written = token["start"].lower(), token["attributes"]
        element = Element(tag, {START: token[0]})
        for found in _ATTRIBUTE.finditer(written):
            group = next((each for each in (2, 3, 4) if found[each] is not None), 0)
            name = found[1].lower()
            element.attrib.setdefault(name, found[group] if group else "")
            if text is not None and group and name == TARGETS.get(tag):
                self.targets[element] = text.offset(token.start("attributes") + found.start(group))
        closes_itself = tag in _VOID or (written.endswith("/") and not _UNQUOTED_SLASH.search(written))
        if not closes_itself and len(self.open) >= _DEEPEST:
            self._add_raw(token[0])
            return
        self.open[-1].append(element)
        if not closes_itself:
            self.open.append(element)

    def _end(self, token: re.Match[str]) -> None:
        tag = token["end"].lower()
        if all(each.tag != tag for each in self.open[1:]):
            self._add_raw(token[0])
            return
        while self.open[-1].tag != tag:
            self.open.pop()
        self.open.pop().set(END, token[0])

    def _verbatim(self, text: str) -> None:
        """Add text as written in HTML; from the first special character on it is a `raw` node."""
        special = _SPECIAL.search(text)
        at = special.start() if special else len(text)
        self._add_text(text[:at])
        if special:
            self._add_raw(text[at:])

    def _add_raw(self, html: str) -> None:
        node = Element("raw")
        node.text = html
        self.open[-1].append(node)

    def _add_text(self, text: str) -> None:
        parent = self.open[-1]
        if not text:
            return
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text
