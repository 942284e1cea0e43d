"""How each block of Markdown begins and ends, by GitHub's specification (GFM 0.29, chapters 4 and 5)."""

import re

FENCE = re.compile(r"^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s{]*)")
HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$")
RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
QUOTE = re.compile(r"^ {0,3}> ?")
ITEM = re.compile(r"^( {0,3})([-+*]|\d{1,9}[.)])( +|$)")
UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$")
ALERT = re.compile(r"^\[!(\w+)\][ \t]*$")
ADMONITION = re.compile(r'^!!! ?([\w-]+)(?:[ \t]+"(.*)")?[ \t]*$')
REFERENCE = re.compile(
    r"^ {0,3}\[((?:[^\[\]\\]|\\.)+)\]:[ \t]*(?:<([^<>]*)>|(\S+))"
    r"(?:[ \t]+(?:\"([^\"]*)\"|'([^']*)'|\(([^)]*)\)))?[ \t]*$"
)
DELIMITER_ROW = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")

_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main"
    "|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead"
    "|title|tr|track|ul"
)
_ATTRIBUTE = r"\s+[\w:.-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?"
_TAG_ALONE = rf"<(?:[a-zA-Z][\w-]*(?:{_ATTRIBUTE})*\s*/?|/[a-zA-Z][\w-]*\s*)>\s*$"
_VERBATIM = "script|pre|style|textarea"

#: Raw HTML: what opens a block of it, what ends it (None: a blank line), and whether it may interrupt a paragraph.
HTML = (
    (re.compile(rf"^ {{0,3}}<({_VERBATIM})(\s|>|$)", re.I), re.compile(rf"</({_VERBATIM})>", re.I), True),
    (re.compile(r"^ {0,3}<!--"), re.compile(r"-->"), True),
    (re.compile(r"^ {0,3}<\?"), re.compile(r"\?>"), True),
    (re.compile(r"^ {0,3}<!\[CDATA\["), re.compile(r"\]\]>"), True),
    (re.compile(r"^ {0,3}<![a-zA-Z]"), re.compile(r">"), True),
    (re.compile(rf"^ {{0,3}}</?(?:{_BLOCK_TAGS})(?:\s|/?>|$)", re.I), None, True),
    (re.compile(rf"^ {{0,3}}{_TAG_ALONE}"), None, False),
)  # fmt: skip


def indent_of(line: str) -> int:
    """Leading spaces."""
    return len(line) - len(line.lstrip(" "))


def html_start(line: str) -> tuple[re.Pattern[str] | None, bool] | None:
    """What ends the raw HTML that begins here, and whether it may interrupt a paragraph; None if it is none."""
    if "<" not in line[:4]:
        return None
    return next(((end, interrupts) for start, end, interrupts in HTML if start.match(line)), None)


def interrupts_paragraph(line: str) -> bool:
    """Whether a line begins a new block although a paragraph is open above it."""
    first = line.lstrip(" ")[:1]
    if not first or indent_of(line) > 3:
        return not first
    if first in "`~":
        return bool(FENCE.match(line))
    if first == "#":
        return bool(HEADING.match(line))
    if first == ">":
        return True
    if first == "<":
        html = html_start(line)
        return bool(html and html[1])
    if RULE.match(line):
        return True
    if first == "[":
        return bool(NOTE.match(line))
    item = ITEM.match(line)
    return bool(item and item[3] and line[item.end() :] and (not item[2][0].isdigit() or item[2][:-1] == "1"))


def cells_of(row: str) -> list[tuple[str, int]]:
    """A table row's cells as written, and where in the row each begins; an escaped pipe is part of its cell."""
    end = len(re.sub(r"(?<!\\)\|\s*$", "", row.rstrip()))
    start = indent_of(row)
    start += row[start : start + 1] == "|"
    cells = []
    for cell in re.split(r"(?<!\\)\|", row[start : max(start, end)]):
        cells.append((cell.strip(), start + len(cell) - len(cell.lstrip())))
        start += len(cell) + 1
    return cells


def alignment_class(cell: str) -> str:
    """The class for a column, by the colons of its delimiter cell."""
    sides = (cell.startswith(":"), cell.endswith(":"))
    return {(True, True): "align-center", (False, True): "align-right", (True, False): "align-left"}.get(
        sides, ""
    )


class Inner(list[str]):
    """A container's lines so far. Each is looked at for fences once, however often `ends_in_paragraph` is asked."""

    def __init__(self, *lines: str):
        super().__init__(lines)
        self._followed, self._fence = 0, ""

    def ends_in_paragraph(self) -> bool:
        """Whether a paragraph is open at the end of the lines, so that a lazy line continues it (GFM 5.1)."""
        for line in self[self._followed :]:
            self._follow(line)
        self._followed = len(self)
        last = _bare(self[-1]) if self else ""
        if self._fence or not last.strip() or FENCE.match(last) or HEADING.match(last) or RULE.match(last):
            return False
        html = html_start(last)
        opens_code = indent_of(last) > 3 and (len(self) < 2 or not self[-2].strip())
        return not opens_code and not (html and html[1])

    def _follow(self, line: str) -> None:
        """Take down which fence is open behind a line, "" for none."""
        found = FENCE.match(_bare(line)) if "```" in line or "~~~" in line else None
        if found and not self._fence:
            self._fence = found[2]
        elif found and found[2].startswith(self._fence) and not found[3]:
            self._fence = ""


def _bare(line: str) -> str:
    """A line without the marks of the quotes and lists it opens."""
    while True:
        mark = QUOTE.match(line) or (ITEM.match(line) if not RULE.match(line) else None)
        if not mark:
            return line
        line = line[mark.end() :]
