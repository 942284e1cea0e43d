"""What a feature (an ability of a magnet, such as `downloads`) brings to the functions: rows for the tables.

A feature is one file here and one of the same name in `lodestone/features/`, for the build. The core knows none by
name: it reads `leads.features.FEATURES`, and what a magnet has of a feature is `Funnel.features[key]`, plain JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from leads.enrolment import Enrolment
from leads.event_types import EventType
from leads.events import Event
from leads.funnel import Funnel
from leads.lead import Lead


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A lead in one magnet's funnel, as a feature sees them."""

    lead: Lead
    enrolment: Enrolment
    funnel: Funnel

    def configuration(self, key: str) -> Mapping[str, Any]:
        """What the magnet has of a feature; empty where it does not have it."""
        found: Mapping[str, Any] = self.funnel.features.get(key, {})
        return found


def _no_numbers(enrolled: Enrolled) -> tuple[int, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class MailType:
    """A mail that answers what a lead did, and is not a step of a sequence. `step` is its name everywhere.

    `asked_for` gives the numbers of the mails that the lead's events have asked for: the ledger sends each number
    once. `words` name the mail on the lead's data page. A `transactional` mail goes out whatever else was sent that
    day, ahead of every sequence. `in_list`: it carries List-Id and List-Unsubscribe (RFC 2919, 8058).
    `only_if_confirmed`: it waits until the lead has confirmed. `although_suppressed`: it goes also to a lead who
    unsubscribed or complained. `says_answers`: what a visitor typed may stand in it.
    """

    step: str
    words: str
    asked_for: Callable[[Enrolled], tuple[int, ...]] = _no_numbers
    transactional: bool = True
    in_list: bool = True
    only_if_confirmed: bool = True
    although_suppressed: bool = False
    says_answers: bool = True


@dataclass(frozen=True, slots=True)
class LinkType:
    """A signed link that mails may carry. `variable` is its placeholder, `{{ confirm_url }}`.

    `purpose` salts the token: a token for one purpose opens nothing of another; links may share one. `path` is what
    follows the origin, `{magnet}` in it the magnet's slug. `lifetime` is how long the link works. `mail` is the one
    mail that has it, "" where any may; the mails in `not_in` may not, each with what to do instead. A `numbered` link
    carries the number of its mail (the ask that it answers). `leads_to` says what it does, to an author. The mail
    `needed_in` must have it, and `why_needed` says why; `why_not_elsewhere` says what to do in any mail but `mail`.
    """

    variable: str
    purpose: str
    path: str
    lifetime: timedelta
    leads_to: str
    mail: str = ""
    numbered: bool = False
    not_in: Mapping[str, str] = field(default_factory=dict)
    needed_in: str = ""
    why_needed: str = ""
    why_not_elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request to an action: who follows the link of which enrolment, and what their button posted.

    `number` is the mail's (`LinkType.numbered`), 0 where the link carries none.
    """

    enrolled: Enrolled
    token: str
    number: int
    posted: Mapping[str, Sequence[str]]
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What an action answers: a page of the magnet or the site, filled; or, with `location`, the address to go on to.

    `events` are appended to the lead's partition first. GET must give none: mail scanners fetch every link.
    """

    page: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    location: str = ""
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """What a link of a feature shows (`GET /api/do/{magnet}/{feature}/{name}`) and what its button does (POST)."""

    name: str
    show: Callable[[Visit], Answer]
    do: Callable[[Visit], Answer]


@dataclass(frozen=True, slots=True)
class Reported:
    """An event that a provider reports, of the lead with that e-mail address or phone number (E.164)."""

    event: Event
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Hook:
    """A provider's webhook, `POST /api/hooks/{provider}`.

    `is_signed(headers, body, secret, now)` says whether the provider signed the body; header names are in small
    letters. Where one is missing or garbled it may raise LookupError, TypeError or ValueError, which counts as no.
    `read(body, now)` gives what it reports, nothing for what is of no interest; it raises ValueError for what
    cannot be read.
    """

    provider: str
    is_signed: Callable[[Mapping[str, str], bytes, str, datetime], bool]
    read: Callable[[bytes, datetime], tuple[Reported, ...]]


def _no_texts(enrolled: Enrolled) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Feature:
    """All that a feature brings to the functions.

    `facts` are what conditions may ask of an enrolment (`<key>.<name>`), as text, "" for what is not known. `dates`
    are those that mails may count from: an instant (RFC 3339) or a day, "" where this lead has none.
    """

    key: str
    event_types: tuple[EventType, ...] = ()
    mail_types: tuple[MailType, ...] = ()
    link_types: tuple[LinkType, ...] = ()
    actions: tuple[Action, ...] = ()
    hooks: tuple[Hook, ...] = ()
    facts: Callable[[Enrolled], Mapping[str, str]] = _no_texts
    dates: Callable[[Enrolled], Mapping[str, str]] = _no_texts


def action_link(
    key: str, action: str, variable: str, lifetime: timedelta, leads_to: str, **more: Any
) -> LinkType:
    """The link that leads to an action of a feature; `more` are further fields of LinkType."""
    path = f"/api/do/{{magnet}}/{key}/{action}"
    return LinkType(variable, action_purpose(key, action), path, lifetime, leads_to, **more)


def action_purpose(key: str, action: str) -> str:
    """The purpose that the tokens of an action's links are signed for."""
    return f"{key}.{action}"
