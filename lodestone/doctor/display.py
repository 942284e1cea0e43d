"""The examination for people and for programs."""

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
#: Where sentences begin, in columns; and the widest they run, as long lines are hard to read.
_INDENT, _WIDEST = 11, 100

Piece = tuple[str, str]  # text and its style


def as_json(stack: str, region: str, sections: tuple[Section, ...]) -> str:
    """One document: the counts, and every finding with its section."""
    found = [{"section": each.title, **asdict(finding)} for each in sections for finding in each.findings]
    counts = {f"{severity}s": count(sections, severity) for severity in (Severity.ERROR, Severity.WARNING)}
    document = {"stack": stack, "region": region, **counts, "unseen": count(sections, Severity.UNSEEN)}
    return json.dumps({**document, "findings": found}, indent=2, ensure_ascii=False)


def styled(stack: str, region: str, sections: tuple[Section, ...], width: int) -> "Text":
    """The same as a `rich.text.Text`; rich drops the colours where the output is no terminal."""
    from rich.text import Text

    pieces: list[Piece] = [("stack ", ""), (stack, "bold"), (f" in {region}\n", "")]
    for each in sections:
        pieces += [(f"\n{each.title}\n", "bold")]
        for finding in each.findings:
            pieces += _told(finding, min(width, _WIDEST))
    return Text.assemble(*pieces, ("\n" + summarise(sections), "bold"))


def summarise(sections: tuple[Section, ...]) -> str:
    """`1 error, 2 warnings; could not look at 3 things`, or that all is well."""
    errors, warnings = count(sections, Severity.ERROR), count(sections, Severity.WARNING)
    blind = count(sections, Severity.UNSEEN)
    told = [counted(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    could_not = f"; could not look at {counted(blind, 'thing')}" if blind else ""
    return (", ".join(told) or "nothing is wrong") + could_not


def _told(finding: Finding, width: int) -> Iterator[Piece]:
    yield f"  {finding.severity:<{_INDENT - 2}}", _COLOURS[finding.severity]
    yield _wrapped(finding.says, width), ""
    if finding.means:
        yield from _paragraph(finding.means, width)
    if finding.remedy:
        yield from _paragraph(f"remedy: {finding.remedy}", width)
    for line in finding.copy:
        yield f"{' ' * (_INDENT + 2)}{line}\n", "cyan"  # in one piece, however long: it is there to be copied


def _paragraph(text: str, width: int) -> Iterator[Piece]:
    yield " " * _INDENT, ""
    yield _wrapped(text, width), "dim" if not text.startswith("remedy: ") else ""


def _wrapped(text: str, width: int) -> str:
    """The text, its first line where the cursor stands, the others indented."""
    lines = textwrap.wrap(text, max(30, width - _INDENT), break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * _INDENT}".join(lines) + "\n"
