"""Checks mails after rendering: each must be legal to send, and must arrive complete."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from leads import placeholders
from leads.funnel import Funnel, Mail, mail_name
from leads.letter import ALWAYS_SAID
from leads.mail_types import is_transactional
from lodestone.build.definition import Compiled
from lodestone.content.model import Document, Magnet
from lodestone.content.places import Place, key_place, top_of
from lodestone.content.problems import Problem, Problems
from lodestone.render.mail import LARGE_MAIL, LARGEST_MAIL

#: Bytes that a signed link takes in a mail: base URL, purpose, and a token of a lead, a magnet and a step.
_LINK_SIZE = 250

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class _Fault:
    """What is wrong with a mail. `key` is the key of its front matter to blame, "" for the mail as a whole."""

    message: str
    help: str
    severity: str = "error"
    key: str = ""

    def place(self, doc: Document) -> Place:
        return key_place(doc, (self.key,)) if (self.key,) in doc.key_marks else top_of(doc.path)


def check_mails(magnet: Magnet, compiled: Compiled, root: Path) -> list[Problem]:
    """Mails that break the law or the mailbox providers' rules, by what they say or what a template leaves out."""
    problems = Problems(root)
    sources = {mail_name(each.step, each.variant): each for each in magnet.mails}
    for mail in compiled.mails:
        doc = sources[mail.step].doc
        for fault in _faults(mail, compiled.funnel):
            problems.add(fault.place(doc), fault.message, fault.help, fault.severity)
    return problems


def _faults(mail: Mail, funnel: Funnel) -> Iterator[_Fault]:
    yield from _subject_faults(mail, funnel)
    yield from _template_faults(mail, "mail.html", mail.html, funnel.postal_address)
    yield from _template_faults(mail, "mail.txt", mail.text, funnel.postal_address)
    yield from _size_faults(mail)


def _subject_faults(mail: Mail, funnel: Funnel) -> Iterator[_Fault]:
    """Report a subject that is empty if a lead left the optional fields empty: such mail is taken for spam."""
    required = (field.name for field in funnel.fields if field.required)
    if not placeholders.fill(mail.subject, dict.fromkeys((*ALWAYS_SAID, *required), "x"), html=False).strip():
        yield _Fault(
            f"the mail `{mail.step}` may have an empty subject",
            'say what stands there instead: `{{ first_name | default("A letter for you") }}`',
            key="subject",
        )


def _template_faults(
    mail: Mail, template: str, parts: placeholders.Parts, postal_address: str
) -> Iterator[_Fault]:
    """What every mail of a list must say in both of its parts."""
    names = {part.name for part in parts if isinstance(part, placeholders.Placeholder)}
    if not is_transactional(mail.step) and "unsubscribe_url" not in names:
        yield _Fault(
            f"the mail `{mail.step}` has no unsubscribe link",
            f"put `unsubscribe_url` into site/templates/{template}: the law asks for it (CAN-SPAM, GDPR Art. 7(3))",
        )
    words = _squeezed(unescape(_TAG.sub("", placeholders.fill(parts, {}, html=True))))
    if any(_squeezed(line) not in words for line in postal_address.splitlines()):
        yield _Fault(
            f"the mail `{mail.step}` does not show the sender's postal address",
            f"put `address` into site/templates/{template}: the law asks for it (CAN-SPAM)",
        )


def _size_faults(mail: Mail) -> Iterator[_Fault]:
    size = _size(mail)
    message = f"the mail `{mail.step}` has {size / 1000:.0f} KB; Gmail cuts mails off at {LARGEST_MAIL / 1000:.0f} KB"
    if size > LARGEST_MAIL:
        yield _Fault(message, "shorten it, or link to a page")
    elif size > LARGE_MAIL:
        yield _Fault(message, "long answers of a lead may take it over; shorten it", "warning")


def _size(mail: Mail) -> int:
    """Bytes of the HTML part once its links are in it."""
    links = sum(
        part.name.endswith("_url") or part.name.startswith("click:")
        for part in mail.html
        if isinstance(part, placeholders.Placeholder)
    )
    return len(placeholders.fill(mail.html, {}, html=True).encode()) + links * _LINK_SIZE


def _squeezed(text: str) -> str:
    return "".join(text.split())
