"""Format the findings, for people as styled text and for programs as JSON."""

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from lodestone.doctor.findings import Finding, Section, Severity, count
from lodestone.formats.counts import counted

if TYPE_CHECKING:
    from rich.text import Text

_COLOURS = {
    Severity.OK: "green",
    Severity.UNSEEN: "cyan",
    Severity.WARNING: "bold yellow",
    Severity.ERROR: "bold red",
}
#: The column at which sentences begin, and the greatest width of the text: long lines are hard to read.
_INDENT, _WIDEST = 11, 100

Piece = tuple[str, str]  # text and its style


def as_json(stack: str, region: str, sections: tuple[Section, ...]) -> str:
    """Return a JSON document: the counts, and every finding with its section."""
    found = [{"section": each.title, **asdict(finding)} for each in sections for finding in each.findings]
    counts = {f"{severity}s": count(sections, severity) for severity in (Severity.ERROR, Severity.WARNING)}
    document = {"stack": stack, "region": region, **counts, "unseen": count(sections, Severity.UNSEEN)}
    return json.dumps({**document, "findings": found}, indent=2, ensure_ascii=False)


def styled(stack: str, region: str, sections: tuple[Section, ...], width: int) -> "Text":
    """Return the findings as a `rich.text.Text`. Rich drops the colours if the output is no terminal."""
    from rich.text import Text

    pieces: list[Piece] = [("stack ", ""), (stack, "bold"), (f" in {region}\n", "")]
    for each in sections:
        pieces += [(f"\n{each.title}\n", "bold")]
        for finding in each.findings:
            pieces += _pieces(finding, min(width, _WIDEST))
    return Text.assemble(*pieces, ("\n" + summarise(sections), "bold"))


def summarise(sections: tuple[Section, ...]) -> str:
    """Format the counts: `1 error, 2 warnings; could not look at 3 things`, or `nothing is wrong`."""
    errors, warnings = count(sections, Severity.ERROR), count(sections, Severity.WARNING)
    unseen = count(sections, Severity.UNSEEN)
    told = [counted(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    could_not = f"; could not look at {counted(unseen, 'thing')}" if unseen else ""
    return (", ".join(told) or "nothing is wrong") + could_not


def _pieces(finding: Finding, width: int) -> Iterator[Piece]:
    yield f"  {finding.severity:<{_INDENT - 2}}", _COLOURS[finding.severity]
    yield _wrapped(finding.says, width), ""
    if finding.means:
        yield from _paragraph(finding.means, width)
    if finding.remedy:
        yield from _paragraph(f"remedy: {finding.remedy}", width)
    for line in finding.copy:
        yield f"{' ' * (_INDENT + 2)}{line}\n", "cyan"  # never wrapped, so that it can be copied


def _paragraph(text: str, width: int) -> Iterator[Piece]:
    yield " " * _INDENT, ""
    yield _wrapped(text, width), "dim" if not text.startswith("remedy: ") else ""


def _wrapped(text: str, width: int) -> str:
    """Wrap the text. The first line continues the line that was begun; the others are indented."""
    lines = textwrap.wrap(text, max(30, width - _INDENT), break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * _INDENT}".join(lines) + "\n"
