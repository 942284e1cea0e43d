"""Looking at what visitors meet: the published content, the site's address, its certificate; and the clock."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from leads.funnel import Funnel
from lodestone.doctor.sources import CannotLook, Certificate, Sources, output
from lodestone.stack.definitions import read_funnels

#: A look at a sample: a site may have thousands of magnets, and one publish carries them all.
_SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Content:
    """What this checkout offers, and what of it is published (of its first hundred magnets)."""

    magnets: tuple[str, ...]
    published: dict[str, Funnel]
    base_url: str
    sender: str
    site_url: str


@dataclass(frozen=True, slots=True)
class Health:
    """What `/api/health` answered at an address."""

    url: str
    status: int  # 0: nothing answered, and `fault` has why
    ours: bool = False  # it was the health function that answered, and it is well
    published: bool = False  # there are pages behind the links in mails
    fault: str = ""


def look_at_content(sources: Sources) -> Content:
    """The definitions in the table, beside those of this checkout."""
    sample = sources.site.magnets[:_SAMPLE]
    return Content(
        magnets=sample,
        published=read_funnels(sources.ask, output(sources.stack.table, "TableName"), sample),
        base_url=sources.site.base_url.rstrip("/"),
        sender=sources.site.sender,
        site_url=sources.stack.site_url.rstrip("/"),
    )


def look_at_health(sources: Sources) -> tuple[Health, ...]:
    """The API through the address in the mails, and through the stack's own where that is another."""
    own, mailed = sources.stack.site_url or sources.stack.api_url, sources.site.base_url
    urls = [url for url in dict.fromkeys((mailed.rstrip("/"), own.rstrip("/"))) if url]
    answers = [_health(sources, url) for url in urls]
    if not sources.emulated:
        return tuple(answers)
    reached = tuple(each for each in answers if each.status)
    if not reached:
        raise CannotLook(
            f"{' and '.join(urls)} cannot be reached", "an emulator's addresses may lead nowhere"
        )
    return reached


def _health(sources: Sources, url: str) -> Health:
    answer = sources.web.get(f"{url}/api/health")
    if not answer.status:
        return Health(url, 0, fault=answer.body)
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    return Health(url, answer.status, told.get("ok") is True, told.get("published") is True)


def look_at_certificate(sources: Sources) -> tuple[Certificate, datetime] | None:
    """The site's certificate, and the time; None where the site is on plain HTTP."""
    parts = urlsplit(sources.site.base_url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    return sources.web.certificate(parts.hostname), sources.now()


def look_at_clock(sources: Sources) -> timedelta:
    """How far this machine's clock is ahead of AWS's (negative: behind), to a second or so."""
    headers = sources.ask("sts", "get_caller_identity")["ResponseMetadata"]["HTTPHeaders"]
    return sources.now() - parsedate_to_datetime(headers["date"])
