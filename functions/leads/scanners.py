"""Distinguish a mail scanner's click from a person's: by its user agent, and by timing that no person has.

The result is a guess, used for scores, conditions and reports alone: nothing that a lead asked for depends on
it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from leads.events import Event

#: Parts of the user agents of scanners, previews, crawlers and programs. Not `cubot`, a brand of telephones.
_MARKS = re.compile(
    r"(?<!cu)bot|barracuda|bitdefender|ciscosecure|crawl|externalhit|fetch|fireeye|forti|headless|imageproxy|ironport"
    r"|mailproxy|mimecast|msoffice|ms-office|preview|proofpoint|safelinks|safety|scan|slurp|sophos|spider|symantec"
    r"|trendmicro|axios|curl|go-http|httpclient|java/|libwww|okhttp|php/|python|wget"
)


def is_machine(user_agent: str) -> bool:
    """Whether the user agent is empty or names a scanner, a crawler or a program."""
    return not user_agent.strip() or bool(_MARKS.search(user_agent.lower()))


#: A person needs at least this long to open a mail, read it and click. Scanners follow the links on delivery,
#: some of them again a few seconds later.
QUICKEST = timedelta(seconds=15)
#: Clicks on two or more links of one mail within this time are a scanner's: it follows about one a second.
AT_ONCE = timedelta(seconds=3)


#: Identifies a mail: its magnet, step, ask and attempt; None for what the event does not hold.
_SendKey = tuple[str, str | None, int | None, int | None]


def machine_clicks(events: Iterable[Event]) -> frozenset[str]:
    """The keys of those clicks that no person made: too soon after the mail went out, or all links at once."""
    sent: dict[_SendKey, datetime] = {}
    clicks: dict[_SendKey, list[Event]] = defaultdict(list)
    for event in events:
        if event.type == "clicked":
            clicks[_send_key(event)].append(event)
        elif event.type in ("mailed", "delivered"):
            sent[_send_key(event)] = max(event.at, sent.get(_send_key(event), event.at))
    return frozenset(
        event.key
        for send, made in clicks.items()
        for event in made
        if _too_soon(event, sent.get(send)) or _one_of_many(event, made)
    )


def _send_key(event: Event) -> _SendKey:
    data = event.data
    return event.magnet, data.get("step"), data.get("ask"), data.get("attempt")


def _too_soon(click: Event, sent: datetime | None) -> bool:
    return sent is not None and click.at - sent < QUICKEST


def _one_of_many(click: Event, made: list[Event]) -> bool:
    link = click.data.get("link")
    return any(abs(each.at - click.at) <= AT_ONCE and each.data.get("link") != link for each in made)
