"""Judge what visitors reach (the published content, the site's address, its certificate), and this machine's clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lodestone.doctor.findings import Finding, error, ok, warning
from lodestone.doctor.site_facts import Content, Health
from lodestone.doctor.sources import Certificate
from lodestone.formats.counts import counted
from lodestone.formats.spans import rounded_span

#: ACM renews a certificate 60 days before it ends, others are renewed 30 days before; later, the renewal has failed.
_RENEWAL_DUE, _URGENT = timedelta(days=30), timedelta(days=10)
#: AWS refuses signatures that are five minutes off.
_OFF, _REFUSED = timedelta(minutes=1), timedelta(minutes=4)
_RENEW = "see in the ACM console (us-east-1) why: mostly the CNAME that proves the domain is gone from DNS"
_PUBLISH = "python build.py publish --stack {stack}"


def judge_stack(status: str) -> Finding:
    """Judge whether the last deployment succeeded."""
    if "ROLLBACK" in status:
        return warning(
            "the last deployment failed and was undone",
            "The stack runs as it did before; what was new in that deployment is missing.",
            "see what failed, mend it, deploy again",
            "aws cloudformation describe-stack-events --stack-name {stack}",
        )
    return ok("the last deployment went through")


def judge_content(content: Content) -> Iterator[Finding]:
    """Judge whether the magnets are published, with the sender and the address of this checkout."""
    missing = [each for each in content.magnets if each not in content.published]
    if not content.published:
        yield error(
            "none of the magnets here is published",
            "Every form of theirs is answered with an error, and no lead is stored.",
            "publish them",
            _PUBLISH,
        )
        return
    if missing:
        listed = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        yield warning(
            f"{counted(len(missing), 'magnet')} not published: {listed}",
            "Forms that lead to them are answered with an error.",
            "publish them",
            _PUBLISH,
        )
    else:
        yield ok(f"{counted(len(content.published), 'magnet')} published")
    yield from _sender(content)
    yield from _address(content)


def _sender(content: Content) -> Iterator[Finding]:
    """Compare the senders: the functions use the published one until a change of site.yaml is published."""
    others = {each.sender.email for each in content.published.values()} - {content.sender}
    if others:
        yield warning(
            f"mails go out from {', '.join(sorted(others))}, not from {content.sender} as in site.yaml",
            "The findings about the sender's domain are about the new one; leads still get mails from the old.",
            "publish the change",
            _PUBLISH,
        )


def _address(content: Content) -> Iterator[Finding]:
    """Compare the base URLs: links in mails use the published one."""
    mailed = {each.base_url.rstrip("/") for each in content.published.values()}
    stale = mailed - {content.base_url}
    if stale:
        yield warning(
            f"links in mails lead to {', '.join(sorted(stale))}, not to {content.base_url} as in site.yaml",
            "Leads are sent to the old address.",
            "publish the change",
            _PUBLISH,
        )
    if content.site_url and content.base_url != content.site_url:
        yield warning(
            f"site.yaml says {content.base_url}, and the stack answers at {content.site_url}",
            "Unless that name points at the stack, every link in a mail is dead.",
            "set base_url in site/site.yaml, or deploy with the domain and publish again",
            "make deploy STACK={stack} DEPLOY='--parameter-overrides DomainName=YOUR.SITE CertificateArn=ARN'",
        )
    elif not stale:
        yield ok(f"links in mails lead to {content.base_url}, where the stack answers")


def judge_health(answers: tuple[Health, ...]) -> Iterator[Finding]:
    """Judge whether the API answers at the addresses that visitors use."""
    for each in answers:
        if each.status == 200 and each.ours and each.published:
            yield ok(f"{each.url}/api/health answers")
        elif each.status == 200 and each.ours:
            yield error(
                f"{each.url} answers, and has no pages for the links in mails",
                "Whoever confirms or unsubscribes meets an error.",
                "publish",
                _PUBLISH,
            )
        else:
            yield _unhealthy(each)


def _unhealthy(health: Health) -> Finding:
    means = "Forms and the links in mails do not work for visitors."
    if health.status == 503:
        return error(
            f"{health.url} answers, but its functions cannot read the table",
            means,
            "the log of HealthFunction says why",
            "sam logs --name HealthFunction --stack-name {stack}",
        )
    if health.status == 0:
        says = f"{health.url} does not answer ({health.fault})"
        remedy = "does its DNS name point at the stack (output DistributionDomainName)? A new CDN takes some minutes"
        return error(says, means, remedy)
    says = (
        f"something else than the funnel answers at {health.url}/api/health"
        if health.status == 200
        else f"{health.url}/api/health answers with {health.status}"
    )
    return error(
        says,
        means,
        "does that address lead to this stack, and does /api/* reach the API? See",
        "curl -i " + f"{health.url}/api/health",
    )


def judge_certificate(seen: tuple[Certificate, datetime] | None) -> Iterator[Finding]:
    """Judge whether browsers trust the site's certificate, and for how long."""
    if seen is None:
        yield error(
            "the site is on plain HTTP",
            "Browsers warn before the form, and mail programs do not honour one-click unsubscribing (RFC 8058).",
            "set an https base_url in site/site.yaml",
        )
        return
    certificate, now = seen
    yield (
        _judge_expiry(certificate.host, certificate.ends - now)
        if certificate.ends
        else error(
            f"the certificate of {certificate.host} is not trusted ({certificate.fault})",
            "Browsers refuse the site and every link in a mail.",
            _RENEW,
        )
    )


def _judge_expiry(host: str, left: timedelta) -> Finding:
    """Judge when a certificate that browsers trust today ends."""
    if left > _RENEWAL_DUE:
        return ok(f"the certificate of {host} is good for {rounded_span(left)}")
    return (error if left < _URGENT else warning)(
        f"the certificate of {host} ends in {rounded_span(left)} and was not renewed",
        "After that, browsers refuse the site and every link in a mail.",
        _RENEW,
    )


def judge_clock(ahead: timedelta) -> Finding:
    """Compare this machine's clock with AWS's."""
    off = abs(ahead)
    if off < _OFF:
        return ok("this machine's clock agrees with AWS's")
    says = f"this machine's clock is {rounded_span(off)} {'ahead of' if ahead > timedelta(0) else 'behind'} AWS's"
    means = "AWS refuses signatures that are five minutes off: publishing fails. Leads notice nothing."
    remedy = "let the system set its clock (NTP)"
    return (error if off >= _REFUSED else warning)(says, means, remedy)
