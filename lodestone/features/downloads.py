"""`downloads`, for the build: `files:` that are delivered as they are, and a `book:` written in Markdown."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from leads.features.downloads import KEY, Asset, assets_of, configure
from leads.sizes import describe_size
from lodestone.content.books import load_chapters
from lodestone.content.link_texts import LinkTexts
from lodestone.content.model import Chapter, Magnet
from lodestone.content.places import Place, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import BookFront, Line, LineOr, Strict
from lodestone.features.feature import Configured, Feature, Making, Reading
from lodestone.formats.counts import counted
from lodestone.markdown.reading import minutes_to_read
from lodestone.media_types import media_type
from lodestone.render.book import list_parts, render_book
from lodestone.render.look import Look

_TYPE_NAMES = {
    "application/pdf": "PDF",
    "application/epub+zip": "EPUB",
    "application/zip": "ZIP",
    "text/html": "HTML",
    "text/csv": "CSV",
}


#: Office files that hold macros, or may, and what the same is called without.
_WITHOUT_MACROS = {
    ".xlsm": ".xlsx",
    ".xlsb": ".xlsx",
    ".xltm": ".xltx",
    ".docm": ".docx",
    ".dotm": ".dotx",
    ".pptm": ".pptx",
}


class FileFront(Strict):
    """A gated file beside magnet.md, and what the lead reads on its link."""

    path: Line
    label: Line | None = None


class DownloadsFront(Strict):
    """The keys that a magnet with downloads has."""

    files: list[LineOr[FileFront]] = []
    book: BookFront | None = None


@dataclass(frozen=True)
class GatedFile:
    """A file to deliver, as it is."""

    path: Path
    label: str


@dataclass(frozen=True)
class Gated:
    """What a magnet delivers: the book's front matter and chapters, and files beside it."""

    book: BookFront | None
    chapters: tuple[Chapter, ...]
    files: tuple[GatedFile, ...]


class Downloads(Feature):
    """Gated files, opened by a link that every mail may carry."""

    key = KEY
    front = DownloadsFront

    def is_given(self, reading: Reading) -> bool:
        """Whether there is a book or a file; a `book:` with problems of its own counts, as they are reported."""
        meta = reading.doc.meta
        return bool(meta.get("files")) or "book" in meta

    def how_to_give(self) -> tuple[str, str]:
        help = "name what the lead gets: `files:` with paths, or `book:` with chapters"
        return "this {kind} delivers nothing", help

    def read(self, reading: Reading) -> Gated:
        book = _book(reading)
        files = _gated_files(reading)
        chapters: tuple[Chapter, ...] = ()
        if book:
            chapters = load_chapters(reading.doc, book, reading.finder, reading.problems)
        return Gated(book, chapters, files)

    def link_texts(self, content: Gated) -> LinkTexts:
        return LinkTexts(content.chapters, tuple(each.path for each in content.files))

    def configure(self, look: Look, magnet: Magnet, content: Gated) -> Configured | None:
        """The gated files: the book's HTML edition first, then the author's files in their order."""
        assets: list[Asset] = []
        files: dict[str, bytes | Path] = {}
        if content.chapters and content.book:
            edition = render_book(look, magnet, content.book, content.chapters)
            label = content.book.title or magnet.front.title
            asset = _asset(magnet.slug, f"{_file_name(label)}.html", label, edition)
            assets.append(asset)
            files[asset.key] = edition
        for gated in content.files:
            asset = _asset(magnet.slug, gated.path.name, gated.label, look.read(gated.path))
            assets.append(asset)
            files[asset.key] = gated.path
        return Configured(configure(tuple(assets)), files) if assets else None

    def section(self, making: Making) -> Mapping[str, Any]:
        return {"parts": list_parts(making.content.chapters), "book": making.content.book}

    def card(self, content: Gated) -> Mapping[str, Any]:
        return {"book": content.book}

    def facts(self, making: Making) -> list[str]:
        chapters, facts = making.content.chapters, []
        if chapters:
            minutes = sum(minutes_to_read(chapter.doc.body) for chapter in chapters)
            facts = [counted(len(chapters), "chapter"), f"{counted(minutes, 'minute')} to read"]
        return facts + [describe_file(asset) for asset in assets_of(making.funnel)]

    def linked_data(self, making: Making) -> Mapping[str, Any]:
        book = making.content.book
        return {"author": {"@type": "Person", "name": book.author}} if book and book.author else {}


def describe_file(asset: Asset) -> str:
    """Type and size as people say them: "PDF, 2.3 MB"."""
    suffix = asset.filename.rpartition(".")[2].upper()
    return f"{_TYPE_NAMES.get(asset.content_type.partition(';')[0], suffix)}, {describe_size(asset.size)}"


def _book(reading: Reading) -> BookFront | None:
    """The book's front matter, also where another part of the front matter has problems."""
    if isinstance(reading.front, DownloadsFront):
        return reading.front.book
    try:
        return BookFront.model_validate(reading.doc.meta.get("book"))
    except ValidationError:
        return None


def _gated_files(reading: Reading) -> tuple[GatedFile, ...]:
    doc, problems = reading.doc, reading.problems
    entries = doc.meta.get("files")
    files: list[GatedFile] = []
    names: set[str] = set()
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        written = entry.get("path") if isinstance(entry, dict) else entry
        if not isinstance(written, str) or not written.strip():
            continue
        path = ("files", index, "path") if isinstance(entry, dict) else ("files", index)
        found, message, help = reading.finder.find(doc.path.parent, written.strip())
        if found is None:
            problems.add(value_place(doc, path), message, help)
        elif found.name in names:
            message, help = (
                f"a second file named `{found.name}`",
                "the lead could not tell them apart; rename one",
            )
            problems.add(value_place(doc, path), message, help)
        else:
            names.add(found.name)
            _warn_of_macros(found, value_place(doc, path), problems)
            label = entry.get("label") if isinstance(entry, dict) else None
            files.append(GatedFile(found, label if isinstance(label, str) else _label(found)))
    return tuple(files)


def _warn_of_macros(path: Path, place: Place, problems: Problems) -> None:
    """Warn of a file that leads will hardly be able to open."""
    without = _WITHOUT_MACROS.get(path.suffix.lower())
    if without:
        message = f"`{path.name}` may hold macros: mail gateways and Windows SmartScreen block such files"
        problems.warn(place, message, f"save it without macros, as `{path.stem}{without}`")


def _label(path: Path) -> str:
    """`pricing-worksheet.pdf` as "Pricing worksheet"."""
    words = path.stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _asset(slug: str, filename: str, label: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Asset(f"{slug}/{digest}/{filename}", filename, label, media_type(filename), len(content))


def _file_name(title: str) -> str:
    """A title as a file name that every system takes: letters and digits of any script, joined by hyphens."""
    kept = (char if char.isalnum() else " " for char in unicodedata.normalize("NFC", title.lower()))
    return "-".join("".join(kept).split())[:80] or "book"
