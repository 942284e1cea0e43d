"""Telling a mail scanner's visit from a person's: by what it says of itself, and by what no person does.

Guesses, used for scores, conditions and reports alone: nothing that a lead asked for depends on them.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from leads.events import Event

_MARKS = (
    "barracuda",
    "bot",
    "crawl",
    "curl",
    "fireeye",
    "headless",
    "link preview",
    "mimecast",
    "proofpoint",
    "python",
    "safelinks",
    "scan",
    "spider",
    "symantec",
    "trendmicro",
    "urlpreview",
    "wget",
)


def is_machine(user_agent: str) -> bool:
    """Whether the user agent is empty or names a scanner, a crawler or a program."""
    lowered = user_agent.lower()
    return not lowered or any(mark in lowered for mark in _MARKS)


#: A mail is opened, read and answered with a click in no less; scanners follow links while they deliver it.
QUICKEST = timedelta(seconds=5)
#: Two or more links of one mail within this time are a scanner at work.
AT_ONCE = timedelta(seconds=3)


def machine_clicks(events: Iterable[Event]) -> frozenset[str]:
    """The keys of those clicks that no person made: too soon after the mail went out, or all links at once."""
    sent: dict[tuple, datetime] = {}
    clicks: dict[tuple, list[Event]] = defaultdict(list)
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


def _send_key(event: Event) -> tuple:
    data = event.data
    return event.magnet, data.get("step"), data.get("ask"), data.get("attempt")


def _too_soon(click: Event, sent: datetime | None) -> bool:
    return sent is not None and click.at - sent < QUICKEST


def _one_of_many(click: Event, made: list[Event]) -> bool:
    link = click.data.get("link")
    return any(abs(each.at - click.at) <= AT_ONCE and each.data.get("link") != link for each in made)
