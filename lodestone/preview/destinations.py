"""The destinations of the links in a mail, looked up in the build and never on the network."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from leads.link_types import LINK_TYPES
from lodestone.preview.letters import Previewed, counted_destination
from lodestone.render.mail import LARGEST_MAIL
from lodestone.render.mail_facts import LetterLink, resolves

_OTHER_SCHEMES = {"mailto": "writes a mail", "tel": "calls"}


@dataclass(frozen=True)
class Destination:
    """A link: its words, its address for people, what it leads to, whether that exists (None on other sites)."""

    words: str
    url: str
    leads_to: str
    found: bool | None


@dataclass(frozen=True)
class BuiltSite:
    """The built site: the paths of its pages and files, and the paths that functions answer."""

    base_url: str
    folder: Path
    paths: frozenset[str]
    routes: frozenset[str]


def read_site(folder: Path, base_url: str, routes: frozenset[str]) -> BuiltSite:
    """Read a built site. The path of a page is that of its folder, as the edge serves it."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    paths = frozenset(f"/{name.removesuffix('index.html')}" for name in names)
    return BuiltSite(base_url, folder, paths, routes)


def destinations(previewed: Previewed, site: BuiltSite) -> tuple[Destination, ...]:
    """Return the destination of every link of a mail, in order."""
    return tuple(_destination(link, previewed, site) for link in previewed.facts.links)


def problems(previewed: Previewed, site: BuiltSite) -> tuple[str, ...]:
    """Return what is wrong with a mail: broken links and pictures, too large a size."""
    return tuple(_problems(previewed, site))


def _destination(link: LetterLink, previewed: Previewed, site: BuiltSite) -> Destination:
    parts = urlsplit(link.url)
    if parts.scheme not in ("http", "https"):
        return Destination(
            link.words, link.url, _OTHER_SCHEMES.get(parts.scheme, "a program of the reader's"), None
        )
    found = resolves(link.url, site.base_url, site.paths, site.routes)
    if found is None:
        return Destination(link.words, link.url, "another site; not fetched", None)
    if not parts.path.startswith("/api/"):
        what = "a page of the site" if found else "nothing: there is no such page"
        return Destination(link.words, link.url, what, found)
    what = _purpose(link.url, previewed) if found else "nothing: there is no such route"
    return Destination(link.words, f"{site.base_url}{parts.path}?t=…", what, found)


def _purpose(url: str, previewed: Previewed) -> str:
    path = urlsplit(url).path
    if path == "/api/click":
        return f"counts the click, then {counted_destination(url, previewed)}"
    rows = (each for each in LINK_TYPES.values() if each.path.format(magnet=previewed.magnet) == path)
    return next((each.leads_to for each in rows), "a page of the functions")


def _problems(previewed: Previewed, site: BuiltSite) -> Iterator[str]:
    facts = previewed.facts
    for each in destinations(previewed, site):
        if each.found is False:
            yield f"the link “{each.words}” leads nowhere: {each.url}"
    if facts.html_size > LARGEST_MAIL:
        yield f"{facts.html_size // 1000} KB; Gmail cuts mails off at {LARGEST_MAIL // 1000} KB"
    for picture in facts.pictures:
        if resolves(picture.url, site.base_url, site.paths, site.routes) is False:
            yield f"there is no picture {picture.url}"
        if picture.alt is None:
            yield f"the picture {picture.url} has no alternative text"
