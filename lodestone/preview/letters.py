"""The mails of a magnet as one reader gets them: filled in, examined, and as files for a mail program."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from leads.funnel import Funnel, Mail
from leads.letter import Letter, write_letter
from leads.link_types import lifetime_of
from leads.tokens import Signer
from lodestone.preview.occasions import Occasion
from lodestone.preview.reader import Reader
from lodestone.render.mail_facts import MailFacts, facts_of
from lodestone.render.mail_file import as_mail_file

#: Links of a preview are signed with a key that no stack has: they look like real ones and open nothing.
_SIGNER = Signer(("preview",))


@dataclass(frozen=True)
class Previewed:
    """A mail, filled in for its reader, and the facts about it. Its links are signed at `written`."""

    occasion: Occasion
    magnet: str
    mail: Mail
    letter: Letter
    facts: MailFacts
    written: datetime


def write_letters(
    reader: Reader, funnel: Funnel, mails: Mapping[str, Mail], found: tuple[Occasion, ...]
) -> tuple[Previewed, ...]:
    """Fill in the mail of each occasion, as the worker will at that instant."""
    return tuple(_previewed(reader, funnel, mails[each.name], each) for each in found)


def _previewed(reader: Reader, funnel: Funnel, mail: Mail, occasion: Occasion) -> Previewed:
    lead = reader.lead(funnel.slug)
    at = occasion.at or reader.now
    letter = write_letter(mail, funnel, lead, occasion.send, _SIGNER, at)
    return Previewed(occasion, funnel.slug, mail, letter, facts_of(letter), at)


def counted_destination(url: str, previewed: Previewed) -> str:
    """Return the URL that a counted link redirects to; its token names the link."""
    token = urlsplit(url).query.partition("=")[2]
    *_, name = _SIGNER.read("click", token, previewed.written, lifetime_of("click"))
    return previewed.mail.links[name]


def as_eml(previewed: Previewed) -> bytes:
    """Return the mail as a file that mail programs open."""
    return as_mail_file(previewed.letter, previewed.written)
