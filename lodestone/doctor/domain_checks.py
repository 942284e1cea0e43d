"""Judge the sender's domain: its verification, its signature (DKIM), its bounce domain (MAIL FROM, SPF), and DMARC.

Gmail and Yahoo require SPF, DKIM and DMARC of bulk senders, and SPF or DKIM aligned with the From line; Microsoft
refuses mails without them (550 5.7.515). Rules: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC).
"""

from collections.abc import Iterator

from lodestone.doctor.domain_facts import MailFrom, Records, Signing
from lodestone.doctor.findings import Finding, error, ok, warning
from lodestone.doctor.mail_facts import Identity

_JUNK = "Gmail, Yahoo and Outlook turn unproved bulk mail away or put it in the junk folder."
_DKIM_ONLY = "SPF proves nothing for this sender, so a mail whose signature breaks on its way is lost."


def within(name: str, domain: str) -> bool:
    """Whether a name is the domain itself or lies below it."""
    name, domain = name.lower(), domain.lower()
    return name == domain or name.endswith("." + domain)


def judge_identity(signing: Signing) -> Iterator[Finding]:
    """Judge whether SES may send from the domain in the From line, and whether the functions have permission to."""
    covered = within(signing.sender, signing.wanted)
    if not covered:
        yield error(
            f"the stack may send as {signing.wanted}, but site.yaml's sender is at {signing.sender}",
            "Every mail is refused: the functions' permission names the other domain.",
            "deploy with the sender's own domain",
            f"make deploy STACK={{stack}} DEPLOY='--parameter-overrides SenderIdentity={signing.sender}'",
        )
    if signing.identity is None:
        yield error(
            f"SES does not know {signing.wanted} in this region",
            "Every mail is refused.",
            "make the identity, then publish the three CNAMEs it answers with",
            f"aws sesv2 create-email-identity --email-identity {signing.wanted}",
        )
    elif not signing.identity.verified:
        says = f"SES has not verified {signing.wanted}"
        yield error(says, "Every mail is refused.", *_publish_aliases(signing))
    elif covered:
        yield ok(f"SES has verified {signing.wanted}")


def judge_dkim(signing: Signing) -> Iterator[Finding]:
    """Judge whether the sender's domain signs the mails. `judge_identity` reports an unverified identity."""
    identity = signing.identity
    if identity is None or not identity.verified:
        return
    if not identity.signing:
        yield error(
            f"DKIM signing is off for {identity.name}",
            f"{_JUNK} One-click unsubscribing is not honoured either.",
            "switch it on",
            f"aws sesv2 put-email-identity-dkim-attributes --email-identity {identity.name} --signing-enabled",
        )
    elif identity.dkim == "SUCCESS":
        yield ok(f"mails are signed by {identity.name} (DKIM)")
    else:
        says = f"DKIM is not set up for {identity.name} ({_status_words(identity.dkim)})"
        yield error(says, _JUNK, *_publish_aliases(signing))


def _publish_aliases(signing: Signing) -> tuple[str, ...]:
    """Return a remedy, and the DNS records that it asks for."""
    if signing.unaliased:
        records = (f"{name}. CNAME {to}." for name, to in signing.unaliased)
        return ("publish in DNS, exactly so; SES looks again by itself within hours", *records)
    return (
        "the records are in DNS: SES looks again by itself, for up to 72 hours; after that, restart the verification "
        "in the SES console, Identities",
    )


def judge_mail_from(mail_from: MailFrom | None) -> Iterator[Finding]:
    """Judge the MAIL FROM domain: bounces go to it, and receivers check its SPF record."""
    if mail_from is None:
        return
    identity = mail_from.identity
    if not identity.mail_from:
        yield warning(
            f"{identity.name} has no MAIL FROM domain of its own",
            _DKIM_ONLY,
            "choose a subdomain used for nothing else, and publish the MX and TXT records that the SES console shows",
            f"aws sesv2 put-email-identity-mail-from-attributes --email-identity {identity.name} "
            f"--mail-from-domain bounce.{identity.name}",
        )
    elif identity.mail_from_status != "SUCCESS":
        yield _unused_mail_from(identity)
    else:
        yield _spf(identity.mail_from, mail_from.spf)


def _unused_mail_from(identity: Identity) -> Finding:
    says = f"SES does not use the MAIL FROM domain {identity.mail_from} ({_status_words(identity.mail_from_status)})"
    remedy = "publish the MX record that the SES console shows (Identities, Custom MAIL FROM domain), and"
    if identity.rejects_without_mail_from:
        return error(says, "Every mail is refused until it is.", remedy, _spf_record(identity.mail_from))
    return warning(says, _DKIM_ONLY, remedy, _spf_record(identity.mail_from))


def _spf(mail_from: str, records: tuple[str, ...]) -> Finding:
    """Judge the SPF records of the MAIL FROM domain, where receivers look for them."""
    if not records:
        return error(f"{mail_from} has no SPF record", _DKIM_ONLY, "publish", _spf_record(mail_from))
    if len(records) > 1:
        return _several_spf(mail_from, records)
    terms = records[0].lower().split()
    if "include:amazonses.com" not in terms and "+include:amazonses.com" not in terms:
        says = f"the SPF record of {mail_from} does not name Amazon SES"
        return error(says, _DKIM_ONLY, "add `include:amazonses.com`", _spf_record(mail_from))
    if {"+all", "all"} & set(terms):
        return error(
            f"the SPF record of {mail_from} lets everybody send (`+all`)",
            "Anyone may send in this name, and receivers trust such a domain less.",
            "end it with `~all`",
            _spf_record(mail_from),
        )
    return ok(f"SPF passes for {mail_from}, the MAIL FROM domain")


