"""The chapters of a book: found, titled, and given the anchors that links between them lead to."""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from lodestone.content.edits import Edited, replace_stretches
from lodestone.content.files import FileFinder
from lodestone.content.model import Chapter, Document, KeyPath
from lodestone.content.places import top_of, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import BookFront, BookPart
from lodestone.content.source import read_document

_HEADING = re.compile(r"^ {0,3}#{1,2}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]|<[^>]+>")

#: Jekyll's prefix for the site's own addresses, in the four ways authors write it in a link.
_BASEURL = re.compile(r"\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\}")
_FILTERED = re.compile(r"""\{\{-?\s*["']([^"'{}]*)["']\s*\|\s*(?:relative_url|absolute_url)\s*-?\}\}""")
_IN_LINK = re.compile(
    r"""(\]\(<?|(?:href|src)=["']?|^ {0,3}\[[^\]]+\]:[ \t]*<?)((?:\{\{[^{}]*\}\})+)""", re.MULTILINE
)


def load_chapters(
    doc: Document, book: BookFront, finder: FileFinder, problems: Problems
) -> tuple[Chapter, ...]:
    """The chapters that the front matter lists, in order."""
    folder = Path(os.path.normpath(doc.path.parent / book.folder))
    if not folder.is_relative_to(finder.root) or not finder.listing(folder):
        place = value_place(doc, ("book", "folder"))
        problems.add(place, f"no folder `{book.folder}`", "name the folder that holds the chapters")
        return ()
    chapters: dict[Path, Chapter] = {}
    anchors: set[str] = set()
    for written, part, path in _entries(book):
        found, message, help = finder.find(folder, written)
        place = value_place(doc, path)
        if found is None:
            problems.add(place, message, help)
        elif found.suffix != ".md":
            problems.add(place, f"`{written}` is not a Markdown file", "chapters end in `.md`")
        elif found in chapters:
            problems.add(place, f"`{written}` is listed twice", "a chapter stands in a book once")
        else:
            chapter = _load_chapter(found, part, folder, anchors, finder, problems)
            if chapter:
                chapters[found] = chapter
    return tuple(chapters.values())


def _entries(book: BookFront) -> Iterable[tuple[str, str, KeyPath]]:
    """Each chapter as written, its part, and its path in the front matter."""
    for index, entry in enumerate(book.chapters):
        path = ("book", "chapters", index)
        if isinstance(entry, BookPart):
            for inner, written in enumerate(entry.chapters):
                yield written, entry.part, (*path, "chapters", inner)
        else:
            yield entry, "", path


def _load_chapter(
    path: Path, part: str, folder: Path, anchors: set[str], finder: FileFinder, problems: Problems
) -> Chapter | None:
    doc = read_document(path, finder, problems, needs_front=False)
    if doc is None:
        return None
    if not doc.body.strip():
        problems.add(
            top_of(path), "this chapter says nothing", "write its text, or take it out of `chapters:`"
        )
        return None
    title = title_of(doc)
    if not title:
        help = "begin it with `# Title`, or give it front matter with `title: …`"
        problems.add(top_of(path), "this chapter has no title", help)
        return None
    anchor = _unique(_slug(Path(os.path.relpath(path, folder)).with_suffix("").as_posix()), anchors)
    plain = without_jekyll(doc.body)
    return Chapter(replace(doc, body=plain.text, edits=plain.edits), title, anchor, part, folder)


def title_of(doc: Document) -> str:
    """Return a chapter's title: from front matter, else its first heading; "" if it has neither."""
    title = doc.meta.get("title")
    if isinstance(title, str) and title.strip():
        return title.strip()
    heading = _HEADING.search(doc.body)
    return _MARKUP.sub(r"\1", heading[1]).strip() if heading else ""


def _slug(path: str) -> str:
    """`discover/users` as `discover-users`; `discover/index` as `discover`, `01-start` as `start`."""
    parts = [re.sub(r"^\d+[-_. ]+", "", each) for each in path.lower().split("/") if each not in (".", "..")]
    if len(parts) > 1 and parts[-1] in ("index", "readme"):
        parts.pop()
    return re.sub(r"[^\w]+", "-", "-".join(parts)).strip("-") or "chapter"


def _unique(anchor: str, taken: set[str]) -> str:
    candidate, number = anchor, 1
    while candidate in taken:
        number += 1
        candidate = f"{anchor}-{number}"
    taken.add(candidate)
    return candidate


def without_jekyll(text: str) -> Edited:
    """The text with Jekyll's expressions in link targets resolved: the site's base is "" here."""
    if "{{" not in text:
        return Edited(text)
    found = _IN_LINK.finditer(text)
    return replace_stretches(text, [(each.start(2), each.end(2), plain_target(each[2])) for each in found])


def picture_beside(chapter: Chapter, target: str, read: Callable[[Path], bytes]) -> str:
    """A picture named from the top of a Jekyll site (`/images/sea.png`), named from the chapter's own folder.

    It is asked for with `read`, which records for what was made whether it was there.
    """
    if not target.startswith("/") or chapter.top is None:
        return target
    picture = chapter.top / target.lstrip("/")
    try:
        read(picture)
    except (OSError, ValueError):
        return target
    return os.path.relpath(picture, chapter.doc.path.parent)


def plain_target(target: str) -> str:
    """A link target without Jekyll's expressions."""
    return _FILTERED.sub(r"\1", _BASEURL.sub("", target))


def chapter_targets(chapters: Iterable[Chapter]) -> dict[str, str]:
    """Map each path that a link in a book may point at to the anchor of its chapter.

    Keys are the chapter files' paths (with slashes) and, with a slash at the front, their permalinks.
    A chapter without a permalink has its path below the book's folder, without `.md`.
    """
    listed = list(chapters)
    targets = {each.doc.path.as_posix(): each.anchor for each in listed}
    top = os.path.commonpath([each.doc.path.parent for each in listed]) if listed else ""
    for each in listed:
        targets.setdefault(_address(_path_address(each, top)), each.anchor)
    for each in listed:
        permalink = each.doc.meta.get("permalink")
        if isinstance(permalink, str):
            targets[_address(permalink)] = each.anchor
    return targets


def resolve_in_book(targets: dict[str, str], chapter: Chapter, target: str) -> str | None:
    """The anchor that a chapter's link means: `#discover-users`, or `#discover-users--needs` for a heading there.

    A chapter's ids stand in the edition as `<chapter anchor>--<id>`. None for what is no link within the book.
    """
    path, _, fragment = target.partition("#")
    if not path:
        return f"#{chapter.anchor}--{fragment}" if fragment else None
    anchor = chapter_of(targets, chapter, path)
    if anchor is None:
        return None
    return f"#{anchor}--{fragment}" if fragment else f"#{anchor}"


def chapter_of(targets: dict[str, str], chapter: Chapter, path: str) -> str | None:
    """The anchor of the chapter that a link's path means, without its fragment."""
    path = path.partition("?")[0]
    if path.startswith("/"):
        return targets.get(_address(path))
    if "://" in path or path.startswith("mailto:"):
        return None
    beside = os.path.normpath(chapter.doc.path.parent / path)
    return targets.get(Path(beside).as_posix())


def _address(path: str) -> str:
    """`/discover/users` however it was written: with or without slashes at the ends, `.html` or `.md`."""
    trimmed = re.sub(r"\.(md|html)$", "", path.strip().strip("/"))
    return "/" + re.sub(r"(^|/)index$", "", trimmed).strip("/")


def _path_address(chapter: Chapter, top: str) -> str:
    return chapter.doc.path.relative_to(top).as_posix()
