"""Where code stands in Markdown: what is written there is shown, not read."""

import re

#: A fence opens with three or more backticks or tildes, perhaps inside lists and quotes; it closes with as many,
#: or at the end of the text (CommonMark 4.5).
_FENCE = re.compile(
    r"^(?P<lead>[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*\n"
    r"(?:.*?^[ \t>]*(?P=fence)[`~]*[ \t]*$|.*\Z)",
    re.MULTILINE | re.DOTALL,
)
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n).)*?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INDENTED = re.compile(r"(?:\A|\n[ \t]*\n)((?: {4}|\t)[^\n]*(?:\n(?:(?: {4}|\t)[^\n]*|[ \t]*(?=\n)))*)")
_LIST_ITEM = re.compile(r"^[ \t]*(?:[-+*]|\d{1,9}[.)]|\[\^[^\]]+\]:|!!!)[ \t]", re.MULTILINE)


def blank_code(text: str) -> str:
    """The text with code and comments blanked out; every other character keeps its offset."""
    if "`" in text or "~~~" in text:
        text = _FENCE.sub(_blank, text)
        text = _SPAN.sub(_blank, text)
    if "<!--" in text:
        text = _COMMENT.sub(_blank, text)
    return _blank_indented(text) if "    " in text or "\t" in text else text


def _blank_indented(text: str) -> str:
    """Indented code, as long as no list stands above it: what is indented there belongs to the list."""
    first_item = _LIST_ITEM.search(text)
    plain = text[: first_item.start()] if first_item else text
    return _INDENTED.sub(_blank, plain) + text[len(plain) :]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
