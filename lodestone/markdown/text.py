"""A tree as plain text, as a person would have typed it: the text part of a mail."""

import re
import textwrap
from html import unescape
from xml.etree.ElementTree import Element

from leads.mail_text import FOLD, WIDTH
from leads.placeholders import OPEN
from lodestone.markdown.tree import contents, raw_text

_SPACE = re.compile(r"[ \t\r\n]+")  # not the no-break space, which an author meant
_BLOCKS = frozenset(
    [
        "codeblock",
        "article",
        "aside",
        "blockquote",
        "details",
        "div",
        "dl",
        "dd",
        "dt",
        "figure",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "thead",
        "tr",
        "ul",
    ]
)


def write_text(root: Element) -> str:
    """Write the content of a root that `lower` prepared as text.

    Paragraphs are wrapped, links are followed by their addresses, lists and quotes are marked.
    """
    return "\n\n".join(_blocks(root, WIDTH))


def _blocks(node: Element, width: int) -> list[str]:
    """The blocks inside a node; loose inline content between them makes paragraphs of its own."""
    blocks: list[str] = []
    inline: list[Element | str] = []
    for child in [*contents(node), Element("p")]:
        if not isinstance(child, str) and child.tag in _BLOCKS:
            blocks += [_wrap(_inline(inline), width), _block(child, width)]
            inline = []
        else:
            inline.append(child)
    return [block for block in blocks if block.strip()]


def _block(node: Element, width: int) -> str:
    write = _WRITERS.get(node.tag)
    return write(node, width) if write else "\n\n".join(_blocks(node, width))


def _write_paragraph(node: Element, width: int) -> str:
    content = [each for each in contents(node) if not isinstance(each, str) or each.strip()]
    only = content[0] if len(content) == 1 else ""
    if not isinstance(only, str) and only.tag == "a":
        return _write_lone_link(only, width)
    return _wrap(_inside(node), width)


def _write_lone_link(link: Element, width: int) -> str:
    """A link alone in its paragraph: the call to action, its address on a line of its own."""
    label, address = _inside(link).strip(), _address(link)
    return address if label in ("", address) else f"{_wrap(label.rstrip(':'), width)}:\n{address}"


def _write_heading(node: Element, width: int) -> str:
    title = _wrap(_inside(node), width)
    length = max(map(len, title.splitlines()), default=0)
    return f"{title}\n{'-' * min(length, width)}"


def _write_list(node: Element, width: int) -> str:
    items = list(node)
    first = int(node.get("start") or 1)
    signs = [f"{first + at}. " if node.tag == "ol" else "- " for at in range(len(items))]
    written = [_hang(sign, _blocks(item, width - len(sign))) for sign, item in zip(signs, items, strict=True)]
    return ("\n\n" if any("\n\n" in each for each in written) else "\n").join(written)


def _hang(sign: str, blocks: list[str]) -> str:
    """List item: the sign before its first line, the rest indented beneath; a nested list follows at once."""
    text = blocks[0] if blocks else ""
    for block in blocks[1:]:
        text += ("\n" if block.startswith(("- ", "1. ")) else "\n\n") + block
    return sign + textwrap.indent(text, " " * len(sign))[len(sign) :]


def _write_quote(node: Element, width: int) -> str:
    text = "\n\n".join(_blocks(node, width - 2))
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _write_code(node: Element, width: int) -> str:
    return textwrap.indent(_verbatim(node).strip("\n"), "    ")


def _write_rule(node: Element, width: int) -> str:
    return "* * *"


def _write_row(node: Element, width: int) -> str:
    cells = [_inside(each).strip() for each in node]
    return " | ".join(cells)


def _write_table(node: Element, width: int) -> str:
    return "\n".join(_write_row(row, width) for row in _rows(node))


def _rows(node: Element) -> list[Element]:
    return [row for each in node for row in ([each] if each.tag == "tr" else _rows(each))]


_WRITERS = {
    "p": _write_paragraph,
    "ul": _write_list,
    "ol": _write_list,
    "blockquote": _write_quote,
    "pre": _write_code,
    "codeblock": _write_code,
    "hr": _write_rule,
    "table": _write_table,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _write_heading),
}


def _inside(node: Element) -> str:
    """What stands in a node, in one run."""
    return _inline(list(contents(node)))


def _inline(children: list[Element | str]) -> str:
    return "".join(_SPACE.sub(" ", each) if isinstance(each, str) else _phrase(each) for each in children)


def _phrase(node: Element) -> str:
    text = _inside(node)
    match node.tag:
        case "br":
            return "\n"
        case "raw":
            return _SPACE.sub(" ", raw_text(node))
        case "a" if node.get("class") == "footnote-ref":
            return f"[{text}]"
        case "a" if node.get("class") == "footnote-backref":
            return ""
        case "a":
            address = _address(node)
            return address if text in ("", address) else f"{text} ({address})"
        case "del" | "s":
            return f"~{text}~"
        case "strong" | "b":
            return f"*{text}*"
        case "em" | "i":
            return f"_{text}_"
        case "img":
            return unescape(node.get("alt", ""))
        case "input" | "tick":
            return "[x] " if "checked" in node.attrib else "[ ] "
    return text


def _address(link: Element) -> str:
    return unescape(link.get("href", "")).removeprefix("mailto:")


def _verbatim(node: Element) -> str:
    """The text within code, its line ends kept."""
    pieces = (each if isinstance(each, str) else _verbatim(each) for each in contents(node))
    return raw_text(node) if node.tag == "raw" else "".join(pieces)


def _wrap(text: str, width: int) -> str:
    """Lines of at most `width` columns; an address longer than that keeps its line whole."""
    lines = (_SPACE.sub(" ", line).strip(" ") for line in text.strip().split("\n"))
    return "\n".join(_wrap_line(line, max(width, 20)) for line in lines)


def _wrap_line(line: str, width: int) -> str:
    """One line as several; where a placeholder stands in it, how many is known when the placeholder is filled."""
    if OPEN in line:
        return FOLD + line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
