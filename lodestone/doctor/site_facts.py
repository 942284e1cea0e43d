"""Read what visitors reach (the published content, the site's address, its certificate), and this machine's clock."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from leads.funnel import Funnel
from lodestone.doctor.sources import CannotLook, Certificate, Sources, output
from lodestone.stack.definitions import read_funnels

#: How many magnets are examined. A site may have thousands, and one publish writes them all.
_SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Content:
    """The first hundred magnets of this checkout, and the published definitions of those."""

    magnets: tuple[str, ...]
    published: dict[str, Funnel]
    base_url: str
    sender: str
    site_url: str


@dataclass(frozen=True, slots=True)
class Health:
    """What `/api/health` answered at an address."""

    url: str
    status: int  # 0: nothing answered, and `fault` says why
    ours: bool = False  # the health function answered, and reports no fault
    published: bool = False  # the pages that links in mails open are published
    fault: str = ""


def look_at_content(sources: Sources) -> Content:
    """Read the definitions from the table, and what this checkout says."""
    sample = sources.site.magnets[:_SAMPLE]
    return Content(
        magnets=sample,
        published=read_funnels(sources.ask, output(sources.stack.table, "TableName"), sample),
        base_url=sources.site.base_url.rstrip("/"),
        sender=sources.site.sender,
        site_url=sources.stack.site_url.rstrip("/"),
    )


def look_at_health(sources: Sources) -> tuple[Health, ...]:
    """Ask the API at the address that mails link to and, if it differs, at the stack's own.

    Raises CannotLook if AWS is emulated and neither can be reached.
    """
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
    """Read the site's certificate, and the time; None if the site is on plain HTTP."""
    parts = urlsplit(sources.site.base_url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    return sources.web.certificate(parts.hostname), sources.now()


def look_at_clock(sources: Sources) -> timedelta:
    """Return how far this machine's clock is ahead of AWS's (negative: behind), to about a second."""
    headers = sources.ask("sts", "get_caller_identity")["ResponseMetadata"]["HTTPHeaders"]
    return sources.now() - parsedate_to_datetime(headers["date"])
