"""The counted links of mails, as authors name them: what they are called, and whether they can be counted at all."""

import re
from collections.abc import Mapping, Sequence

from lodestone.content.code import blank_code
from lodestone.content.model import Document
from lodestone.content.placeholders import compile_placeholders
from lodestone.content.places import body_offset, offset_place
from lodestone.content.problems import Problems
from lodestone.content.schema import SiteFront
from lodestone.markdown.html import prepare
from lodestone.markdown.mail_links import MailLinks, read_links
from lodestone.markdown.parser import parse

#: Stands for an unknown site address. Only a link without words is named for its host, so it hardly matters.
_ANY_SITE = "https://www.example.com"

_NAME = re.compile(r"\{#([^#{}\n]*)\}")
_NOT_BEHIND_LINK = (
    "this name stands behind no link",
    "write it right behind the link that it names, without a space: `[see prices](https://…){#pricing}`",
)


def link_names(
    mails: Sequence[tuple[str, Document]], site: SiteFront | None
) -> Mapping[str, tuple[str, ...]]:
    """The names of each mail's links, in order, read from the mail as it will be rendered.

    Conditions use them: `clicked step-2 link pricing`. A step comes once for each version of its mail.
    """
    base_url = site.base_url.rstrip("/") if site else _ANY_SITE
    language = site.language if site else "en"
    names: dict[str, tuple[str, ...]] = {}
    for step, mail in mails:
        found = _links(mail.body, base_url, language).destinations
        names[step] = tuple(dict.fromkeys((*names.get(step, ()), *found)))
    return names


def has_counted_link(mail: Document) -> bool:
    """Whether a reader of this mail could make a click that counts."""
    return bool(_links(mail.body).destinations)


def check_link_names(mail: Document, problems: Problems) -> None:
    """Each name in a mail stands behind a link, and behind one that can be counted."""
    if "{#" not in mail.body:
        return
    named = list(_links(mail.body).given)
    start = body_offset(mail)
    for match in _NAME.finditer(blank_code(mail.text[start:])):
        is_next = named and named[0][0] == match[1]
        trouble = named.pop(0)[1] if is_next else _NOT_BEHIND_LINK
        if trouble:
            problems.add(offset_place(mail, start + match.start(), len(match[0])), *trouble)


def _links(body: str, base_url: str = _ANY_SITE, language: str = "en") -> MailLinks:
    def absolute(kind: str, target: str) -> str:
        return base_url + target if target.startswith("/") else target

    marked = compile_placeholders(body)[0]
    return read_links(prepare(parse(marked).copy(), language, absolute))
