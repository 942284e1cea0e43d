"""The third step of a build: what concerns several magnets at once, their addresses and the links to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lodestone.build.draft import Draft
from lodestone.build.scan import Scan
from lodestone.content.link_texts import Outgoing
from lodestone.content.links import judge_addresses
from lodestone.content.places import Place, value_place
from lodestone.content.problems import Problem, Problems
from lodestone.content.timing import DatedPlace, warn_of_past

#: First segments of paths that are reserved for the site and its functions.
_TAKEN = ("api", "assets", "_local", "404.html", "index.html", "robots.txt", "sitemap.xml")


@dataclass(frozen=True)
class Head:
    """What other magnets and the site must know of a magnet. It is small: the heads of all magnets are in memory.

    `paths` are the addresses of its pages, `url` the first of them, written at `place`.
    """

    slug: str
    url: str
    place: Place
    paths: tuple[str, ...]
    outgoing: tuple[Outgoing, ...]
    dates: tuple[DatedPlace, ...]


def head_of(draft: Draft) -> Head:
    """Make the head of a magnet that was read."""
    place = value_place(draft.doc, ("url",))
    return Head(draft.slug, draft.url, place, draft.paths, draft.outgoing, draft.dates)


def join_heads(scan: Scan, heads: Sequence[Head], today: date | None) -> list[Problem]:
    """Find what is wrong between magnets. With `today`, dates of magnets that are past are warned of."""
    problems = Problems(scan.root)
    addresses = _check_addresses(scan.slugs, heads, problems)
    outgoing = (link for each in heads for link in each.outgoing)
    judge_addresses((*scan.outgoing, *outgoing), addresses, problems)
    if today:
        warn_of_past((each for head in heads for each in head.dates), today, problems)
    return list(problems)


def _check_addresses(slugs: Iterable[str], heads: Iterable[Head], problems: Problems) -> set[str]:
    """Return all addresses of the site; report one that is used twice, or reserved for the site itself."""
    owners: dict[str, str] = {"/": "the site's index"}
    for slug in slugs:
        owners[f"/{slug}/"] = f"site/pages/{slug}.md"
    for head in heads:
        owner = owners.get(head.url)
        if owner:
            help = "give one of them another `url:`, or its folder another name"
            problems.add(head.place, f"`{head.url}` is the address of {owner} already", help)
        elif head.url.split("/")[1] in _TAKEN:
            help = f"choose an address that does not begin with {', '.join(f'/{each}/' for each in _TAKEN)}"
            problems.add(head.place, f"`{head.url}` is needed by the site itself", help)
        for path in head.paths:
            owners.setdefault(path, f"magnets/{head.slug}/magnet.md")
    return set(owners)
