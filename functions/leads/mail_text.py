"""Text on its way into a mail: what people typed, made harmless, and the text part's paragraphs, folded.

The build knows a mail's words and not the values of its placeholders. So it folds the paragraphs without any, and
marks the others with `FOLD`, to be folded here once they are filled.
"""

import re
import textwrap
import unicodedata

#: Columns at which paragraphs fold; what mail programs have quoted without breaking since RFC 2646.
WIDTH = 72

#: Before the words of a paragraph that is folded when it is filled; behind the sign of a list or a quote.
FOLD = "\ue002"

#: Embeddings, overrides and isolates (UAX 9): they would turn round what a mail program shows behind them.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

#: RFC 5322 allows lines of 998 octets; a character has four at most.
_LONGEST_LINE = 998 // 4


def printable(text: str) -> str:
    """What somebody typed, without what no mail can show: controls but for line breaks, halves of characters,
    private use (our own marks among it) and signs that turn the direction of what follows."""
    text = text.replace("\r\n", "\n")
    return "".join(each for each in text if each == "\n" or not _is_unprintable(each))


def one_line(text: str, longest: int) -> str:
    """Text as a header can carry it: printable, blanks and line breaks as single spaces, no longer than `longest`."""
    blank = (" " if each.isspace() or unicodedata.category(each) == "Cc" else each for each in text)
    line = " ".join(printable("".join(blank)).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def fold(text: str) -> str:
    """A filled text part with its marked paragraphs folded, and no line longer than SMTP carries."""
    return "\n".join(_folded(line) for line in text.split("\n"))


def _folded(line: str) -> str:
    sign, mark, words = line.partition(FOLD)
    if not mark:
        return line if len(line) <= _LONGEST_LINE else _wrap(line, _LONGEST_LINE)
    # A quote's `>` stands before each of its lines, a list's sign before the first.
    return _wrap(words, WIDTH, sign, re.sub(r"[^>\s]", " ", sign))


def _wrap(text: str, width: int, first: str = "", further: str = "") -> str:
    """Wrapped at blanks. A word that SMTP cannot carry is broken, unless it is an address: that would be no more."""
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
    return character in _TURNS or unicodedata.category(character) in ("Cc", "Cs", "Co")
