"""Looking at the sender's domain: what SES knows of it, and DKIM, SPF and DMARC in DNS.

Each look asks as little as its check needs, so that the rest can be told where SES or DNS cannot be asked.
"""

import re
from dataclasses import dataclass

from lodestone.doctor.mail_facts import Identity, look_at_identity
from lodestone.doctor.sources import CannotLook, Sources

#: SPF's version ends with a space or the record, DMARC's with a semicolon, and spaces may stand around its `=`.
_SPF = re.compile(r"v=spf1(\s|$)", re.IGNORECASE)
_DMARC = re.compile(r"v\s*=\s*DMARC1\s*(;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signing:
    """The domain of the From line beside the identity that mails are signed by."""

    sender: str  # the domain behind the @
    wanted: str  # the identity the stack was deployed with
    identity: Identity | None  # None where SES does not know it
    unaliased: tuple[tuple[str, str], ...] = ()  # CNAMEs for DKIM that DNS has not got: name, target


@dataclass(frozen=True, slots=True)
class MailFrom:
    """The domain that bounces go to, and the SPF records there."""

    identity: Identity
    spf: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one kind that hold for the sender's domain; `at` is the domain they were found for."""

    sender: str
    at: str
    texts: tuple[str, ...]


def look_at_signing(sources: Sources) -> Signing:
    """The identity in SES; and while SES is not content, which of the records it waits for are not in DNS."""
    identity = look_at_identity(sources)
    unaliased = _unaliased(sources, identity) if identity and identity.dkim != "SUCCESS" else ()
    return Signing(sources.site.sender_domain, sources.identity, identity, unaliased)


def _unaliased(sources: Sources, identity: Identity) -> tuple[tuple[str, str], ...]:
    wanted = ((f"{each}._domainkey.{identity.name}", f"{each}.{identity.zone}") for each in identity.tokens)
    return tuple((name, to) for name, to in wanted if not _is_alias(sources, name, to))


def _is_alias(sources: Sources, name: str, to: str) -> bool:
    """Where DNS cannot be asked, the record counts as missing: SES, which asked, is not content either."""
    try:
        return sources.names.alias(name).lower() == to.lower()
    except CannotLook:
        return False


def look_at_mail_from(sources: Sources) -> MailFrom | None:
    """The MAIL FROM domain; None where SES does not even know the identity."""
    identity = look_at_identity(sources)
    if identity is None:
        return None
    in_use = identity.mail_from_status == "SUCCESS"
    return MailFrom(identity, _texts(sources, identity.mail_from, _SPF) if in_use else ())


def look_at_sender_spf(sources: Sources) -> Records:
    """The SPF records of the domain in the From line."""
    sender = sources.site.sender_domain
    return Records(sender, sender, _texts(sources, sender, _SPF))


def look_at_dmarc(sources: Sources) -> Records:
    """DMARC's records: the sender's own, else those of the nearest domain above it that has some, but no top
    level's."""
    sender = sources.site.sender_domain
    labels = sender.split(".")
    for start in range(max(1, len(labels) - 1)):
        at = ".".join(labels[start:])
        found = _texts(sources, f"_dmarc.{at}", _DMARC)
        if found:
            return Records(sender, at, found)
    return Records(sender, "", ())


def look_at_alignment(sources: Sources) -> tuple[Identity | None, Records]:
    """What proves a mail, and what DMARC asks of it."""
    return look_at_identity(sources), look_at_dmarc(sources)


def _texts(sources: Sources, name: str, version: re.Pattern[str]) -> tuple[str, ...]:
    """The TXT records that begin with that version."""
    return tuple(each for each in sources.names.texts(name) if version.match(each))
