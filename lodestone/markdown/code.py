"""Blocks of code as HTML."""

from html import escape


def highlight(code: str, language: str, *, scrolls: bool = True) -> str:
    """Code as HTML: Pygments' classes where it knows the language, plain text where not."""
    body = _coloured(code, language) if language else None
    name = f' class="language-{escape(language)}"' if language else ""
    text = body or escape(code, quote=False)
    focus = ' tabindex="0"' if scrolls else ""
    return f'<div class="highlight"><pre{focus}><code{name}>{text}\n</code></pre></div>'


def _coloured(code: str, language: str) -> str | None:
    from pygments import highlight as colour  # only pages with code pay for the import
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    coloured: str = colour(code, lexer, HtmlFormatter(nowrap=True))
    return coloured.rstrip("\n")
