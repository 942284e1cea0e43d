"""Turns lessons of the Software Carpentry into lessons of ours: front matter, boxes of colons, figures.

What a lesson holds is counted here as well, from the source and by other means, for tests to compare.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

_OPENS = re.compile(r"^:{3,}\s+(\w+)\s*$")
_CLOSES = re.compile(r"^:{3,}\s*$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_FIGURE = re.compile(r"!\[\]\(([^)]*)\)\{alt=(['\"])(.*?)\2\}")

#: What becomes of each of their boxes.
_BOXES = {
    "callout": "NOTE",
    "spoiler": "NOTE",
    "instructor": "IMPORTANT",
    "questions": "QUESTIONS",
    "keypoints": "TIP",
    "challenge": "EXERCISE",
    "solution": "SOLUTION",
}


@dataclass(frozen=True)
class Held:
    """What a lesson holds."""

    headings: list[str]
    blocks: list[str]
    figures: int
    exercises: int
    solutions: int


def convert(source: Path, target: Path, figures: Path) -> None:
    """Write every lesson of a folder as a lesson of a course, and the figures beside them."""
    target.mkdir(parents=True)
    shutil.copytree(figures, target / "fig")
    for path in sorted(source.glob("*.md")):
        (target / path.name).write_text(_lesson(path.read_text("utf-8"), target), "utf-8")


def held(text: str) -> Held:
    """Count what a lesson holds. Some of it stands in quotes, by an older way of writing boxes."""
    prose, blocks = _parted(text.split("---\n", 2)[2].split("\n"))
    return Held(
        headings=[each.strip() for each in re.findall(r"^#+ +(.+)$", prose, re.MULTILINE)],
        blocks=blocks,
        figures=prose.count("![]("),
        exercises=len(re.findall(r"^:{3,}\s+challenge", prose, re.MULTILINE)),
        solutions=len(re.findall(r"^:{3,}\s+solution", prose, re.MULTILINE)),
    )


def _parted(lines: list[str]) -> tuple[str, list[str]]:
    """The prose, and each fenced block of code; both without the marks of the quotes around them."""
    prose: list[str] = []
    blocks: list[str] = []
    fence = quote = ""
    for line in lines:
        if not fence:
            quote = re.match(r"(?:> ?)*", line)[0]
        bare = line.removeprefix(quote)
        marked = _FENCE.match(bare)
        if marked and (not fence or marked[1].startswith(fence)):
            fence, blocks = ("", blocks) if fence else (marked[1], [*blocks, ""])
        elif fence:
            blocks[-1] += f"{bare}\n"
        else:
            prose.append(bare)
    return "\n".join(prose), blocks


def _lesson(text: str, folder: Path) -> str:
    _, front, body = text.split("---\n", 2)
    known = yaml.safe_load(front)
    lines, objectives = _boxed(body.split("\n"))
    ours = {
        "title": known["title"],
        "minutes": max(1, known["teaching"] + known["exercises"]),
        "objectives": objectives,
    }
    written = _FIGURE.sub(lambda found: _figure(found, folder), "\n".join(lines))
    # The course's own set-up page did not come with the lessons.
    written = re.sub(r"\[([^\]]*)\]\(\.\./learners/setup\.md\)", r"\1", written)
    return f"---\n{yaml.safe_dump(ours, allow_unicode=True)}---\n{written}"


def _figure(found: re.Match[str], folder: Path) -> str:
    name = found[1]
    if not (folder / name).exists():
        name = name.replace(".png", ".svg")
    alt = re.sub(r"([\[\]])", r"\\\1", found[3])
    return f"![{alt}]({name})"


def _boxed(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines with each box as an alert, and the items of the box of objectives."""
    written: list[str] = []
    objectives: list[str] = []
    open_boxes: list[str] = []
    fence = ""
    for line in lines:
        marked = _FENCE.match(line)
        if marked and (not fence or marked[1].startswith(fence)):
            fence = "" if fence else marked[1]
        opens, closes = (None, None) if fence else (_OPENS.match(line), _CLOSES.match(line))
        if opens:
            open_boxes.append(opens[1])
            if opens[1] != "objectives":
                depth = len(open_boxes)
                written += [("> " * (depth - 1)).rstrip(), f"{'> ' * depth}[!{_BOXES[opens[1]]}]"]
        elif closes and open_boxes:
            open_boxes.pop()
            written.append(("> " * len(open_boxes)).rstrip())
        elif open_boxes[-1:] == ["objectives"]:
            objectives += [line[2:].strip()] if line.startswith("- ") else []
        else:
            written.append(("> " * len(open_boxes) + line).rstrip())
    return written, objectives
