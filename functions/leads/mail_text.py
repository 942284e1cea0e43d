"""Text for a mail: remove what is unsafe from what people typed, and fold the paragraphs of the text part.

The build does not know the values of placeholders. So it folds the paragraphs without any, and marks the
others with `FOLD`, to be folded here after they are filled.
"""

import re
import textwrap
import unicodedata

_LINK = re.compile(r"://|www\.|@|\w\.[a-z]{2,}(\W|$)", re.IGNORECASE)

#: The columns of a folded paragraph; mail programs can quote such lines without breaking them (RFC 2646).
WIDTH = 72

#: The mark of a paragraph that is folded after it is filled: after the sign of a list or a quote.
FOLD = "\ue002"

#: Embeddings, overrides and isolates (UAX 9): they would reverse the text after them in a mail program.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: In characters: RFC 5322 allows lines of 998 octets, and a character has four at most.
_LONGEST_LINE = 998 // 4


def may_be_link(text: str) -> bool:
    """Whether a mail program might turn a part of the text into a link."""
    return bool(_LINK.search(text))


def printable(text: str) -> str:
    """Remove what no mail can show: control characters except line breaks, lone surrogates, private-use
    characters (such as our own marks), and marks that change the direction of the text."""
    text = text.replace("\r\n", "\n")
    return "".join(each for each in text if each == "\n" or not _is_unprintable(each))


def one_line(text: str, longest: int) -> str:
    """Text for a header: printable, blanks and line breaks as single spaces, at most `longest` characters."""
    blank = (" " if each.isspace() or unicodedata.category(each) == "Cc" else each for each in text)
    line = " ".join(printable("".join(blank)).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def fold(text: str) -> str:
    """Fold the marked paragraphs of a filled text part, and every line that is too long for SMTP."""
    return "\n".join(_folded(line) for line in text.split("\n"))


def _folded(line: str) -> str:
    sign, mark, words = line.partition(FOLD)
    if not mark:
        return line if len(line) <= _LONGEST_LINE else _wrap(line, _LONGEST_LINE)
    # A quote has `>` before each line, a list item its sign before the first line only.
    return _wrap(words, WIDTH, sign, re.sub(r"[^>\s]", " ", sign))


def _wrap(text: str, width: int, first: str = "", further: str = "") -> str:
    """Wrap at blanks. A word too long for SMTP is broken, but a web address is not: it would not work."""
    broken = " ".join(map(_broken, text.split(" ")))
    return textwrap.fill(
        broken,
        width,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _broken(word: str) -> str:
    if len(word) <= _LONGEST_LINE or "://" in word:
        return word
    return " ".join(textwrap.wrap(word, _LONGEST_LINE, break_on_hyphens=False))


def _is_unprintable(character: str) -> bool:
    return character in _DIRECTION_MARKS or unicodedata.category(character) in ("Cc", "Cs", "Co")
