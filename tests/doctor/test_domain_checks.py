"""The sender's domain: SES's identity, DKIM, MAIL FROM, SPF, DMARC and alignment, as records make them."""

import pytest

from lodestone.doctor import domain_checks as checks
from lodestone.doctor import domain_facts as facts
from lodestone.doctor.findings import Severity
from lodestone.stack.errors import AwsError
from tests.doctor.clinic import (
    DeadNames,
    FakeNames,
    healthy_answers,
    healthy_stack,
    healthy_texts,
    make_sources,
)

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
IDENTITY = "sesv2.get_email_identity"


def identity(dkim: dict | None = None, mail_from: dict | None = None, **changes) -> dict:
    """SES's answer, changed."""
    known = healthy_answers()[IDENTITY]
    known["DkimAttributes"] |= dkim or {}
    known["MailFromAttributes"] |= mail_from or {}
    return {IDENTITY: known | changes}


def signing(*args, **kwargs):
    seen = facts.look_at_signing(make_sources(*args, **kwargs))
    return [*checks.judge_identity(seen), *checks.judge_dkim(seen)]


def dmarc(sender: str = "ann@press.example", **texts: list[str]):
    sources = make_sources(names=FakeNames(texts), sender=sender)
    return checks.judge_dmarc(facts.look_at_dmarc(sources))


def mail_from(changes: dict, *spf: str):
    texts = healthy_texts() | {"bounce.press.example": list(spf)}
    seen = facts.look_at_mail_from(make_sources(changes, names=FakeNames(texts)))
    (finding,) = checks.judge_mail_from(seen)
    return finding


def alignment(record: str, changes: dict | None = None, sender: str = "ann@press.example"):
    texts = healthy_texts() | {"_dmarc.press.example": [record]}
    sources = make_sources(changes, names=FakeNames(texts), sender=sender)
    return list(checks.judge_alignment(*facts.look_at_alignment(sources)))


def test_a_verified_and_signed_domain_is_well():
    assert [each.severity for each in signing()] == [OK, OK]


def test_an_identity_that_ses_does_not_know_is_to_be_made():
    (finding,) = signing({IDENTITY: AwsError("none", "", code="NotFoundException")})
    assert finding.severity is ERROR
    assert finding.copy == ("aws sesv2 create-email-identity --email-identity press.example",)


def test_a_sender_outside_the_identity_is_refused_every_mail():
    stack = healthy_stack(parameters={"SenderIdentity": "example.com"})
    finding = signing(stack=stack)[0]
    assert finding.severity is ERROR
    assert "SenderIdentity=press.example" in finding.copy[0]


def test_a_sender_below_the_identity_is_covered_and_a_lookalike_is_not():
    assert signing(sender="ann@news.press.example")[0].severity is OK
    assert signing(sender="ann@notpress.example")[0].severity is ERROR


def test_an_unverified_domain_lists_the_records_that_dns_has_not_got():
    changes = identity({"Status": "PENDING"}, VerifiedForSendingStatus=False)
    aliases = {"a._domainkey.press.example": "a.dkim.amazonses.com"}
    (finding,) = signing(changes, names=FakeNames(aliases=aliases))
    assert finding.severity is ERROR
    assert finding.copy == (
        "b._domainkey.press.example. CNAME b.dkim.amazonses.com.",
        "c._domainkey.press.example. CNAME c.dkim.amazonses.com.",
    )


def test_where_all_records_are_there_it_is_ses_turn():
    changes = identity({"Status": "FAILED"})
    aliases = {f"{each}._domainkey.press.example": f"{each}.dkim.amazonses.com" for each in "abc"}
    finding = signing(changes, names=FakeNames(aliases=aliases))[1]
    assert (finding.severity, finding.copy) == (ERROR, ())
    assert "SES looks again" in finding.remedy


def test_without_dns_a_failed_dkim_is_told_all_the_same():
    finding = signing(identity({"Status": "FAILED"}), names=DeadNames())[1]
    assert finding.severity is ERROR
    assert len(finding.copy) == 3


def test_signing_that_is_off_is_an_error():
    assert signing(identity({"SigningEnabled": False}))[1].severity is ERROR


