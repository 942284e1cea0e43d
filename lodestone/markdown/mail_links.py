"""Finds the links of a mail that are counted, names them, and puts placeholders in their place.

They are read from the tree of the body, so that every way to write a link is read alike. An author names a link
right after it, `[see prices](https://…){#pricing}`; the others are named for their words. A link is not counted
if its destination differs from reader to reader, or if its words are an address: mail filters treat a link that
shows one address and leads to another as deception.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from leads import placeholders
from lodestone.markdown.tree import contents, raw_text, set_attribute

#: A link's name, as conditions and reports know it.
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 40

_NAMED = re.compile(r"\{#([^#{}\n]*)\}")
_PLACEHOLDER = re.compile(f"{placeholders.OPEN}.*?{placeholders.CLOSE}")
_ADDRESS = re.compile(r"://|\bwww\.|^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/\S*)?$", re.IGNORECASE)
#: Characters that stay as they are in an address (RFC 3986, 2.2 and 2.4); others are percent-encoded.
_URL_SIGNS = "%:/?#[]@!$&'()*+,;="

#: What is wrong with a link, and what to do.
Trouble = tuple[str, str]


@dataclass(frozen=True)
class MailLinks:
    """The destinations of a body's counted links by name, and the names that authors gave, in order.

    Each given name comes with the reason that its link is not counted, or None.
    """

    destinations: Mapping[str, str] = field(default_factory=dict)
    given: tuple[tuple[str, Trouble | None], ...] = ()


def read_links(root: Element) -> MailLinks:
    """Put a placeholder into each counted link of a body with resolved targets, and remove the given names."""
    given = _given_names(root)
    destinations = {name: _destination(link) for name, link, trouble in given if trouble is None}
    for link in _links(root):
        own = _take_off_name(link)
        if _trouble(link):
            continue
        name = own if own in destinations else _own_name(link, destinations)
        destinations.setdefault(name, _destination(link))
        set_attribute(link, "href", placeholders.mark(f"click:{name}"))
    return MailLinks(destinations, tuple((name, each) for name, _, each in given))


def take_off_names(root: Element) -> None:
    """Remove the given names of links from a mail that counts none: they are not for readers."""
    for link in _links(root):
        _take_off_name(link)


def _links(root: Element) -> list[Element]:
    return [each for each in root.iter("a") if "href" in each.attrib]


def _take_off_name(link: Element) -> str | None:
    found = _NAMED.match(link.tail or "")
    if not found:
        return None
    link.tail = (link.tail or "")[found.end() :]
    return found[1]


def _given_names(root: Element) -> list[tuple[str, Element, Trouble | None]]:
    given: list[tuple[str, Element, Trouble | None]] = []
    known: dict[str, str] = {}
    for link in _links(root):
        found = _NAMED.match(link.tail or "")
        if not found:
            continue
        name = found[1]
        trouble = _name_trouble(name) or _trouble(link)
        if not trouble and known.setdefault(name, _destination(link)) != _destination(link):
            trouble = f"a second link named `{name}` leads somewhere else", "give each its own name"
        given.append((name, link, trouble))
    return given


def _name_trouble(name: str) -> Trouble | None:
    if NAME.fullmatch(name) and len(name) <= LONGEST_NAME:
        return None
    help = f"use up to {LONGEST_NAME} small letters, digits and `-`: `{{#pricing}}`"
    return f"`{name}` cannot be the name of a link", help


def _trouble(link: Element) -> Trouble | None:
    """The reason that a link is not counted, or None."""
    target = unescape(link.get("href", ""))
    if placeholders.OPEN in target:
        return (
            "a link that differs from reader to reader cannot be counted",
            "write its address without a placeholder, or delete the name behind it",
        )
    if not _destination(link):
        return (
            "only links to web pages can be counted",
            "delete the name behind it, or link to an address that begins with `https://`",
        )
    if _ADDRESS.search(_words(link)):
        return (
            "a link whose words are an address cannot be counted: mail filters compare the two",
            "say in words where it leads: `[see prices](https://…)`, or delete the name behind it",
        )
    return None


def _destination(link: Element) -> str:
    """The address as a redirect takes it, in ASCII; "" if it is no web address, or its host is not ASCII."""
    target = unescape(link.get("href", ""))
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.netloc and parts.netloc.isascii()
    return quote(target, safe=_URL_SIGNS) if is_web else ""


def _words(link: Element) -> str:
    """The text that a reader sees of a link; for a picture, its alternative text."""
    return " ".join(_PLACEHOLDER.sub("", _shown(link)).split())


def _shown(element: Element) -> str:
    if element.tag == "img":
        return unescape(element.get("alt", ""))
    if element.tag == "raw":
        return raw_text(element)
    return "".join(each if isinstance(each, str) else _shown(each) for each in contents(element))


def _own_name(link: Element, taken: Mapping[str, str]) -> str:
    """A name of the link's words, else of its host; with a number where a link to elsewhere has it already."""
    destination = _destination(link)
    name = _shortened(_words(link)) or _shortened(urlsplit(destination).netloc) or "link"
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
