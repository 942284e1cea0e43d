"""GitHub's block structure for Python-Markdown.

Python-Markdown splits a text on blank lines and wants lists indented by four, which is not how people write for
GitHub. This parser stands in for its block parser and follows GFM's rules: nested lists by the width of their
marker, lists and fences straight after a paragraph, fences in lists, tight and loose lists, lazy continuation,
raw HTML that ends at a blank line. It builds the same tree, so Python-Markdown's inline patterns and every
extension that works on the tree go on as before.
"""

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element, ElementTree, SubElement

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.util import AtomicString

from lodestone.render.block_lines import closes_fence, indented_lines, is_table, item_lines, joined
from lodestone.render.block_shapes import (
    ADMONITION,
    ALERT,
    FENCE,
    HEADING,
    ITEM,
    NOTE,
    QUOTE,
    REFERENCE,
    RULE,
    UNDERLINE,
    Inner,
    alignment_class,
    cells_of,
    html_start,
    indent_of,
    interrupts_paragraph,
)

#: Containers within containers; what is nested deeper reads as text.
_DEEPEST = 60

#: Takes the code and the language's name (perhaps "") and gives HTML.
Highlight = Callable[[str, str], str]


class BlockHtml(str):
    """Raw HTML that was a block of its own."""


class GitHubBlockParser(BlockParser):
    """`note_titles` gives an admonition's title where its author wrote none."""

    def __init__(self, md: Markdown, highlight: Highlight, note_titles: Callable[[str], str]):
        super().__init__(md)
        self.highlight, self.note_titles = highlight, note_titles
        self.footnotes: Callable[[str, str], None] = lambda label, text: None
        self.depth = 0

    def parseDocument(self, lines: Iterable[str]) -> ElementTree:  # noqa: N802 (Python-Markdown's name)
        self.root, self.depth = Element(self.md.doc_tag), 0
        self.read(self.root, list(lines))
        return ElementTree(self.root)

    def parseChunk(self, parent: Element, text: str) -> None:  # noqa: N802
        """A footnote's text. It ends in a paragraph, for there goes the link back."""
        self.read(parent, text.split("\n"))
        last = parent[-1] if len(parent) else None
        if last is None or isinstance(last.text, AtomicString):
            SubElement(parent, "p").text = ""

    def read(self, parent: Element, lines: list[str]) -> bool:
        """Add the blocks of `lines` to `parent`; whether blank lines stand between them (a loose list item)."""
        position, is_spaced, is_first, has_gap = 0, False, True, False
        self.depth += 1
        while position < len(lines):
            if not lines[position].strip():
                is_spaced = True
                position += 1
                continue
            has_gap = has_gap or (is_spaced and not is_first)
            is_spaced = is_first = False
            position = self._block(parent, lines, position)
        self.depth -= 1
        return has_gap

    def _block(self, parent: Element, lines: list[str], at: int) -> int:
        """Read the block that begins at a line; the position behind it."""
        line = lines[at]
        if indent_of(line) > 3:
            return self._indented_code(parent, lines, at)
        readers = _READERS.get(line.lstrip(" ")[0], ()) if self.depth < _DEEPEST else ()
        for reader in readers:
            behind = reader(self, parent, lines, at)
            if behind is not None:
                return behind
        return self._paragraph(parent, lines, at)

    # Leaf blocks

    def _indented_code(self, parent: Element, lines: list[str], at: int) -> int:
        end = at
        while end < len(lines) and (indent_of(lines[end]) > 3 or not lines[end].strip()):
            end += 1
        code = "\n".join(line[4:] for line in lines[at:end]).rstrip()
        self._raw(parent, self.highlight(code, ""))
        return end

    def _fence(self, parent: Element, lines: list[str], at: int) -> int | None:
        opening = FENCE.match(lines[at])
        if not opening:
            return None
        indent, mark = len(opening[1]), opening[2]
        end = at + 1
        while end < len(lines) and not closes_fence(lines[end], mark):
            end += 1
        code = [line[min(indent, indent_of(line)) :] for line in lines[at + 1 : end]]
        self._raw(parent, self.highlight("\n".join(code), opening[3]))
        return end + 1

    def _heading(self, parent: Element, lines: list[str], at: int) -> int | None:
        found = HEADING.match(lines[at])
        if not found:
            return None
        SubElement(parent, f"h{len(found[1])}").text = (found[2] or "").strip()
        return at + 1

    def _rule(self, parent: Element, lines: list[str], at: int) -> int | None:
        if not RULE.match(lines[at]):
            return None
        SubElement(parent, "hr")
        return at + 1

    def _html(self, parent: Element, lines: list[str], at: int) -> int | None:
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
        self._raw(parent, "\n".join(lines[at:end]))
        return end

    def _reference(self, parent: Element, lines: list[str], at: int) -> int | None:
        found = REFERENCE.match(lines[at])
        if not found:
            return None
        target = found[2] if found[2] is not None else found[3]
        title = next((text for text in found.group(4, 5, 6) if text is not None), None)
        self.md.references.setdefault(" ".join(found[1].split()).lower(), (target, title))
        return at + 1

    def _paragraph(self, parent: Element, lines: list[str], at: int) -> int:
        end = at
        while end < len(lines):
            line = lines[end]
            if end > at:
                underline = UNDERLINE.match(line)
                if underline:
                    level = 1 if underline[1][0] == "=" else 2
                    SubElement(parent, f"h{level}").text = joined(lines[at:end])
                    return end + 1
                if interrupts_paragraph(line):
                    break
            if is_table(lines, end):
                if end > at:
                    SubElement(parent, "p").text = joined(lines[at:end])
                return self._table(parent, lines, end)
            end += 1
        SubElement(parent, "p").text = joined(lines[at:end])
        return end

    def _table(self, parent: Element, lines: list[str], at: int) -> int:
        """A table in a `div` of its own, which the style sheet lets scroll."""
        table = SubElement(SubElement(parent, "div", {"class": "table"}), "table")
        classes = [alignment_class(cell) for cell in cells_of(lines[at + 1])]
        head = SubElement(SubElement(table, "thead"), "tr")
        _fill_row(head, "th", cells_of(lines[at]), classes)
        end, body = at + 2, None
        while end < len(lines) and not interrupts_paragraph(lines[end]):
            body = SubElement(table, "tbody") if body is None else body
            _fill_row(SubElement(body, "tr"), "td", cells_of(lines[end]), classes)
            end += 1
        return end

    def _raw(self, parent: Element, html: str) -> None:
        """Finished HTML: stashed, so that nothing reads it as Markdown."""
        SubElement(parent, "p").text = AtomicString(self.md.htmlStash.store(BlockHtml(html)))

    # Containers

    def _quote(self, parent: Element, lines: list[str], at: int) -> int:
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
            self._admonition_box(parent, alert[1].lower(), None, inner[1:])
        else:
            self.read(SubElement(parent, "blockquote"), inner)
        return end

    def _admonition(self, parent: Element, lines: list[str], at: int) -> int | None:
        found = ADMONITION.match(lines[at])
        if not found:
            return None
        inner, end = indented_lines(lines, at + 1, 4, first="")
        self._admonition_box(parent, found[1].lower(), found[2], inner)
        return end

    def _admonition_box(self, parent: Element, kind: str, title: str | None, lines: list[str]) -> None:
        box = SubElement(parent, "div", {"class": f"admonition {kind}"})
        if title is None:
            title = self.note_titles(kind)
        if title:
            SubElement(box, "p", {"class": "admonition-title"}).text = title
        self.read(box, lines)

    def _note(self, parent: Element, lines: list[str], at: int) -> int | None:
        found = NOTE.match(lines[at])
        if not found:
            return None
        inner, end = indented_lines(lines, at + 1, 4, first=found[2])
        self.footnotes(found[1], "\n".join(inner))
        return end

    def _list(self, parent: Element, lines: list[str], at: int) -> int | None:
        first = ITEM.match(lines[at])
        if not first or RULE.match(lines[at]):
            return None
        mark = first[2]
        items = SubElement(parent, "ol" if mark[0].isdigit() else "ul")
        if mark[0].isdigit() and int(mark[:-1]) != 1:
            items.set("start", str(int(mark[:-1])))
        is_loose, end, gap = False, at, False
        while end < len(lines):
            item = ITEM.match(lines[end])
            if not item or item[2][-1] != mark[-1] or RULE.match(lines[end]):
                break
            is_loose = is_loose or gap
            inner, behind = item_lines(lines, end, item)
            is_loose = self.read(SubElement(items, "li"), inner) or is_loose
            end = behind
            while behind < len(lines) and not lines[behind].strip():
                behind += 1
            gap = behind > end
            if behind < len(lines) and ITEM.match(lines[behind]):
                end = behind
            else:
                break
        if not is_loose:
            for item in items:
                _tighten(item)
        return end


_READERS = {
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


def _fill_row(row: Element, tag: str, cells: list[str], classes: list[str]) -> None:
    for index, name in enumerate(classes):
        cell = SubElement(row, tag, {"scope": "col"} if tag == "th" else {})
        if name:
            cell.set("class", name)
        cell.text = cells[index] if index < len(cells) else ""


def _tighten(item: Element) -> None:
    """A tight list's items hold their text without paragraphs."""
    previous = None
    for child in list(item):
        if child.tag != "p":
            previous = child
            continue
        item.remove(child)
        if previous is None:
            item.text = f"{item.text}\n{child.text}" if item.text else child.text
        else:
            previous.tail = f"{previous.tail or ''}\n{child.text}"
