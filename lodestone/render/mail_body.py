"""Rendered Markdown as mail programs can show it: buttons, and nothing that needs a browser.

Mail programs follow no link within a mail, and show no part of a form.
"""

import re

_LONE_LINK = re.compile(r"<p>\s*(<a\b[^>]*>((?:(?!</a>).)*)</a>)\s*</p>", re.DOTALL)
_FOOTNOTE = re.compile(r'<a class="footnote-ref"[^>]*>(.*?)</a>')
_WAY_BACK = re.compile(r'(?:&#160;|\s)*<a class="footnote-backref"[^>]*>.*?</a>')
_TICK_BOX = re.compile(r'<input type="checkbox"[^>]*?( checked)?\s*/?>')
_FOCUSED = re.compile(r'<pre tabindex="0">')


def fit_for_mail(html: str) -> str:
    """The body with its lone links as buttons, footnotes without links, and tick boxes as signs."""
    html = _WAY_BACK.sub("", _FOOTNOTE.sub(r"\1", html))
    html = _TICK_BOX.sub(lambda match: "☑" if match[1] else "☐", html)
    return _LONE_LINK.sub(_button, _FOCUSED.sub("<pre>", html))


def _button(match: re.Match) -> str:
    """A link alone in its paragraph, as a button; the table cell gives Outlook its colour and padding.

    A picture needs no second frame, and a bare address is no call to action.
    """
    link, words = match[1], match[2]
    if "<img" in words or "://" in words:
        return match[0]
    link = link.replace("<a", '<a class="button"', 1)
    table = '<table role="presentation" class="action" cellspacing="0" cellpadding="0" border="0">'
    return f'{table}<tr><td class="cell" align="center">{link}</td></tr></table>'
