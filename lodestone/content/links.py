"""Checks that each link and picture in a site's Markdown has a target. Links to other sites are not fetched."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from leads import placeholders
from lodestone.content.anchors import BookTargets, Headings, Verdict
from lodestone.content.books import chapter_of, picture_beside, plain_target
from lodestone.content.copy_links import copy_link_warning
from lodestone.content.files import MAIL_PICTURE_TYPES, PICTURE_TYPES, FileFinder
from lodestone.content.link_texts import Address, LinkTexts, Outgoing
from lodestone.content.model import Chapter, Document, KeyPath
from lodestone.content.placeholders import mark_placeholders
from lodestone.content.places import Place, body_place, snippet_place
from lodestone.content.problems import Problems
from lodestone.markdown.parser import parse
from lodestone.markdown.tree import Link

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_NO_SCHEME = re.compile(r"www\.|[\w-]+(\.[\w-]+)*\.(com|org|net|io|gov|edu|de|eu|co\.uk)(/|$)")
_ADDRESS = re.compile(r"[^\s/@]+@[^\s/@]+\.[a-z]+$")

#: Markdown in every magnet's front matter; `*` stands for each entry of a list.
_MARKDOWN_KEYS = (("excerpt",), ("faq", "*", "answer"), ("thanks", "text"))


#: A verdict, or an address of the site that is still to be looked up.
Judged = Verdict | Address


class LinkChecker:
    """Checks the links of some texts; collects links to addresses of the site in `outgoing`."""

    def __init__(self, finder: FileFinder, problems: Problems):
        self.finder, self.problems = finder, problems
        self.outgoing: list[Outgoing] = []

    def check_magnet(
        self, doc: Document, anchors: Iterable[str], mails: Iterable[Document], texts: LinkTexts
    ) -> None:
        """Check a magnet's page (links may lead to headings and `anchors`), its mails, and features' texts."""
        headings = Headings(doc, anchors)
        self.check_body(doc, headings, texts.gated)
        self.outgoing += texts.outgoing
        for path, text in _front_texts(doc.meta, (*_MARKDOWN_KEYS, *texts.front_keys)):
            self._check_front(doc, path, text, lambda link: self._on_page(doc, link, headings, texts.gated))
        for mail in mails:
            self.check_mail(mail)
        book = BookTargets(texts.chapters)
        for chapter in texts.chapters:
            self._check_text(chapter.doc, partial(self._in_book, book, chapter))
        pages = BookTargets(texts.pages)
        for each in texts.pages:
            self._check_text(each.doc, partial(self._among_pages, pages, each, texts.gated))

    def check_body(self, doc: Document, headings: Headings, gated: tuple[Path, ...]) -> None:
        self._check_text(doc, lambda link: self._on_page(doc, link, headings, gated))

    def check_mail(self, doc: Document) -> None:
        marked = mark_placeholders(doc.body)[0]
        as_read = replace(doc, body=marked.text, edits=marked.edits)
        self._check_text(as_read, lambda link: self._in_mail(doc, link))

    def _check_text(self, doc: Document, judge: Callable[[Link], Judged]) -> None:
        tree = parse(doc.body)
        for link in tree.links:
            verdict = judge(link)
            if verdict or _lacks_alt_text(link):
                self._report(link, verdict, _place(doc, link))
            if warning := copy_link_warning(unescape(link.target)):
                self.problems.warn(_place(doc, link), *warning)
        for link in tree.undefined_labels:
            help = f"add a line `[{link.target}]: https://…`, or write the address in parentheses"
            self.problems.warn(_place(doc, link), f"nothing says where `[{link.target}]` leads", help)
        for link in tree.undefined_footnotes:
            help = f"add a line `{link.target}: …`"
            self.problems.add(_place(doc, link), f"no footnote `{link.target}`", help)

    def _check_front(self, doc: Document, path: KeyPath, text: str, judge: Callable[[Link], Judged]) -> None:
        offset = 0
        for link in parse(text).links:
            place, offset = snippet_place(doc, path, link.target or "]()", offset)
            self._report(link, judge(link), place)
            if warning := copy_link_warning(unescape(link.target)):
                self.problems.warn(place, *warning)

    def _report(self, link: Link, verdict: Judged, place: Place) -> None:
        if isinstance(verdict, Address):
            self.outgoing.append(Outgoing(verdict, place))
        elif verdict:
            self.problems.add(place, *verdict)
        elif _lacks_alt_text(link):
            help = "say between `[` and `]` what it shows, for those who cannot see it"
            self.problems.warn(place, "this picture has no alternative text", help)

    def _on_page(self, doc: Document, link: Link, headings: Headings, gated: tuple[Path, ...]) -> Judged:
        target = unescape(link.target)
        if target.startswith("#") and len(target) > 1:
            return headings.verdict(target[1:], "on this page")
        if "{{" in target:
            return "placeholders work in mails only", "write the address itself"
        verdict, is_settled = self._common(link, target)
        if is_settled:
            return verdict
        found, message, help = self._file(doc, target)
        if found is None:
            return message, _help_without_scheme(target) or help
        if found in gated:
            help = "it is what the form asks an address for; link to the form, or take it out of `files:`"
            return f"this link gives the gated file `{found.name}` away", help
        return self._published(link, found)

    def _published(self, link: Link, found: Path) -> Judged:
        if link.kind == "image":
            return _picture_verdict(link, found)
        if found.suffix in (".md", ".yaml"):
            return Address(link.target, is_picture=False, target=link.target)
        return None

    def _in_mail(self, doc: Document, link: Link) -> Judged:
        target = unescape(link.target)
        if "{{" in target or placeholders.OPEN in target:
            return None
        if target.startswith("#"):
            return "a link within a mail does not work in mail programs", "link to a page, or leave it out"
        verdict, is_settled = self._common(link, target, remote_pictures=True)
        if is_settled:
            return verdict or _unsafe_picture(link, target)
        if link.kind == "image":
            found, message, missing = self._file(doc, target)
            if found is None:
                return message, missing
            return _picture_verdict(link, found, "mail programs", MAIL_PICTURE_TYPES)
        help = "write a whole address (`https://…`), or one of this site's (`/guide/`)"
        return f"a mail cannot reach `{target}`", _help_without_scheme(target) or help

    def _in_book(self, book: BookTargets, chapter: Chapter, link: Link) -> Judged:
        target = plain_target(unescape(link.target)) or "/"
        path, _, fragment = target.partition("#")
        if not link.target:
            return _EMPTY
        anchor = chapter.anchor if not path else chapter_of(book.targets, chapter, unquote(path))
        if anchor is not None and link.kind == "link":
            where = "in this chapter" if anchor == chapter.anchor else f"in the chapter `{anchor}`"
            return book.headings[anchor].verdict(fragment, where) if fragment else None
        if link.kind == "image":
            target = picture_beside(chapter, target, self.finder.read)
        verdict, is_settled = self._common(link, target)
        if is_settled:
            return _in_book_or_site(verdict, book) if link.kind == "link" else verdict
        found, message, help = self._file(chapter.doc, target)
        if found is None:
            return message, _help_without_scheme(target) or help
        if link.kind == "image":
            return _picture_verdict(link, found)
        if found.suffix == ".md":
            return f"`{target}` is no chapter of this book", "add it to `chapters:` in magnet.md"
        return (
            f"the book is one file: `{target}` would not come with it",
            "list it under `files:` in magnet.md",
        )

    def _among_pages(self, pages: BookTargets, page: Chapter, gated: tuple[Path, ...], link: Link) -> Judged:
        path, _, fragment = unescape(link.target).partition("#")
        name = chapter_of(pages.targets, page, unquote(path)) if path and link.kind == "link" else None
        if name is not None:
            where = f"in `{pages.headings[name].doc.path.name}`"
            return pages.headings[name].verdict(fragment, where) if fragment else None
        return self._on_page(page.doc, link, pages.headings[page.anchor], gated)

    def _file(self, doc: Document, target: str) -> tuple[Path | None, str, str]:
        written = unquote(re.split(r"[#?]", target)[0])
        return self.finder.find(doc.path.parent, written)

    def _common(self, link: Link, target: str, *, remote_pictures: bool = False) -> tuple[Judged, bool]:
        """Judge a link by the rules of every kind of text; the flag says whether that settles it."""
        if not target or target == "#":
            return _EMPTY, True
        if _SCHEME.match(target):
            if link.kind == "image" and not remote_pictures and not target.startswith("data:"):
                help = (
                    "pages load nothing from other sites: save the picture beside this file and name it here"
                )
                return ("this picture lies on another site", help), True
            return None, True
        if target.startswith("?"):
            return None, True
        if not target.startswith("/"):
            return None, False
        return Address(re.split(r"[#?]", target)[0], link.kind == "image", target), True


def judge_addresses(links: Iterable[Outgoing], addresses: set[str], problems: Problems) -> None:
    """Report each link whose address the site does not have."""
    for link in links:
        if link.address.path not in addresses:
            problems.add(link.place, *_no_such_address(link.address, addresses))


def _no_such_address(link: Address, addresses: set[str]) -> tuple[str, str]:
    """Write message and help; for a path in a chapter, the nearest chapter is the better suggestion."""
    if link.is_picture:
        return (
            f"`{link.path}` is no picture beside this file",
            "save it in this folder, and name it without `/`",
        )
    if not link.path.startswith("/"):
        return f"`{link.target}` is a source file that no visitor can open", _where_to(addresses)
    near = get_close_matches(link.path, addresses, n=1)
    help = f"did you mean `{near[0]}`?" if near else _where_to(addresses)
    if not link.chapters:
        return f"no page `{link.path}` on this site", help
    chapter = get_close_matches(link.target, link.chapters, n=1)
    return f"no chapter or page `{link.target}`", f"did you mean `{chapter[0]}`?" if chapter else help


_EMPTY = ("this link leads nowhere", "write its address between the parentheses")


def _place(doc: Document, link: Link) -> Place:
    return body_place(doc, link.offset, link.offset + len(link.target))


def _lacks_alt_text(link: Link) -> bool:
    """Whether it is a picture without alternative text."""
    return link.kind == "image" and not link.label.strip()


def _in_book_or_site(verdict: Judged, book: BookTargets) -> Judged:
    """Add the addresses of the book's chapters to an address in a chapter."""
    if not isinstance(verdict, Address):
        return verdict
    known = (each for each in book.targets if each.startswith("/") and not each.endswith(".md"))
    return replace(verdict, chapters=tuple(known))


