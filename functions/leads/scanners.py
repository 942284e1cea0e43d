"""Telling a mail scanner's visit from a person's: by what it says of itself, and by what no person does.

Guesses, used for scores, conditions and reports alone: nothing that a lead asked for depends on them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from leads.events import Event

#: What scanners, previews, crawlers and programs call themselves. Not `cubot`, which is a make of telephones.
_MARKS = re.compile(
    r"(?<!cu)bot|barracuda|bitdefender|ciscosecure|crawl|externalhit|fetch|fireeye|forti|headless|imageproxy|ironport"
    r"|mailproxy|mimecast|msoffice|ms-office|preview|proofpoint|safelinks|safety|scan|slurp|sophos|spider|symantec"
    r"|trendmicro|axios|curl|go-http|httpclient|java/|libwww|okhttp|php/|python|wget"
)


def is_machine(user_agent: str) -> bool:
    """Whether the user agent is empty or names a scanner, a crawler or a program."""
    return not user_agent.strip() or bool(_MARKS.search(user_agent.lower()))


#: A mail is opened, read and answered with a click in no less; scanners follow links while they deliver it, and those
#: that check it once more some seconds later.
QUICKEST = timedelta(seconds=15)
#: Two or more links of one mail within this time are a scanner at work: it takes them in turn, about one a second.
AT_ONCE = timedelta(seconds=3)


#: What names a mail: its magnet, step, ask and attempt, as far as the event says.
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
