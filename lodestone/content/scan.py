"""Links and pictures in Markdown source, with their offsets: what the checker of links reads.

It reads the source and not the rendered page, because a problem must point at the character, and because a
thousand pages are to be checked in about a second.
"""

import re
from dataclasses import dataclass

from lodestone.content.code import blank_code

_DESTINATION = r"<(?P<angled>[^<>\n]*)>|(?P<bare>(?:\{\{[^{}\n]*\}\}|\\.|[^\s()<>\\]|\((?:\\.|[^\s()])*\))+)"
_INLINE = re.compile(rf"\]\([ \t]*\n?[ \t]*(?:{_DESTINATION})?(?=\s*\)|\s+[\"'(])")
_REFERENCE = re.compile(
    rf"^[ ]{{0,3}}\[(?!\^)(?P<label>(?:[^\[\]\\]|\\.)+)\]:[ \t]*\n?[ \t]*(?:{_DESTINATION})(?=\s)",
    re.MULTILINE,
)
_TAG = re.compile(
    r"<(?P<tag>a|img|source|video|audio)\b(?P<before>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)"
    r"\b(?:href|src)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')(?P<after>[^>]*)",
    re.IGNORECASE,
)
_USE = re.compile(r"(?<!\\)\[(?P<text>(?:[^\[\]\\]|\\.)+)\]\[(?P<label>(?:[^\[\]\\]|\\.)+)\]")
_NOTE = re.compile(r"^[ ]{0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)
_NOTE_USE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?![(:])")
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_ID = re.compile(r"<[a-zA-Z][^>]*\bid\s*=\s*[\"']?([^\"'\s>]+)")


@dataclass(frozen=True, slots=True)
class Link:
    """A link or a picture (`kind` "link" or "image") as written; `label` is what stands in its brackets."""

    kind: str
    target: str
    offset: int
    label: str = ""


def scan_links(text: str) -> list[Link]:
    """Every link and picture outside code, in order."""
    if "](" not in text and "]:" not in text and "<" not in text:
        return []
    plain = blank_code(text)
    found = [*_inline(plain), *_references(plain), *_tags(plain)]
    return sorted(found, key=lambda each: each.offset)


def undefined_labels(text: str) -> list[Link]:
    """`[text][label]` where no `[label]: …` says where it leads."""
    if "][" not in text:
        return []
    plain = blank_code(text)
    defined = {_normal(match["label"]) for match in _REFERENCE.finditer(f"{plain}\n")}
    uses = (match for match in _USE.finditer(plain) if _normal(match["label"]) not in defined)
    return [Link("link", match["label"], match.start("label"), match["text"]) for match in uses]


def undefined_footnotes(text: str) -> list[Link]:
    """`[^1]` without a line `[^1]: …`."""
    if "[^" not in text:
        return []
    plain = blank_code(text)
    defined = set(_NOTE.findall(plain))
    uses = (match for match in _NOTE_USE.finditer(plain) if match[1] not in defined)
    return [Link("link", match[0], match.start()) for match in uses]


def written_ids(text: str) -> set[str]:
    """The ids that raw HTML gives."""
    return set(_ID.findall(blank_code(text))) if "id" in text else set()


def _normal(label: str) -> str:
    return " ".join(label.split()).casefold()


def _destination(match: re.Match) -> tuple[str, int]:
    for name in ("angled", "bare"):
        if match[name] is not None:
            return match[name], match.start(name)
    return "", match.start()


def _inline(plain: str) -> list[Link]:
    openings = _openings(plain)
    found = []
    for match in _INLINE.finditer(plain):
        start = openings.get(match.start())
        if start is None:
            continue
        target, offset = _destination(match)
        is_image = plain[start - 1 : start] == "!" and plain[start - 2 : start - 1] != "\\"
        label = plain[start + 1 : match.start()]
        found.append(Link("image" if is_image else "link", target, offset, label))
    return found


def _openings(plain: str) -> dict[int, int]:
    """Where the bracket that each `]` closes was opened."""
    stack: list[int] = []
    pairs = {}
    for match in _BRACKET.finditer(plain):
        if match[0] == "[":
            stack.append(match.start())
        elif match[0] == "]" and stack:
            pairs[match.start()] = stack.pop()
    return pairs


def _references(plain: str) -> list[Link]:
    return [Link("link", *_destination(match), match["label"]) for match in _REFERENCE.finditer(f"{plain}\n")]


def _tags(plain: str) -> list[Link]:
    found = []
    for match in _TAG.finditer(plain):
        name = "double" if match["double"] is not None else "single"
        alt = re.search(r"\balt\s*=", match["before"] + match["after"], re.IGNORECASE)
        kind = "link" if match["tag"].lower() == "a" else "image"
        found.append(Link(kind, match[name].strip(), match.start(name), "given" if alt else ""))
    return found