def _unsafe_picture(link: Link, target: str) -> Verdict:
    """A picture within an address (`data:`), over `http:`, or by a scheme that a mail does not have (`//`)."""
    if link.kind != "image" or target.startswith("https:") or not _SCHEME.match(target):
        return None
    return f"mail programs do not show `{target[:40]}`", "save the picture beside this file and name it here"


def _picture_verdict(
    link: Link, found: Path, programs: str = "browsers", types: tuple[str, ...] = PICTURE_TYPES
) -> Verdict:
    if found.suffix.lower() in types:
        return None
    return f"`{link.target}` is no picture that {programs} show", f"use one of {', '.join(types)}"


def _where_to(addresses: set[str]) -> str:
    shown = sorted(each for each in addresses if not each.endswith(("/thanks/", "/call/", "/confirmed/")))
    return f"pages: {', '.join(shown[:8])}{', …' if len(shown) > 8 else ''}"


def _help_without_scheme(target: str) -> str:
    if _ADDRESS.match(target):
        return f"did you mean `mailto:{target}`?"
    return f"did you mean `https://{target}`?" if _NO_SCHEME.match(target) else ""


def _front_texts(meta: dict[str, Any], ways: Iterable[tuple[str, ...]]) -> list[tuple[KeyPath, str]]:
    """Every Markdown text of the front matter with its path."""
    found: list[tuple[KeyPath, object]] = []
    for keys in ways:
        values: list[tuple[KeyPath, object]] = [((), meta)]
        for key in keys:
            values = [pair for path, value in values for pair in _below(path, value, key)]
        found += values
    return [(path, text) for path, text in found if isinstance(text, str)]


def _below(path: KeyPath, value: object, key: str) -> list[tuple[KeyPath, object]]:
    if key == "*":
        return [((*path, index), each) for index, each in enumerate(value)] if isinstance(value, list) else []
    return [((*path, key), value[key])] if isinstance(value, dict) and key in value else []
