"""The shapes of short values in front matter and site.yaml: names, addresses, colours, languages."""

import re
from typing import Annotated

from pydantic import AfterValidator


def shaped(pattern: str, words: str) -> AfterValidator:
    """Make a validator for text that matches `pattern`; `words` is its error message."""
    shape = re.compile(pattern)

    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise ValueError(words)
        return value

    return AfterValidator(check)


Name = Annotated[
    str,
    shaped(
        r"[a-z][a-z0-9_]{0,39}", "use up to 40 small letters, digits and `_`, a letter first: `first_name`"
    ),
]
UrlPath = Annotated[
    str,
    shaped(
        r"/([a-z0-9][a-z0-9._-]*/)*",
        "write a path such as `/guides/pricing/`: small letters, a `/` at both ends",
    ),
]
Colour = Annotated[str, shaped(r"#[0-9a-fA-F]{6}", "write a colour as `#` and six hex digits: `#b4451f`")]
Origin = Annotated[
    str, shaped(r"https?://[^/\s]+", "write the site's address without a path: `https://example.com`")
]
Language = Annotated[
    str, shaped(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", "write a language code such as `en`, `de` or `pt-BR`")
]
