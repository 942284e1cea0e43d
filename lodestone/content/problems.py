"""Problems in content: collected while loading, then printed together, as a compiler prints them.

    magnets/pricing-guide/magnet.md:4:7: error: unknown kind `ebok`
      4 | kind: ebok
        |       ^^^^
      help: did you mean `ebook`? kinds: course, ebook, report, template

A problem carries the line it points at, so that it can be printed after the file has changed again.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from lodestone.content.places import Place
from lodestone.formats.counts import counted

if TYPE_CHECKING:
    from rich.text import Text

#: How much of a long line is shown: a paragraph is often one line of a thousand characters.
_WINDOW = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `path` is relative to the root, with slashes; line and column count from 1, in characters.

    An `error` stops the build, a `warning` never does. `source` is the line itself, "" where the file has none.
    """

    path: str
    line: int
    column: int
    length: int
    message: str
    help: str = ""
    severity: str = "error"
    source: str = ""


class Problems(list[Problem]):
    """The problems that loading code adds; paths are stored relative to `root`."""

    def __init__(self, root: Path):
        super().__init__()
        self.root = root

    def add(self, place: Place, message: str, help: str = "", severity: str = "error") -> None:
        """Add a problem at a place."""
        path = place.path
        if path.is_relative_to(self.root):
            path = path.relative_to(self.root)
        mark = place.mark
        self.append(
            Problem(
                path.as_posix(), mark.line, mark.column, mark.length, message, help, severity, place.source
            )
        )

    def warn(self, place: Place, message: str, help: str = "") -> None:
        """Add a warning, which does not stop the build."""
        self.add(place, message, help, severity="warning")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file and line."""
    return sorted(set(problems), key=lambda each: (each.path, each.line, each.column, each.message))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether anything among them stops the build."""
    return any(each.severity == "error" for each in problems)


def as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems for an editor: `file`, `line`, `column`, `length`, `severity`, `message`, `help`."""
    return [_as_record(each) for each in in_order(problems)]


def _as_record(problem: Problem) -> dict[str, Any]:
    record = asdict(problem)
    del record["source"]
    return {"file": record.pop("path"), **record}


def render(problems: Iterable[Problem]) -> str:
    """All problems as plain text, one after the other."""
    return "\n".join("".join(text for text, _ in _pieces(each)) for each in in_order(problems))


def styled(problems: Iterable[Problem]) -> "Text":
    """Format all problems with colours; rich drops them where the output is no terminal."""
    from rich.text import Text  # only the command line shows colours, and rich is slow to import

    lines = [Text.assemble(*_pieces(each)) for each in in_order(problems)]
    return Text("\n").join(lines)


def summarise(problems: Iterable[Problem], magnet_count: int) -> str:
    """Format the counts: `3 problems in 2 of 14 magnets`, with the site's own files if they have some."""
    listed = in_order(problems)
    errors = [each for each in listed if each.severity == "error"]
    counts = [counted(len(errors), "problem")] if errors else []
    if len(listed) > len(errors):
        counts.append(counted(len(listed) - len(errors), "warning"))
    return f"{' and '.join(counts) or 'no problems'}{_locations(listed, magnet_count)}"


def _locations(problems: list[Problem], magnet_count: int) -> str:
    folders = [each.path.split("/")[:-1] for each in problems]
    magnets = {parts[1] for parts in folders if parts[:1] == ["magnets"] and len(parts) > 1}
    places = []
    if magnets:
        places.append(f"{len(magnets)} of {counted(magnet_count, 'magnet')}")
    if any(parts[:1] != ["magnets"] or len(parts) < 2 for parts in folders):
        places.append("the site's own files")
    return f" in {' and '.join(places)}" if places else ""


def _pieces(problem: Problem) -> list[tuple[str, str]]:
    colour = "red" if problem.severity == "error" else "yellow"
    pieces = [
        (f"{problem.path}:{problem.line}:{problem.column}: ", "bold"),
        (f"{problem.severity}: ", f"bold {colour}"),
        (f"{problem.message}\n", "bold"),
    ]
    if problem.source.strip():
        pieces += _excerpt(problem, colour)
    if problem.help:
        pieces += [("  help: ", "cyan"), (f"{problem.help}\n", "")]
    return pieces


def _excerpt(problem: Problem, colour: str) -> list[tuple[str, str]]:
    shown, column = _window(problem.source.replace("\t", " "), problem.column, problem.length)
    number = str(problem.line)
    before = "".join("  " if east_asian_width(char) in "WF" else " " for char in shown[: column - 1])
    carets = "^" * max(1, min(problem.length, len(shown) - column + 1))
    return [
        (f"  {number} | ", "dim"),
        (f"{shown}\n", ""),
        (f"  {' ' * len(number)} | ", "dim"),
        (f"{before}{carets}\n", colour),
    ]


def _window(source: str, column: int, length: int) -> tuple[str, int]:
    """The part of a long line around the column, and the column within it."""
    if len(source) <= _WINDOW:
        return source.rstrip(), column
    start = max(0, min(column - 1 - _WINDOW // 3, len(source) - _WINDOW))
    end = max(start + _WINDOW, column - 1 + min(length, _WINDOW))
    head, tail = ("…" if start else ""), ("…" if end < len(source) else "")
    return f"{head}{source[start:end].rstrip()}{tail}", column - start + len(head)
