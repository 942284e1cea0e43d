"""The plain-text part of a mail, as a person would have typed it.

It is written from the mail's rendered body rather than from its Markdown: one reading of the author's text, so
that the two parts of a mail cannot say different things.
"""

import re
import textwrap
from dataclasses import dataclass, field
from html.parser import HTMLParser

from leads.mail_text import FOLD, WIDTH
from leads.placeholders import OPEN

_SPACE = re.compile(r"[ \t\r\n]+")  # not the no-break space, which an author meant
_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_BLOCKS = frozenset(
    [
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


@dataclass
class _Node:
    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list["_Node | str"] = field(default_factory=list)


def write_text(html: str) -> str:
    """Rendered Markdown as text: paragraphs wrapped, links with their addresses, lists and quotes marked."""
    return "\n\n".join(_blocks(_parse(html), WIDTH))


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("div")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if any(node.tag == tag for node in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _parse(html: str) -> _Node:
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    return builder.root


def _blocks(node: _Node, width: int) -> list[str]:
    """The blocks inside a node; loose inline content between them makes paragraphs of its own."""
    blocks: list[str] = []
    inline: list[_Node | str] = []
    for child in [*node.children, _Node("p")]:
        if isinstance(child, _Node) and child.tag in _BLOCKS:
            blocks += [_wrap(_inline(inline), width), _block(child, width)]
            inline = []
        else:
            inline.append(child)
    return [block for block in blocks if block.strip()]


def _block(node: _Node, width: int) -> str:
    write = _WRITERS.get(node.tag)
    return write(node, width) if write else "\n\n".join(_blocks(node, width))


def _write_paragraph(node: _Node, width: int) -> str:
    content = [each for each in node.children if not isinstance(each, str) or each.strip()]
    if len(content) == 1 and isinstance(content[0], _Node) and content[0].tag == "a":
        return _write_lone_link(content[0], width)
    return _wrap(_inline(node.children), width)


def _write_lone_link(link: _Node, width: int) -> str:
    """A link alone in its paragraph: the call to action, its address on a line of its own."""
    label, address = _inline(link.children).strip(), _address(link)
    return address if label in ("", address) else f"{_wrap(label.rstrip(':'), width)}:\n{address}"


def _write_heading(node: _Node, width: int) -> str:
    title = _wrap(_inline(node.children), width)
    length = max(map(len, title.splitlines()), default=0)
    return f"{title}\n{'-' * min(length, width)}"


def _write_list(node: _Node, width: int) -> str:
    items = [each for each in node.children if isinstance(each, _Node)]
    first = int(node.attributes.get("start") or 1)
    signs = [f"{first + at}. " if node.tag == "ol" else "- " for at in range(len(items))]
    written = [_hang(sign, _blocks(item, width - len(sign))) for sign, item in zip(signs, items, strict=True)]
    return ("\n\n" if any("\n\n" in each for each in written) else "\n").join(written)


def _hang(sign: str, blocks: list[str]) -> str:
    """List item: the sign before its first line, the rest indented beneath; a nested list follows at once."""
    text = blocks[0] if blocks else ""
    for block in blocks[1:]:
        text += ("\n" if block.startswith(("- ", "1. ")) else "\n\n") + block
    return sign + textwrap.indent(text, " " * len(sign))[len(sign) :]


def _write_quote(node: _Node, width: int) -> str:
    text = "\n\n".join(_blocks(node, width - 2))
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _write_code(node: _Node, width: int) -> str:
    return textwrap.indent(_raw(node).strip("\n"), "    ")


def _write_rule(node: _Node, width: int) -> str:
    return "* * *"


def _write_row(node: _Node, width: int) -> str:
    cells = [_inline(each.children).strip() for each in node.children if isinstance(each, _Node)]
    return " | ".join(cells)


def _write_table(node: _Node, width: int) -> str:
    return "\n".join(_write_row(row, width) for row in _rows(node))


def _rows(node: _Node) -> list[_Node]:
    inner = [each for each in node.children if isinstance(each, _Node)]
    return [row for each in inner for row in ([each] if each.tag == "tr" else _rows(each))]


_WRITERS = {
    "p": _write_paragraph,
    "ul": _write_list,
    "ol": _write_list,
    "blockquote": _write_quote,
    "pre": _write_code,
    "hr": _write_rule,
    "table": _write_table,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _write_heading),
}


def _inline(children: list[_Node | str]) -> str:
    return "".join(_SPACE.sub(" ", each) if isinstance(each, str) else _phrase(each) for each in children)


def _phrase(node: _Node) -> str:
    text = _inline(node.children)
    match node.tag:
        case "br":
            return "\n"
        case "a" if node.attributes.get("class") == "footnote-ref":
            return f"[{text}]"
        case "a" if node.attributes.get("class") == "footnote-backref":
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
            return node.attributes.get("alt") or ""
        case "input":
            return "[x] " if "checked" in node.attributes else "[ ] "
    return text


def _address(link: _Node) -> str:
    return (link.attributes.get("href") or "").removeprefix("mailto:")


def _raw(node: _Node) -> str:
    return "".join(each if isinstance(each, str) else _raw(each) for each in node.children)


def _wrap(text: str, width: int) -> str:
    """Lines of at most `width` columns; an address longer than that keeps its line whole."""
    lines = (_SPACE.sub(" ", line).strip(" ") for line in text.strip().split("\n"))
    return "\n".join(_wrap_line(line, max(width, 20)) for line in lines)


def _wrap_line(line: str, width: int) -> str:
    """One line as several; where a placeholder stands in it, how many is known when the placeholder is filled."""
    if OPEN in line:
        return FOLD + line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