def _spf_record(name: str) -> str:
    return f'{name}. TXT "v=spf1 include:amazonses.com ~all"'


def _several_spf(name: str, records: tuple[str, ...]) -> Finding:
    return error(
        f"{name} has {len(records)} SPF records",
        "Receivers take that for a broken record: SPF fails for every mail from there.",
        "make one of them",
        *(f'{name}. TXT "{each}"' for each in records),
    )


def judge_sender_spf(spf: Records) -> Iterator[Finding]:
    """Judge the SPF records of the From domain.

    Receivers of our mails check the MAIL FROM domain instead. But a broken record here makes other mails of the From
    domain fail, and that harms its reputation.
    """
    if len(spf.texts) > 1:
        yield _several_spf(spf.sender, spf.texts)


def judge_dmarc(dmarc: Records) -> Finding:
    """Judge DMARC: there must be one record, with a policy."""
    if not dmarc.texts:
        return error(
            f"{dmarc.sender} has no DMARC record",
            "Gmail, Yahoo and Outlook ask for one of everybody who mails in bulk, and anyone can mail in your name.",
            "publish this one and read the reports; go on to p=quarantine when they show nothing strange",
            _dmarc_record(dmarc.sender, "none"),
        )
    if len(dmarc.texts) > 1:
        return error(
            f"{dmarc.at} has {len(dmarc.texts)} DMARC records",
            "Receivers then act as if there were none.",
            "keep one of them",
            *(f'_dmarc.{dmarc.at}. TXT "{each}"' for each in dmarc.texts),
        )
    return _policy(dmarc, read_tags(dmarc.texts[0]))


def _dmarc_record(domain: str, policy: str) -> str:
    return f'_dmarc.{domain}. TXT "v=DMARC1; p={policy}; rua=mailto:dmarc@{domain}"'


def read_tags(record: str) -> dict[str, str]:
    """Parse `v=DMARC1; p=none` into a mapping; names and values are in lower case."""
    pairs = (each.partition("=") for each in record.split(";") if "=" in each)
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _policy(dmarc: Records, tags: dict[str, str]) -> Finding:
    """Judge the policy for the sender: `sp`, if any, where the record is a parent domain's, else `p`."""
    inherited = dmarc.at != dmarc.sender
    policy = (tags.get("sp") if inherited else None) or tags.get("p", "")
    where = f"_dmarc.{dmarc.at}"
    if policy in ("quarantine", "reject"):
        return ok(f"DMARC asks receivers to {policy} what is not proved ({where})")
    if policy == "none":
        return warning(
            f"DMARC's policy is `none` ({where})",
            "Anyone can mail in your name and it is delivered; that spoils the standing your own mails need.",
            "when the reports show only your own mails, publish",
            _dmarc_record(dmarc.sender, "quarantine"),
        )
    return error(
        f"the DMARC record at {where} has no policy that anybody knows (`p={policy}`)",
        "Receivers then act as if there were none.",
        "publish",
        _dmarc_record(dmarc.sender, "none"),
    )


def judge_alignment(identity: Identity | None, dmarc: Records) -> Iterator[Finding]:
    """Judge whether DKIM's or MAIL FROM's domain is aligned with the From line, as strictly as DMARC asks."""
    if identity is None or not identity.verified:
        return
    tags = read_tags(dmarc.texts[0]) if len(dmarc.texts) == 1 else {}
    proofs = {
        "DKIM": (identity.signing and identity.dkim == "SUCCESS", identity.name, tags.get("adkim")),
        "SPF": (identity.mail_from_status == "SUCCESS", identity.mail_from, tags.get("aspf")),
    }
    passing = [
        name
        for name, (holds, proved, mode) in proofs.items()
        if holds and _aligned(proved, dmarc.sender, identity.name, mode)
    ]
    if passing:
        yield ok(f"mails from {dmarc.sender} pass DMARC by {' and '.join(passing)}")
        return
    yield error(
        f"no mail from {dmarc.sender} passes DMARC: neither DKIM nor MAIL FROM is aligned with it",
        "Receivers do with the mails what the policy says, or put them in the junk folder.",
        *_align(identity, dmarc.sender),
    )


def _align(identity: Identity, sender: str) -> tuple[str, ...]:
    """Return a remedy and its commands. Strict alignment (`adkim=s`) needs an identity for the sender's own domain."""
    if identity.name == sender or not (identity.signing and identity.dkim == "SUCCESS"):
        return ("mend DKIM, as told above",)
    return (
        "make an identity for the sender's very domain, publish the CNAMEs it answers with, and deploy with it",
        f"aws sesv2 create-email-identity --email-identity {sender}",
        f"make deploy STACK={{stack}} DEPLOY='--parameter-overrides SenderIdentity={sender}'",
    )


def _aligned(proved: str, sender: str, identity: str, mode: str | None) -> bool:
    """Whether two domains are aligned: the same if strict (`s`), else of one organisation: within the identity."""
    if mode == "s":
        return proved.lower() == sender
    return within(proved, identity) and within(sender, identity)


def _status_words(status: str) -> str:
    """Format a status of SES as words."""
    return status.lower().replace("_", " ")
