"""A tree as HTML. No `style` attribute is ever written, so the pages can forbid them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from xml.etree.ElementTree import Element

from lodestone.markdown.code import highlight
from lodestone.markdown.lower import lower
from lodestone.markdown.parser import parse
from lodestone.markdown.raw import TARGETS
from lodestone.markdown.tree import END, START, Heading, resolve_target
from lodestone.markdown.typography import set_quotes

#: Takes "link" or "image" and the target as written; gives the target to write, or None to leave it as it is.
Resolve = Callable[[str, str], str | None]

_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_AMPERSAND = re.compile(r"&(?!(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML, and its headings in order."""

    html: str
    headings: tuple[Heading, ...]


def render_markdown(
    text: str, *, resolve: Resolve | None = None, id_prefix: str = "", language: str = "en"
) -> Rendered:
    """Markdown as HTML.

    `resolve` is asked for every link's and picture's target, in raw HTML too. `id_prefix` goes before every id
    and the links to them, for several texts on one page. `language` decides the shape of quotes.
    """
    tree = parse(text)
    root = prepare(tree.copy(), language, resolve)
    prefix_ids(root, id_prefix)
    headings = (
        Heading(each.level, id_prefix + each.id, set_quotes(each.text, language)) for each in tree.headings
    )
    return Rendered(write_html(root), tuple(headings))


def prepare(root: Element, language: str, resolve: Resolve | None = None) -> Element:
    """A tree's copy made ready to be written: targets resolved, notes and footnotes as HTML has them."""
    if resolve:
        resolve_targets(root, resolve)
    return lower(root, language)


def resolve_targets(root: Element, resolve: Resolve) -> None:
    """Replace the targets of links and pictures."""
    for element in root.iter():
        name = TARGETS.get(element.tag)
        target = element.get(name) if name else None
        if name is None or not target:
            continue
        kind = "link" if element.tag == "a" else "image"
        resolved = resolve(kind, unescape(target) if START in element.attrib else target)
        if resolved:
            resolve_target(element, name, resolved)


def prefix_ids(root: Element, prefix: str) -> None:
    """Put a prefix before every id and the links to them."""
    if not prefix:
        return
    own = {each.get("id") for each in root.iter() if each.get("id")}
    for element in root.iter():
        if element.get("id"):
            element.set("id", prefix + element.get("id", ""))
        target = element.get("href", "")
        if target[:1] == "#" and target[1:] in own:
            element.set("href", f"#{prefix}{target[1:]}")


def write_html(root: Element, *, scrolls: bool = True) -> str:
    """Write the content of a root that `lower` prepared as HTML.

    With `scrolls`, code can be reached with the keyboard to scroll it.
    """
    pieces: list[str] = []
    _write_inside(root, pieces.append, scrolls)
    return "".join(pieces)


def _write_inside(element: Element, write: Callable[[str], None], scrolls: bool) -> None:
    if element.text:
        write(_escape(element.text))
    for child in element:
        _write(child, write, scrolls)
        if child.tail:
            write(_escape(child.tail))


def _write(element: Element, write: Callable[[str], None], scrolls: bool) -> None:
    tag = element.tag
    if tag == "raw":
        write(element.text or "")
    elif tag == "codeblock":
        write(highlight(element.text or "", element.get("language", ""), scrolls=scrolls))
    elif tag == "tick":
        done = "checked" in element.attrib
        name, checked = ("done", " checked") if done else ("to do", "")
        write(f'<input type="checkbox" aria-label="{name}" disabled{checked}>')
    elif START in element.attrib:
        write(element.get(START, ""))
        _write_inside(element, write, scrolls)
        write(element.get(END, ""))
    else:
        write(f"<{tag}{''.join(_attribute(*each) for each in element.items())}>")
        if tag == "code":
            write(escape(element.text or "", quote=False))
        elif tag not in _VOID:
            _write_inside(element, write, scrolls)
        if tag not in _VOID:
            write(f"</{tag}>")


def _attribute(name: str, value: str) -> str:
    if name[0] == "@":
        return ""
    return f' {name}="{_escape(value).replace(chr(34), "&quot;")}"'


def _escape(text: str) -> str:
    """Text for HTML; a reference that stands in it stays one."""
    if "&" in text:
        text = _AMPERSAND.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text
