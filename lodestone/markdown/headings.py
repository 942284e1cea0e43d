"""Headings of an author's text, fitted into a page that has headings of its own."""

from html import unescape
from xml.etree.ElementTree import Element

from lodestone.markdown.tree import HEADINGS, find, rename, words_of


def shift_headings(root: Element, top: int) -> None:
    """Move the headings so that the highest is of level `top`; nothing goes below h6."""
    headings = find(root, *HEADINGS)
    shift = top - min((int(each.tag[1]) for each in headings), default=top)
    if shift:
        for each in headings:
            rename(each, f"h{min(6, int(each.tag[1]) + shift)}")


def take_off_title(root: Element, title: str) -> str:
    """Remove a first heading that repeats the title, which the page shows already; return its id."""
    first = root[0] if len(root) and not (root.text or "").strip() else None
    if first is None or first.tag not in HEADINGS:
        return ""
    if first.tag != "h1" and _bare(words_of(first)) != _bare(unescape(title)):
        return ""
    root.text = (root.text or "") + (first.tail or "")
    root.remove(first)
    return first.get("id", "")


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()
