"""Read the facts about the sender's domain: its identity in SES, and its records of DKIM, SPF and DMARC in DNS.

Each function asks only what its check needs, so that other checks still work if SES or DNS does not answer.
"""

import re
from dataclasses import dataclass

from lodestone.doctor.mail_facts import Identity, look_at_identity
from lodestone.doctor.sources import CannotLook, Sources

#: A space or the end follows SPF's version (RFC 7208, 4.5). A semicolon or the end follows DMARC's, which may have
#: spaces around its `=` (RFC 7489, 6.4).
_SPF = re.compile(r"v=spf1(\s|$)", re.IGNORECASE)
_DMARC = re.compile(r"v\s*=\s*DMARC1\s*(;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signing:
    """The domain of the From line, and the identity that signs the mails."""

    sender: str  # the domain behind the @
    wanted: str  # the identity the stack was deployed with
    identity: Identity | None  # None if SES does not know it
    unaliased: tuple[tuple[str, str], ...] = ()  # CNAMEs of DKIM that are missing in DNS: name, target


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
    """Read the identity from SES and, unless SES has verified DKIM, which of its CNAMEs are missing in DNS."""
    identity = look_at_identity(sources)
    unaliased = _unaliased(sources, identity) if identity and identity.dkim != "SUCCESS" else ()
    return Signing(sources.site.sender_domain, sources.identity, identity, unaliased)


def _unaliased(sources: Sources, identity: Identity) -> tuple[tuple[str, str], ...]:
    wanted = ((f"{each}._domainkey.{identity.name}", f"{each}.{identity.zone}") for each in identity.tokens)
    return tuple((name, to) for name, to in wanted if not _is_alias(sources, name, to))


def _is_alias(sources: Sources, name: str, to: str) -> bool:
    """Whether the CNAME is in DNS. If DNS does not answer, it counts as missing, because SES did not find it either."""
    try:
        return sources.names.alias(name).lower() == to.lower()
    except CannotLook:
        return False


def look_at_mail_from(sources: Sources) -> MailFrom | None:
    """Read the MAIL FROM domain and its SPF records; None if SES does not know the identity."""
    identity = look_at_identity(sources)
    if identity is None:
        return None
    in_use = identity.mail_from_status == "SUCCESS"
    return MailFrom(identity, _texts(sources, identity.mail_from, _SPF) if in_use else ())


def look_at_sender_spf(sources: Sources) -> Records:
    """Read the SPF records of the domain in the From line."""
    sender = sources.site.sender_domain
    return Records(sender, sender, _texts(sources, sender, _SPF))


def look_at_dmarc(sources: Sources) -> Records:
    """Read the DMARC records of the sender's domain, else of its nearest parent domain that has some.

    Top-level domains are not asked.
    """
    sender = sources.site.sender_domain
    labels = sender.split(".")
    for start in range(max(1, len(labels) - 1)):
        at = ".".join(labels[start:])
        found = _texts(sources, f"_dmarc.{at}", _DMARC)
        if found:
            return Records(sender, at, found)
    return Records(sender, "", ())


def look_at_alignment(sources: Sources) -> tuple[Identity | None, Records]:
    """Read what alignment is judged by: the identity and the DMARC records."""
    return look_at_identity(sources), look_at_dmarc(sources)


def _texts(sources: Sources, name: str, version: re.Pattern[str]) -> tuple[str, ...]:
    """Return the TXT records of a name that begin with this version."""
    return tuple(each for each in sources.names.texts(name) if version.match(each))
