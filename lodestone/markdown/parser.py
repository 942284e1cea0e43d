"""Author's Markdown to a tree, read as GitHub reads it.

Python-Markdown and its extensions do the inline work; `blocks` gives them GitHub's block structure. What differs
from GitHub is listed in docs/authoring.md. Raw HTML passes: authors are trusted.
"""

import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

import markdown
from markdown.util import ETX, STX

from lodestone.markdown.blocks import OWN_BLOCKS, TIGHT, GitHubBlockParser
from lodestone.markdown.inline import read_inline_as_github
from lodestone.markdown.places import Places
from lodestone.markdown.raw import TARGETS, weave
from lodestone.markdown.source import SourceText
from lodestone.markdown.tree import HEADINGS, LINE, START, Heading, Link, Tree, words_of
from lodestone.markdown.typography import Typography

#: The number of trees to keep: a text is read for its links and again for its pages.
_KEPT = 8192

_ESCAPED = re.compile(f"{STX}(\\d+){ETX}")
_NOT_IN_ID = re.compile(r"[^\w\- ]")


@lru_cache(maxsize=_KEPT)
def parse(text: str) -> Tree:
    """Read a text. Callers share the tree: take a copy of its root to change it."""
    return _converter().read(text)


_kept = threading.local()


def _converter() -> "_GitHubMarkdown":
    """A converter; building one takes as long as reading a page, and none is thread-safe."""
    if not hasattr(_kept, "converter"):
        _kept.converter = _GitHubMarkdown()
    converter: _GitHubMarkdown = _kept.converter
    return converter


class _GitHubMarkdown(markdown.Markdown):
    """Python-Markdown with GitHub's blocks, escapes, line breaks, links and footnotes."""

    parser: GitHubBlockParser

    def __init__(self) -> None:
        super().__init__(
            extensions=["pymdownx.tilde", "pymdownx.magiclink"],
            extension_configs={"pymdownx.tilde": {"subscript": False}},
            output_format="html",
        )
        self.parser = GitHubBlockParser(self)
        self.places = Places(self)
        self.inline = read_inline_as_github(self, self.places)
        self.blocks = frozenset((*self.block_level_elements, *OWN_BLOCKS))

    def read(self, text: str) -> Tree:
        """Read a text into a tree."""
        self.reset()
        text = text.replace(STX, "").replace(ETX, "")
        root = self.parser.read_text(text)
        self.places.start(self.parser.footnotes)
        self.inline.run(root)
        _number_footnotes(root)
        self._break_lines(root)
        Typography().run(root)
        headings = self._finish(root)
        weave(root, self.places.raw, self.places.targets)
        return Tree(
            root,
            headings,
            self._links(root),
            tuple(sorted(self.places.undefined_labels.values(), key=_offset)),
            tuple(sorted(self.places.undefined_footnotes.values(), key=_offset)),
        )

    def _links(self, root: Element) -> tuple[Link, ...]:
        return tuple(sorted([*self._written(root), *self.parser.definitions], key=_offset))

    def _written(self, root: Element) -> Iterator[Link]:
        """Return each link. One whose own place is not known has that of the link around it."""
        targets, unplaced = self.places.targets, self.places.unplaced
        waiting = [(root, 0)]
        while waiting:
            element, around = waiting.pop()
            offset = targets.get(element, around)
            if element in targets or element in unplaced:
                yield _link(element, offset)
            waiting += [(child, offset) for child in element]

    def _break_lines(self, root: Element) -> None:
        """Put a line break behind each block, as Python-Markdown does."""
        if len(root):
            self._break_block(root)
            root.text = root.tail = root[-1].tail = None
        for br in root.iter("br"):
            br.tail = f"\n{br.tail}" if br.tail and br.tail.strip() else "\n"

    def _break_block(self, block: Element) -> None:
        if len(block) and self._is_block(block[0]) and not (block.text and block.text.strip()):
            block.text = "\n"
        for child in block:
            if self._is_block(child):
                self._break_block(child)
        if not block.tail or not block.tail.strip():
            block.tail = "\n"

    def _is_block(self, element: Element) -> bool:
        return element.tag in self.blocks and TIGHT not in element.attrib

    def _finish(self, root: Element) -> tuple[Heading, ...]:
        """Resolve escapes, name the headings, and make plain strings of what the patterns left."""
        headings: list[Element] = []
        for element in root.iter():
            if element.tag in HEADINGS:
                headings.append(element)
            if element.tag == "rawblock" and isinstance(element.text, SourceText):
                self.places.raw[element] = element.text
            if element.text:
                element.text = _plain(element.text)
            if element.tag == "code" and element.text:
                element.text = element.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            if element.tail:
                element.tail = _plain(element.tail)
            if element.attrib:
                _finish_attributes(element.attrib)
        taken: set[str] = set()
        return tuple(_identify(each, taken) for each in headings)


