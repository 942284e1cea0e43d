"""Headings of an author's text, fitted into a page that has headings of its own."""

import re
from html import unescape

_HEADING = re.compile(r"<(/?)h([1-6])\b")
_FIRST_HEADING = re.compile(r"\s*<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_ANY_TAG = re.compile(r"<[^>]+>")


def shift_headings(html: str, top: int) -> str:
    """Headings moved so that the highest is of level `top`; nothing goes below h6."""
    levels = [int(level) for _, level in _HEADING.findall(html)]
    shift = top - min(levels, default=top)
    return _HEADING.sub(lambda tag: f"<{tag[1]}h{min(6, int(tag[2]) + shift)}", html)


def take_off_title(html: str, title: str) -> tuple[str, str]:
    """The text without a first heading that is its title, which the page shows already, and that heading's id."""
    first = _FIRST_HEADING.match(html)
    if not first or (first[1] != "1" and _words(first[3]) != _words(title)):
        return html, ""
    written = _ID.search(first[2])
    return html[first.end() :], written[1] if written else ""


def _words(html: str) -> str:
    return " ".join(unescape(_ANY_TAG.sub("", html)).split()).casefold()
