"""Straight quotes, double hyphens and three dots, as a typesetter would set them: literal characters, so that
they are as good in an EPUB or a plain-text mail as in a page.

Works on Python-Markdown's tree before escapes are resolved, so `\\"` stays as it is; code is never touched.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

#: Opening and closing double and single quotes, by language.
_QUOTES = {
    "en": "“”‘’",
    "de": "„“‚‘",
    "fr": "«»“”",
    "es": "«»“”",
    "it": "«»“”",
    "pt": "“”‘’",
    "nl": "“”‘’",
    "pl": "„”«»",
    "cs": "„“‚‘",
    "da": "“”‘’",
    "sv": "””’’",
    "fi": "””’’",
}
_NO_BREAK = "\u202f"
_CODE = {"code", "pre", "kbd", "samp"}
_INLINE = {
    "a",
    "abbr",
    "b",
    "br",
    "del",
    "em",
    "i",
    "img",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "input",
}
_TOKEN = re.compile(r"\x02[^\x03]*\x03|\"|'|---?|\.\.\.")
_STASHED = re.compile(r"\x02wzxhzdk:(\d+)\x03")
_ELIDED = re.compile(r"\d\ds?\b|(?:tis|twas|em|cause|til|n)\b", re.IGNORECASE)
_BEFORE_OPENING = " \n\t\xa0([{<“‘„‚«/=\u202f"


class Typography(Treeprocessor):
    """Quotes by the page's language; the language of a phrase within it is not looked at."""

    def __init__(self, md: Markdown, language: str):
        super().__init__(md)
        base = language.partition("-")[0]
        self.quotes = _QUOTES.get(base, _QUOTES["en"])
        if base == "fr":
            self.quotes = (f"«{_NO_BREAK}", f"{_NO_BREAK}»", "“", "”")
        self.raw_code, self.is_open = False, False

    def run(self, root: Element) -> None:
        self.raw_code = self.is_open = False
        self._set(root, "")

    def _set(self, element: Element, before: str) -> str:
        """Set an element's text and its children's; the last character, which the next quote depends on."""
        before = self._text(element, "text", before)
        for child in element:
            if child.tag in _CODE:
                before = "x"
            elif child.tag in _INLINE:
                before = "\n" if child.tag == "br" else self._set(child, before)
            else:
                self.is_open = False
                self._set(child, "")
                before = ""
            before = self._text(child, "tail", before)
        return before

    def _text(self, element: Element, part: str, before: str) -> str:
        text = getattr(element, part)
        if not text:
            return before
        if isinstance(text, AtomicString):
            return text[-1]
        if self.raw_code or any(mark in text for mark in ('"', "'", "--", "...", "\x02")):
            text = self._educated(text, before)
            setattr(element, part, text)
        return text[-1]

    def _educated(self, text: str, before: str) -> str:
        pieces: list[str] = []
        end, last = 0, before
        for match in _TOKEN.finditer(text):
            if match.start() > end:
                last = text[match.start() - 1]
            written = self._token(match, text, last)
            pieces += [text[end : match.start()], written]
            end = match.end()
            if not match[0].startswith("\x02"):
                last = written[-1]
            elif not _STASHED.fullmatch(match[0]):
                last = "x"
        return "".join((*pieces, text[end:]))

    def _token(self, match: re.Match, text: str, last: str) -> str:
        token, after = match[0], text[match.end() : match.end() + 1]
        if token.startswith("\x02"):
            self._follow_raw_code(token)
            return token
        if self.raw_code:
            return token
        if token == "...":
            return "…"
        if token in ("--", "---"):
            return self._dash(token, last, after)
        if token == '"':
            return self.quotes[0 if _opens(last, after) else 1]
        return self._single(last, after, bool(_ELIDED.match(text, match.end())))

    def _single(self, last: str, after: str, is_elided: bool) -> str:
        """A quote where one is open or opens; else an apostrophe, which looks alike in every language."""
        if _opens(last, after) and not is_elided:
            self.is_open = True
            return self.quotes[2]
        if self.is_open and last.strip() and not after.isalnum():
            self.is_open = False
            return self.quotes[3]
        return "’"

    def _dash(self, token: str, last: str, after: str) -> str:
        """`--help` is an option, not a dash."""
        if not last.strip() and after.strip():
            return token
        return "—" if token == "---" else "–"

    def _follow_raw_code(self, token: str) -> None:
        """Inline HTML is stashed tag by tag: what stands between `<code>` and `</code>` is code."""
        stashed = _STASHED.fullmatch(token)
        if stashed:
            html = str(self.md.htmlStash.rawHtmlBlocks[int(stashed[1])])
            tag = re.match(r"<(/?)(\w+)", html)
            if tag and tag[2].lower() in _CODE:
                self.raw_code = not tag[1]


def _opens(last: str, after: str) -> bool:
    if not last or last in _BEFORE_OPENING:
        return not after or not after.isspace()
    return last in "-–—" and after.isalnum()
