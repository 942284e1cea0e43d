"""The links of a mail that are counted: which they are, their names, and the placeholders in their stead.

Read from the rendered body, so that every way to write a link is read alike. An author names one behind it,
`[see prices](https://…){#pricing}`; the others are named for their words. A link is not counted where that cannot
be done honestly: its destination differs from reader to reader, or its words are an address of their own, which
mail filters take for a deception where the two differ.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote, urlsplit

from leads import placeholders

#: A link's name, as conditions and reports know it.
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 40

_LINK = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)("[^>]*>)(.*?)</a>(?:\{#([^#{}\n]*)\})?', re.DOTALL)
_PICTURE = re.compile(r'<img\b[^>]*?\balt="([^"]*)"[^>]*>')
_TAG = re.compile(r"<[^>]*>")
_HOLE = re.compile(f"{placeholders.OPEN}.*?{placeholders.CLOSE}")
_ADDRESS = re.compile(r"://|\bwww\.|^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/\S*)?$", re.IGNORECASE)
#: What stays as it is in an address (RFC 3986, 2.2 and 2.4); all else is written in per cent.
_URL_SIGNS = "%:/?#[]@!$&'()*+,;="

#: What is wrong with a link, and what to do.
Trouble = tuple[str, str]


@dataclass(frozen=True)
class MailLinks:
    """A body whose counted links are placeholders, the destinations by name, and the names authors gave, in order.

    Each of those comes with what keeps it from being counted, or None.
    """

    html: str
    destinations: Mapping[str, str] = field(default_factory=dict)
    given: tuple[tuple[str, Trouble | None], ...] = ()


def read_links(html: str) -> MailLinks:
    """The rendered body of a mail with its links counted."""
    given = _given_names(html)
    destinations = {name: _destination(match) for name, match, trouble in given if trouble is None}

    def place(match: re.Match) -> str:
        if _why_not(match):
            return _without_name(match)
        name = match[5] if match[5] in destinations else _own_name(match, destinations)
        destinations.setdefault(name, _destination(match))
        return f"{match[1]}{placeholders.mark(f'click:{name}')}{match[3]}{match[4]}</a>"

    return MailLinks(_LINK.sub(place, html), destinations, tuple((name, each) for name, _, each in given))


def without_names(html: str) -> str:
    """The rendered body of a mail whose links are not counted: what their author called them is not for readers."""
    return _LINK.sub(_without_name, html) if "{#" in html else html


def _without_name(match: re.Match) -> str:
    return f"{match[1]}{match[2]}{match[3]}{match[4]}</a>"


def _given_names(html: str) -> list[tuple[str, re.Match, Trouble | None]]:
    found: list[tuple[str, re.Match, Trouble | None]] = []
    known: dict[str, str] = {}
    for match in _LINK.finditer(html):
        name = match[5]
        if name is None:
            continue
        trouble = _name_trouble(name) or _why_not(match)
        if not trouble and known.setdefault(name, _destination(match)) != _destination(match):
            trouble = f"a second link named `{name}` leads somewhere else", "give each its own name"
        found.append((name, match, trouble))
    return found


def _name_trouble(name: str) -> Trouble | None:
    if NAME.fullmatch(name) and len(name) <= LONGEST_NAME:
        return None
    help = f"use up to {LONGEST_NAME} small letters, digits and `-`: `{{#pricing}}`"
    return f"`{name}` cannot be the name of a link", help


def _why_not(match: re.Match) -> Trouble | None:
    """Why a link is not counted."""
    target = unescape(match[2])
    if placeholders.OPEN in target:
        return (
            "a link that differs from reader to reader cannot be counted",
            "write its address without a placeholder, or delete the name behind it",
        )
    if not _destination(match):
        return (
            "only links to web pages can be counted",
            "delete the name behind it, or link to an address that begins with `https://`",
        )
    if _ADDRESS.search(_words(match)):
        return (
            "a link whose words are an address cannot be counted: mail filters compare the two",
            "say in words where it leads: `[see prices](https://…)`, or delete the name behind it",
        )
    return None


def _destination(match: re.Match) -> str:
    """The address as a redirect takes it, in ASCII; "" for what is no address of a web page, or of no certain host."""
    target = unescape(match[2])
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.netloc and parts.netloc.isascii()
    return quote(target, safe=_URL_SIGNS) if is_web else ""


def _words(match: re.Match) -> str:
    """What a reader sees of a link; of a picture, what it is said to show."""
    text = _TAG.sub("", _PICTURE.sub(r"\1", match[4]))
    return " ".join(unescape(_HOLE.sub("", text)).split())


def _own_name(match: re.Match, taken: Mapping[str, str]) -> str:
    """A name of the link's words, else of its host; with a number where a link to elsewhere has it already."""
    destination = _destination(match)
    name = _shortened(_words(match)) or _shortened(urlsplit(destination).netloc) or "link"
    candidate, number = name, 1
    while taken.get(candidate, destination) != destination:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def _shortened(text: str) -> str:
    """`See what it costs!` as `see-what-it-costs`, cut behind a word."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    name = ""
    for word in re.findall(r"[a-z0-9]+", plain):
        longer = f"{name}-{word}" if name else word[:LONGEST_NAME]
        if len(longer) > LONGEST_NAME:
            break
        name = longer
    return name
