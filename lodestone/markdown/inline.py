"""Python-Markdown's inline patterns, fitted to GitHub's, and with the source position of what they read."""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import (
    ENTITY_RE,
    HTML_RE,
    IMAGE_LINK_RE,
    IMAGE_REFERENCE_RE,
    LINK_RE,
    REFERENCE_RE,
    ImageInlineProcessor,
    ImageReferenceInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    ReferenceInlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.util import AtomicString

from lodestone.markdown.places import Matched, Places
from lodestone.markdown.tree import Link

_HOST = r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}"
_MAIL = rf"<([\w.!#$%&'*+/=?^`{{|}}~-]+@{_HOST})>|(?<![\w.@/:+-])([\w.+-]+@{_HOST})\b"
_FOOTNOTE = r"\[\^([^\]]*)\]"
_OPENING = re.compile(r"\(\s*<?")
_FOOTNOTE_LABEL = re.compile(r"[^\s\x02]+")


class _Mail(InlineProcessor):
    """`ada@example.com`, bare or in angle brackets, as a plain link: obfuscation stops no address collector."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> Matched:  # type: ignore[override]
        address = m[1] or m[2]
        link = Element("a", {"href": f"mailto:{address}"})
        link.text = AtomicString(address)
        return link, m.start(0), m.end(0)


class _Placed(LinkInlineProcessor):
    """A link or picture with its target in parentheses."""

    def __init__(self, pattern: str, md: Markdown, places: Places):
        super().__init__(pattern, md)
        self.places = places

    def getLink(self, data: str, index: int) -> tuple[str, str | None, int, bool]:
        self.opening = index
        return super().getLink(data, index)

    def handleMatch(self, m: re.Match[str], data: str) -> Matched:  # type: ignore[override]
        node, start, end = super().handleMatch(m, data)
        if isinstance(node, Element):
            opening = _OPENING.match(data, self.opening)
            is_empty = not (node.get("href") or node.get("src"))
            at = self.opening - 1 if is_empty or not opening else opening.end()
            offset = self.places.offset(data, at)
            if offset is None:
                self.places.unplaced.add(node)
            else:
                self.places.targets[node] = offset
        return node, start, end


class _Link(_Placed):
    pass


class _Image(_Placed, ImageInlineProcessor):
    pass


class _Used(ReferenceInlineProcessor):
    """`[text][label]`; notes the labels that no line defines."""

    def __init__(self, pattern: str, md: Markdown, places: Places):
        super().__init__(pattern, md)
        self.places = places

    def evalId(self, data: str, index: int, text: str) -> tuple[str | None, int, bool]:
        if text.startswith("^"):
            return None, index, False  # a use of a footnote; the next brackets are not its label
        label, end, handled = super().evalId(data, index, text)
        if handled and label and " ".join(label.split()) not in self.md.references:
            written = data[index + 1 : end - 1]
            if (
                data[index] == "["
                and written.strip()
                and text
                and "\x02" not in written
                and written[0] != "^"
            ):
                offset = self.places.offset(data, index + 1)
                if offset is not None:
                    self.places.undefined_labels[offset] = Link("link", written, offset, text)
        return label, end, handled


class _Reference(_Used):
    pass


class _ImageReference(_Used, ImageReferenceInlineProcessor):
    pass


class _FootnoteUse(InlineProcessor):
    """`[^label]`; notes the labels that no line defines."""

    def __init__(self, md: Markdown, places: Places):
        super().__init__(_FOOTNOTE, md)
        self.places = places

    def handleMatch(self, m: re.Match[str], data: str) -> Matched:  # type: ignore[override]
        if m[1] in self.places.footnotes:
            return Element("footnote-ref", {"label": m[1]}), m.start(0), m.end(0)
        if _FOOTNOTE_LABEL.fullmatch(m[1]) and data[m.end() : m.end() + 1] not in ("(", ":"):
            offset = self.places.offset(data, m.start(0))
            if offset is not None:
                self.places.undefined_footnotes[offset] = Link("link", m[0], offset)
        return None, None, None


class _Html(InlineProcessor):
    """A tag, a comment or a reference that the author wrote in HTML."""

    def __init__(self, pattern: str, md: Markdown, places: Places):
        super().__init__(pattern, md)
        self.places = places

    def handleMatch(self, m: re.Match[str], data: str) -> Matched:  # type: ignore[override]
        node = Element("raw")
        start, end = self.places.locate(data, m.start(0)), self.places.locate(data, m.end(0))
        if start and end and start[0] is end[0]:
            text = start[0]
            node.text = AtomicString(text[start[1] : end[1]])
            self.places.raw[node] = text.part(node.text, start[1])
        else:
            node.text = AtomicString(self.unescape(m[0]))
        return node, m.start(0), m.end(0)


#: A sign that every match of a pattern contains; patterns that are not listed have none.
_SIGNS = {
    "backtick": "`",
    "linebreak": "\n",
    "escape": "\\",
    "footnote": "[^",
    "reference": "[",
    "link": "](",
    "image_link": "![",
    "image_reference": "![",
    "short_reference": "[",
    "short_image_ref": "![",
    "autolink": "<",
    "automail": "@",
    "html": "<",
    "entity": "&",
    "delimiter": "~~",
}


class _Reader(InlineTreeprocessor):
    """Applies each pattern only to a text that contains its sign: most texts have few signs, and matching is slow.

    It overrides a private method of Python-Markdown's; if that is renamed there, the result is the same, and reading
    takes half as long again.
    """

    def __init__(self, md: Markdown):
        super().__init__(md)
        signs = {md.inlinePatterns[name]: sign for name, sign in _SIGNS.items()}
        self.signed = [(pattern, signs.get(pattern, "")) for pattern in md.inlinePatterns]

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if isinstance(data, AtomicString):
            return data
        for index in range(patternIndex, len(self.signed)):
            pattern, sign = self.signed[index]
            start = 0
            while sign in data:
                data, matched, start = self._InlineProcessor__applyPattern(  # type: ignore[attr-defined]
                    pattern, data, index, start
                )
                if not matched:
                    break
        return data


def read_inline_as_github(md: Markdown, places: Places) -> InlineTreeprocessor:
    """Install these patterns in place of Python-Markdown's; return the processor that applies them to a tree."""
    md.ESCAPED_CHARS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    patterns = md.inlinePatterns
    patterns.register(SubstituteTagInlineProcessor(r"(?: {2,}|\\)\n", "br"), "linebreak", 185)
    patterns.register(_FootnoteUse(md, places), "footnote", 175)
    patterns.register(_Reference(REFERENCE_RE, md, places), "reference", 170)
    patterns.register(_Link(LINK_RE, md, places), "link", 160)
    patterns.register(_Image(IMAGE_LINK_RE, md, places), "image_link", 150)
    patterns.register(_ImageReference(IMAGE_REFERENCE_RE, md, places), "image_reference", 140)
    patterns.register(_Mail(_MAIL), "automail", 110)
    patterns.register(_Html(HTML_RE, md, places), "html", 90)
    patterns.register(_Html(ENTITY_RE, md, places), "entity", 80)
    patterns.deregister("magic-mail")
    for name in _FOLLOWED:
        places.follow(patterns[name])
    reader = _Reader(md)
    md.treeprocessors.register(reader, "inline", 20)
    return reader


#: The patterns before raw HTML, whose placeholders may stand in what a later one reads.
_FOLLOWED = (
    "backtick",
    "linebreak",
    "escape",
    "footnote",
    "reference",
    "link",
    "image_link",
    "image_reference",
    "short_reference",
    "short_image_ref",
    "autolink",
    "automail",
    "html",
)