def _offset(link: Link) -> int:
    return link.offset


def _link(element: Element, offset: int) -> Link:
    name = TARGETS[element.tag]
    target = (element.get(name) or "").strip()
    if element.tag == "a":
        return Link("link", target, offset, words_of(element))
    is_shown = element.tag != "img" or (START in element.attrib and "alt" in element.attrib)
    return Link("image", target, offset, "given" if is_shown else element.get("alt", ""))


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1])), text) if STX in text else str(text)


def _finish_attributes(attributes: dict[str, str]) -> None:
    """Attributes in the order of their names, without the block parser's own."""
    attributes.pop(TIGHT, None)
    if len(attributes) == 1 and LINE in attributes:
        return
    in_order = sorted(attributes.items())
    attributes.clear()
    attributes.update((name, _plain(value)) for name, value in in_order)


def slugify(text: str) -> str:
    """A heading's id as GitHub makes it: `What's next?` becomes `whats-next`."""
    return _NOT_IN_ID.sub("", text.strip().lower()).replace(" ", "-")


def _identify(element: Element, taken: set[str]) -> Heading:
    text = " ".join(_spoken(element).split())
    slug = slugify(text) or "section"
    candidate, number = slug, 0
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    taken.add(candidate)
    element.set("id", candidate)
    return Heading(int(element.tag[1]), candidate, text)


def _spoken(element: Element) -> str:
    """The text of a heading but for what its author wrote in HTML; a footnote is its number."""
    pieces = [element.text or ""]
    for child in element:
        pieces += ["" if child.tag == "raw" else _spoken(child), child.tail or ""]
    return "".join(pieces) or element.get("number", "")


def _number_footnotes(root: Element) -> None:
    """Number the footnotes in the order of their references, and count these; unreferenced ones come last."""
    notes = root.find("footnotes")
    if notes is None:
        return
    unnumbered = {each.get("label", ""): each for each in notes}
    root.remove(notes)
    numbered: list[Element] = []
    _number_references(root, unnumbered, numbered)
    at = 0
    while at < len(numbered) or unnumbered:  # footnotes may refer to others
        if at == len(numbered):
            _number_footnote(next(iter(unnumbered.values())), unnumbered, numbered)
        _number_references(numbered[at], unnumbered, numbered)
        at += 1
    notes[:] = numbered
    root.append(notes)


def _number_references(element: Element, unnumbered: dict[str, Element], numbered: list[Element]) -> None:
    for reference in element.iter("footnote-ref"):
        label = reference.get("label", "")
        if label in unnumbered:
            _number_footnote(unnumbered[label], unnumbered, numbered)
        note = next(each for each in numbered if each.get("label") == label)
        note.set("uses", str(int(note.get("uses", "0")) + 1))
        reference.set("number", note.get("number", ""))
        reference.set("use", note.get("uses", ""))


def _number_footnote(note: Element, unnumbered: dict[str, Element], numbered: list[Element]) -> None:
    numbered.append(unnumbered.pop(note.get("label", "")))
    note.set("number", str(len(numbered)))
