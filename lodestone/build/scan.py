"""The first step of a build: the site's own files are read and checked, its magnets only found."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from lodestone.build.default_mails import Defaults, load_defaults
from lodestone.content.anchors import Headings
from lodestone.content.files import FileFinder
from lodestone.content.link_texts import Outgoing
from lodestone.content.links import LinkChecker
from lodestone.content.mails import check_site_mails
from lodestone.content.model import Page
from lodestone.content.places import Place, top_of
from lodestone.content.problems import Problem, Problems
from lodestone.content.schema import PageFront
from lodestone.content.site_file import SiteFile, load_site_file
from lodestone.content.source import read_document
from lodestone.content.validate import validate

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_HELP = "it becomes an address: use small letters, digits and `-`, as in `pricing-guide`"


@dataclass(frozen=True)
class Scan:
    """A root, scanned. `slugs` are those of all pages, also of pages with problems; `folders` are the magnets'.

    `problems` and `outgoing` (links to addresses of the site) are those of the site's own files.
    """

    root: Path
    site: SiteFile
    defaults: Defaults
    slugs: tuple[str, ...]
    pages: tuple[Page, ...]
    folders: tuple[Path, ...]
    finder: FileFinder
    problems: tuple[Problem, ...]
    outgoing: tuple[Outgoing, ...]


def scan_root(root: Path) -> Scan:
    """Read the site's own files, and find the magnets."""
    root = Path(os.path.abspath(root))
    problems, finder = Problems(root), FileFinder(root)
    checker = LinkChecker(finder, problems)
    site = load_site_file(root, finder, problems)
    check_site_mails(root, finder, problems)
    defaults = load_defaults(root, finder, checker, problems)
    slugs, pages = _load_pages(root, finder, problems)
    for page in pages:
        checker.check_body(page.doc, Headings(page.doc), ())
    folders = magnet_folders(root, finder, problems)
    return Scan(
        root,
        site,
        defaults,
        tuple(slugs),
        tuple(pages),
        tuple(folders),
        finder,
        tuple(problems),
        tuple(checker.outgoing),
    )


def magnet_folders(root: Path, finder: FileFinder, problems: Problems) -> list[Path]:
    """The folders of magnets/ by name; those beginning with `_` or `.` are left out."""
    folder = root / "magnets"
    found = []
    for name, is_folder in sorted(finder.listing(folder).items()):
        if name.startswith(("_", ".")):
            continue
        if is_folder:
            found.append(folder / name)
            _check_slug(name, top_of(folder / name / "magnet.md"), problems)
        elif name.endswith(".md") and name.lower() != "readme.md":
            stem = name.removesuffix(".md")
            help = f"a magnet is a folder: move it to `magnets/{stem}/magnet.md`"
            problems.add(top_of(folder / name), "this file is not read", help)
    return found


def _load_pages(root: Path, finder: FileFinder, problems: Problems) -> tuple[list[str], list[Page]]:
    """The slugs of all pages, and the pages that could be read."""
    folder = root / "site" / "pages"
    slugs, pages = [], []
    for name, is_folder in sorted(finder.listing(folder).items()):
        path = folder / name
        if name.startswith(("_", ".")) or path.suffix != ".md" or is_folder:
            continue
        _check_slug(path.stem, top_of(path), problems)
        slugs.append(path.stem)
        doc = read_document(path, finder, problems)
        front = validate(PageFront, doc, problems) if doc else None
        if doc and front:
            pages.append(Page(path.stem, doc, front))
    return slugs, pages


def _check_slug(name: str, place: Place, problems: Problems) -> None:
    if not _SLUG.fullmatch(name):
        problems.add(place, f"`{name}` cannot be part of an address", _SLUG_HELP)
