"""A condition's text cut into words, texts in quotes, numbers and signs, and the cursor that reads them."""

import re
from dataclasses import dataclass, field

#: Offset and length in the text, message, help.
Trouble = tuple[int, int, str, str]

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<sign><=|>=|!=|==|<>|[=<>(),])
  | (?P<number>[+-]?[0-9]+(?:\.[0-9]+)?(?![\w.-]))
  | (?P<word>\w+(?:[.-]\w+)*)
  | (?P<odd>&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_GENERAL = "conditions are made of words, numbers, texts in quotes, `= != < <= > >=` and parentheses"
_INSTEAD = {
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "write `or`",
    "!": "write `not`",
    ";": "write `and`, or `or`",
    "≥": "write `>=`",
    "≤": "write `<=`",
    "≠": "write `!=`",
    **dict.fromkeys("“”„‟‘’‚«»`´", 'write straight quotes: `"…"`'),
}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece. `kind`: word, text (in quotes), number, sign, or end."""

    kind: str
    written: str
    offset: int

    @property
    def word(self) -> str:
        """In small letters; "" for what is no word."""
        return self.written.lower() if self.kind == "word" else ""

    @property
    def form(self) -> str:
        """As the language's own words and signs are written."""
        return self.word or self.written

    @property
    def value(self) -> str:
        """Without the quotes."""
        return self.written[1:-1] if self.kind == "text" else self.written

    @property
    def is_value(self) -> bool:
        """Whether something can be compared with it."""
        return self.kind in ("text", "number", "word") and self.word not in ("and", "or", "in")

    @property
    def ends_term(self) -> bool:
        """Whether nothing more of a term can follow."""
        return self.kind == "end" or self.word in ("and", "or") or self.written == ")"


class ConditionError(Exception):
    """What begins at `first` (and ends with `last`) cannot be read."""

    def __init__(self, first: Token, message: str, help: str, last: Token | None = None):
        super().__init__(message)
        self.trouble = _trouble(first, message, help, last)


@dataclass
class Cursor:
    """The position of the parser, and the troubles found so far."""

    tokens: list[Token]
    position: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def here(self) -> Token:
        """The next token; at the end, always the `end` token."""
        return self.tokens[self.position]

    def ahead(self, count: int) -> Token:
        """The token so many places behind the next one."""
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def take(self, count: int = 1) -> Token:
        """Return the next token, and move on by `count` tokens."""
        token = self.here
        self.position = min(self.position + count, len(self.tokens) - 1)
        return token

    def is_at(self, words: tuple[str, ...], offset: int = 0) -> bool:
        """Whether these words or signs stand here, or so many tokens on."""
        return all(self.ahead(offset + place).form == word for place, word in enumerate(words))

    def tell(self, token: Token, trouble: tuple[str, str] | None) -> None:
        """Record what is wrong with a token, if anything."""
        if trouble:
            self.troubles.append(_trouble(token, *trouble))


def cut(text: str) -> tuple[list[Token], list[Trouble]]:
    """The tokens, an `end` behind the last, and a trouble for each character that means nothing."""
    tokens, troubles = [], []
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "odd":
            troubles.append(_odd(match[0], match.start()))
            if match[0] in "\"'":  # its end is unknown, so the rest cannot be read
                break
        elif match.lastgroup != "blank":
            tokens.append(Token(match.lastgroup or "", match[0], match.start()))
    return [*tokens, Token("end", "", len(text.rstrip()))], troubles


def _odd(written: str, offset: int) -> Trouble:
    if written in "\"'":
        return offset, 1, "this quotation mark is never closed", "close it behind the value"
    message = f"`{written}` has no meaning in a condition"
    return offset, len(written), message, _INSTEAD.get(written, _GENERAL)


def _trouble(first: Token, message: str, help: str, last: Token | None = None) -> Trouble:
    end = last or first
    return first.offset, max(1, end.offset + len(end.written) - first.offset), message, help
