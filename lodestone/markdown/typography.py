"""Sets straight quotes, double hyphens and three dots as a typesetter would: as literal characters, which suit
an EPUB or a plain-text mail as well as a page.

A quote's shape depends on a language, which a tree does not have: the tree holds marks, and the writer of a
text replaces them (`set_quotes`). Runs before escapes are resolved, so `\\"` stays as it is; code is never touched.
"""

import re
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

#: Opening and closing double and single quotes in a tree: characters that Unicode keeps out of texts.
QUOTE_MARKS = "\ufdd0\ufdd1\ufdd2\ufdd3"
MARKED = re.compile(f"[{QUOTE_MARKS}]")

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
_CODE_TAG = re.compile(r"<(/?)(?:code|pre|kbd|samp)\b", re.IGNORECASE)
_ELIDED = re.compile(r"\d\ds?\b|(?:tis|twas|em|cause|til|n)\b", re.IGNORECASE)
_BEFORE_OPENING = " \n\t\xa0([{<“‘„‚«/=\u202f" + QUOTE_MARKS[0] + QUOTE_MARKS[2]


def set_quotes(text: str, language: str) -> str:
    """A text with its quote marks as the quotes of a language."""
    for mark, quote in zip(QUOTE_MARKS, _quotes(language), strict=True):
        text = text.replace(mark, quote)
    return text


def _quotes(language: str) -> tuple[str, ...]:
    base = language.partition("-")[0]
    if base == "fr":
        return f"«{_NO_BREAK}", f"{_NO_BREAK}»", "“", "”"
    return tuple(_QUOTES.get(base, _QUOTES["en"]))


class Typography:
    """Sets a tree; quotes of a phrase in another language are set as the others."""

    def __init__(self) -> None:
        self.raw_code, self.is_open = False, False

    def run(self, root: Element) -> None:
        self.raw_code = self.is_open = False
        self._set(root, "")

    def _set(self, element: Element, before: str) -> str:
        """Set an element's text and its children's; the last character, which the next quote depends on."""
        before = self._text(element, "text", before)
        for child in element:
            if child.tag in _CODE or child.tag == "footnote-ref":
                before = "x"
            elif child.tag == "raw":
                self._follow_raw_code(child.text or "")
            elif child.tag == "tick":
                pass
            elif child.tag in _INLINE:
                before = "\n" if child.tag == "br" else self._set(child, before)
            else:
                self.is_open = False
                self._set(child, "")
                before = ""
            before = self._text(child, "tail", before)
        return before

    def _text(self, element: Element, part: str, before: str) -> str:
        text: str | None = getattr(element, part)
        if not text:
            return before
        if isinstance(text, AtomicString):
            return text[-1]
        if _TOKEN.search(text):
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
            last = "x" if match[0].startswith("\x02") else written[-1]
        return "".join((*pieces, text[end:]))

    def _token(self, match: re.Match[str], text: str, last: str) -> str:
        token, after = match[0], text[match.end() : match.end() + 1]
        if self.raw_code or token.startswith("\x02"):
            return token
        if token == "...":
            return "…"
        if token in ("--", "---"):
            return self._dash(token, last, after)
        if token == '"':
            return QUOTE_MARKS[0 if _opens(last, after) else 1]
        return self._single(last, after, bool(_ELIDED.match(text, match.end())))

    def _single(self, last: str, after: str, is_elided: bool) -> str:
        """A quote where one is open or opens; else an apostrophe, which looks alike in every language."""
        if _opens(last, after) and not is_elided:
            self.is_open = True
            return QUOTE_MARKS[2]
        if self.is_open and last.strip() and not after.isalnum():
            self.is_open = False
            return QUOTE_MARKS[3]
        return "’"

    def _dash(self, token: str, last: str, after: str) -> str:
        """Set a dash, but not in `--help`, which is an option."""
        if not last.strip() and after.strip():
            return token
        return "—" if token == "---" else "–"

    def _follow_raw_code(self, html: str) -> None:
        """Note whether inline HTML, which comes tag by tag, is between `<code>` and `</code>`."""
        tag = _CODE_TAG.match(html)
        if tag:
            self.raw_code = not tag[1]


def _opens(last: str, after: str) -> bool:
    if not last or last in _BEFORE_OPENING:
        return not after or not after.isspace()
    return last in "-–—" and after.isalnum()