@pytest.mark.parametrize(
    ("changes", "spf", "severity", "says"),
    [
        ({}, ["v=spf1 include:amazonses.com ~all"], OK, "SPF passes"),
        ({}, [], ERROR, "has no SPF record"),
        ({}, ["v=spf1 include:amazonses.com ~all", "V=SPF1 -all"], ERROR, "2 SPF records"),
        ({}, ["v=spf1 include:other.example -all"], ERROR, "does not name Amazon SES"),
        ({}, ["v=spf1 include:amazonses.com +all"], ERROR, "lets everybody send"),
        ({}, ["v=spf10 include:amazonses.com"], ERROR, "has no SPF record"),
        ({"MailFromDomain": "", "MailFromDomainStatus": ""}, [], WARNING, "no MAIL FROM domain"),
        ({"MailFromDomainStatus": "PENDING"}, [], WARNING, "(pending)"),
        (
            {"MailFromDomainStatus": "FAILED", "BehaviorOnMxFailure": "REJECT_MESSAGE"},
            [],
            ERROR,
            "does not use",
        ),
    ],
)
def test_mail_from_and_its_spf(changes, spf, severity, says):
    finding = mail_from(identity(mail_from=changes), *spf)
    assert finding.severity is severity
    assert says in finding.says


def test_several_spf_records_at_the_sender_are_an_error_and_one_is_nothing_to_tell():
    look = facts.look_at_sender_spf
    assert list(checks.judge_sender_spf(look(make_sources()))) == []
    texts = {"press.example": ["v=spf1 -all", "v=spf1 mx -all"]}
    (finding,) = checks.judge_sender_spf(look(make_sources(names=FakeNames(texts))))
    assert finding.severity is ERROR


@pytest.mark.parametrize(
    ("texts", "severity", "says"),
    [
        ({"_dmarc.press.example": ["v=DMARC1; p=reject"]}, OK, "reject"),
        ({"_dmarc.press.example": ["v = DMARC1 ;p = Quarantine"]}, OK, "quarantine"),
        ({"_dmarc.press.example": ["v=DMARC1; p=none"]}, WARNING, "`none`"),
        ({"_dmarc.press.example": ["v=DMARC1; p=nnoe"]}, ERROR, "`p=nnoe`"),
        ({"_dmarc.press.example": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, ERROR, "2 DMARC records"),
        ({"_dmarc.press.example": ["some other text"]}, ERROR, "no DMARC record"),
        ({}, ERROR, "no DMARC record"),
    ],
)
def test_dmarc_is_judged_by_its_one_record(texts, severity, says):
    finding = dmarc(**texts)
    assert finding.severity is severity
    assert says in finding.says


def test_a_parents_dmarc_counts_for_its_subdomains_by_sp():
    parent = {"_dmarc.press.example": ["v=DMARC1; p=reject; sp=none"]}
    assert dmarc("ann@mail.press.example", **parent).severity is WARNING
    assert dmarc("ann@press.example", **parent).severity is OK
    assert dmarc("ann@mail.press.example", **{"_dmarc.press.example": ["v=DMARC1; p=reject"]}).severity is OK
    assert dmarc(**{"_dmarc.example": ["v=DMARC1; p=reject"]}).severity is ERROR


def test_alignment_holds_by_either_proof():
    (finding,) = alignment("v=DMARC1; p=none")
    assert "by DKIM and SPF" in finding.says
    (finding,) = alignment("v=DMARC1; p=none; aspf=s")
    assert finding.says.endswith("by DKIM")
    (finding,) = alignment("v=DMARC1; p=none", identity({"Status": "FAILED"}))
    assert finding.says.endswith("by SPF")


def test_without_any_proof_it_is_dkim_that_is_to_be_mended():
    (finding,) = alignment(
        "v=DMARC1; p=none", identity({"Status": "FAILED"}, {"MailFromDomainStatus": "FAILED"})
    )
    assert (finding.severity, finding.copy) == (ERROR, ())


def test_strict_alignment_breaks_for_a_sender_below_the_identity():
    (finding,) = alignment("v=DMARC1; p=reject; adkim=s; aspf=s", sender="ann@news.press.example")
    assert finding.severity is ERROR
    assert "create-email-identity --email-identity news.press.example" in finding.copy[0]
