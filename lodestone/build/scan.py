"""A root folder to a `Site`, or every problem that stands in its way, from all its files at once."""

import os
import re
from datetime import date
from pathlib import Path

from leads.mail_types import SERVICE_MAILS, service_mails_of
from lodestone.build.magnet_folder import Draft, read_magnet
from lodestone.content.files import FileFinder
from lodestone.content.links import check_links
from lodestone.content.mails import check_needed_links, check_site_mails, default_mail
from lodestone.content.model import MailSource, Page, Site
from lodestone.content.places import Place, top_of, value_place
from lodestone.content.problems import Problem, Problems, has_errors, in_order
from lodestone.content.schema import PageFront
from lodestone.content.site_file import load_site_file
from lodestone.content.source import read_document
from lodestone.content.validate import validate

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_HELP = "it becomes an address: use small letters, digits and `-`, as in `pricing-guide`"

#: First words of addresses that the site and its functions use themselves.
_TAKEN = ("api", "assets", "_local")


def load_site(root: Path, today: date | None = None) -> tuple[Site | None, list[Problem]]:
    """The site in `root`, and all problems by file and line; no site where one of them is an error.

    With `today`, dates of magnets that are past are warned of.
    """
    root = Path(os.path.abspath(root))
    problems, finder = Problems(root), FileFinder(root)
    site = load_site_file(root, finder, problems, today)
    check_site_mails(root, finder, problems)
    defaults = Defaults(root, finder, problems)
    slugs, pages = _load_pages(root, finder, problems)
    folders = magnet_folders(root, finder, problems)
    drafts = [draft for each in folders if (draft := read_magnet(each, site, finder, problems))]
    addresses = _check_addresses(drafts, slugs, problems)
    for draft in drafts:
        defaults.check(draft)
    check_links(addresses, drafts, defaults.mails(), pages, finder, problems)
    found = in_order(problems)
    if has_errors(found) or site.doc is None or site.front is None:
        return None, found  # what could not be read is among the errors
    magnets = tuple(draft.finish(defaults.of(draft)) for draft in drafts)
    return Site(root, site.doc, site.front, tuple(pages), magnets), found


class Defaults:
    """The service mails that stand in for those a magnet does not have, each read once for every kind."""

    def __init__(self, root: Path, finder: FileFinder, problems: Problems):
        self._root, self._finder, self._problems = root, finder, problems
        self._known: dict[tuple[str, Path | None], MailSource | None] = {}
        for step in SERVICE_MAILS:  # told of also where every magnet has its own
            self._mail(step, None)

    def mails(self) -> list[MailSource]:
        """All that were read and have no problems."""
        return [each for each in self._known.values() if each]

    def of(self, draft: Draft) -> dict[str, MailSource]:
        """Those for one magnet, by step."""
        folder = draft.kind.mails if draft.kind else None
        found = {step: self._mail(step, folder) for step in service_mails_of(draft.features)}
        return {step: mail for step, mail in found.items() if mail}

    def check(self, draft: Draft) -> None:
        """Whether those that stand in for a magnet's own have the links that its features need."""
        own = {each.step for each in draft.mails}
        for step, mail in self.of(draft).items():
            if step not in own:
                check_needed_links(mail, tuple(draft.features), self._problems)

    def _mail(self, step: str, folder: Path | None) -> MailSource | None:
        if (step, folder) not in self._known:
            self._known[step, folder] = default_mail(step, self._root, folder, self._finder, self._problems)
        return self._known[step, folder]


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
        doc = read_document(path, problems)
        front = validate(PageFront, doc, problems) if doc else None
        if doc and front:
            pages.append(Page(path.stem, doc, front))
    return slugs, pages


def _check_slug(name: str, place: Place, problems: Problems) -> None:
    if not _SLUG.fullmatch(name):
        problems.add(place, f"`{name}` cannot be part of an address", _SLUG_HELP)


def _check_addresses(drafts: list[Draft], slugs: list[str], problems: Problems) -> set[str]:
    """All addresses of the site: no two things on one, and none on one that the site needs itself."""
    owners: dict[str, str] = {"/": "the site's index"}
    for slug in slugs:
        owners[f"/{slug}/"] = f"site/pages/{slug}.md"
    for draft in drafts:
        place = value_place(draft.doc, ("url",))
        owner = owners.get(draft.url)
        if owner:
            help = "give one of them another `url:`, or its folder another name"
            problems.add(place, f"`{draft.url}` is the address of {owner} already", help)
        elif draft.url.split("/")[1] in _TAKEN:
            help = f"choose an address that does not begin with {', '.join(f'/{each}/' for each in _TAKEN)}"
            problems.add(place, f"`{draft.url}` is needed by the site itself", help)
        for own in ("", "thanks/", "call/", "confirmed/"):
            owners.setdefault(f"{draft.url}{own}", f"magnets/{draft.slug}/magnet.md")
    return set(owners)
