"""What a feature (a capability of a magnet, such as `downloads`) adds to the functions: rows for the tables.

A feature is one file in `leads/features/`, and one of the same name in `lodestone/features/` for the build.
The core names no feature: it reads `leads.features.FEATURES`. A magnet's configuration of a feature is
`Funnel.features[key]`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from leads.enrolment import Enrolment
from leads.event_types import EventType
from leads.events import Event
from leads.funnel import Field, Funnel
from leads.lead import Lead
from leads.posted import FieldError, Posted


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A lead in one magnet's funnel, as a feature sees them.

    `now` is the instant for which `facts` are asked; None to all else, which depends on no clock.
    `number` is that of the mail that is being written (`MailType.asked_for`), 0 everywhere else.
    """

    lead: Lead
    enrolment: Enrolment
    funnel: Funnel
    now: datetime | None = None
    number: int = 0

    def configuration(self, key: str) -> Mapping[str, Any]:
        """The magnet's configuration of a feature; empty if the magnet does not have it."""
        found: Mapping[str, Any] = self.funnel.features.get(key, {})
        return found


def _no_numbers(enrolled: Enrolled) -> tuple[int, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which a mail may go out: from `opens` on, and before `closes`; None is no limit."""

    opens: datetime | None = None
    closes: datetime | None = None


def at_any_time(enrolled: Enrolled, number: int) -> Window:
    """The window of a mail that waits for nothing."""
    return Window()


@dataclass(frozen=True, slots=True)
class MailType:
    """A mail that answers what a lead did, and is not a step of a sequence. `step` is its name.

    `asked_for` returns the numbers of the mails that the lead's events ask for: each number is sent once.
    `window` says when the mail of a number may go out; after it the mail is left out.
    `words` name the mail on the lead's data page. A `transactional` mail has no frequency limit and goes out
    before any sequence's; any other goes to leads with consent alone, within the limits of sequences.
    `in_list`: it carries List-Id and List-Unsubscribe (RFC 2919, 8058).
    `only_if_confirmed`: it waits until the lead has confirmed. `although_suppressed`: it is also sent to a
    lead who unsubscribed or complained. `says_answers`: it may contain what a visitor typed. `in_bulk`: it goes
    to many leads at once, so it waits in the lane of sequences, behind mails that somebody is waiting for.
    """

    step: str
    words: str
    asked_for: Callable[[Enrolled], tuple[int, ...]] = _no_numbers
    window: Callable[[Enrolled, int], Window] = at_any_time
    transactional: bool = True
    in_list: bool = True
    only_if_confirmed: bool = True
    although_suppressed: bool = False
    says_answers: bool = True
    in_bulk: bool = False


@dataclass(frozen=True, slots=True)
class LinkType:
    """A signed link that mails may carry. `variable` is its placeholder, `{{ confirm_url }}`.

    `purpose` salts the token: a token for one purpose is not valid for another; links may share one. `path`
    follows the origin; `{magnet}` in it is the magnet's slug. `lifetime` is how long the link works. `mail`
    is the one mail that may carry it, "" if any may except those in `not_in`, each with what to do instead. A
    `numbered` link carries the number of its mail (the ask that it answers). `leads_to` tells an author what
    it does. The mail `needed_in` must carry it, and `why_needed` says why; `why_not_elsewhere` says what to
    do in any mail but `mail`. `needed_somewhere` says why one mail at least must carry it, "" if none need.
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
    needed_somewhere: str = ""


class PostedForm(Protocol):
    """What an action's button posted, read by the rules of the magnet's form."""

    def read(self, fields: Sequence[Field]) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return the valid answers to these fields by name, "" for an empty one, and the errors of the others."""

    def page_values(self, errors: Mapping[str, str]) -> Mapping[str, str]:
        """Return what fills the page's form again: what was typed, and each error at its field, "" for the whole."""


class Taken(NamedTuple):
    """A piece of a stock that is the lead's from now on, and how many are left."""

    piece: str
    left: int


class Stock(Protocol):
    """Pieces that are given away once each, such as a list of codes (`lodestone.features.feature.Configured`).

    What is taken is noted under a `name`; magnets that share the name never give away the same piece twice. The
    `edition` tells one list of pieces from the next.
    """

    def take(self, magnet: str, name: str, edition: str, lead_id: str) -> Taken | None:
        """The lead's piece: the one that they have, else one that nobody has; None if none is left."""

    def is_empty(self, name: str, edition: str) -> bool:
        """Whether the last piece of this edition was taken."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request to an action: the enrolment of the link, its token, and what the button posted, also as a `form`.

    `number` is that of the mail (`LinkType.numbered`), 0 if the link carries none. `nonce` returns 64 random bits
    as hexadecimal digits, others each time. `query` holds what the address says beside the token; it is not signed.
    """

    enrolled: Enrolled
    token: str
    number: int
    posted: Mapping[str, Sequence[str]]
    now: datetime
    form: PostedForm
    nonce: Callable[[], str]
    stock: Stock
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of an action: a page of the magnet or the site with its values, or the way to `location`.

    `events` are stored before the answer. GET must return none: mail scanners fetch every link.
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

    `is_signed(headers, body, secret, now)` says whether the provider signed the body; header names are
    lower-case. It may raise LookupError, TypeError or ValueError if a header is missing or malformed, which
    counts as no. `read(body, now)` returns the reported events, empty if none is of interest. It raises
    ValueError if the body cannot be read.
    """

    provider: str
    is_signed: Callable[[Mapping[str, str], bytes, str, datetime], bool]
    read: Callable[[bytes, datetime], tuple[Reported, ...]]


@dataclass(frozen=True, slots=True)
class PartOfForm:
    """What a feature makes of a posted form. `errors` are those of its own questions.

    `told` is stored with the submission, and is the enrolment's `told[key]` (plain JSON). `points` in it are
    added to the lead's score. `private` is kept apart from the lead's events for `private_days`: nothing shows
    it but the lead's own data, and the owner's express wish. `values` fill the feature's part of the page with
    errors: of the form's page, or of `form_page` where only fields of the form are wrong. `answer` is shown
    instead of the thank-you page. Where `is_anonymous`, the visitor gives no address: nothing is stored, the
    answer is all.
    """

    errors: tuple[FieldError, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)
    private_days: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    answer: Answer | None = None
    is_anonymous: bool = False
    form_page: str = "form"


def _no_texts(enrolled: Enrolled) -> Mapping[str, str]:
    return {}


def _no_rows(enrolled: Enrolled) -> Sequence[tuple[str, str]]:
    return ()


def _no_events(enrolled: Enrolled) -> tuple[Event, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Feature:
    """All that a feature adds to the functions.

    `facts` are what conditions may read of an enrolment (`<key>.<name>`), as text, "" if not known. `dates`
    are those that mails may count from: an instant (RFC 3339) or a day, "" if this lead has none. `words` are
    what mails may print, by placeholder. `told` are rows for people (name, value): the lead's data page, the
    panel and `leads show` have them. `read_form` reads the feature's part of a posted form; `capture` asks the
    features whose configuration says `in_form`.

    `changing` are the facts that change with what people do, so that no forecast counts on them. `follows` are
    the events that what is known of an enrolment entails, such as the end of a period that a confirmation began,
    or the completion of a course: `react` and the daily repair append them, so each needs a key that is always
    the same. `closes` is asked before a form is accepted or an address confirmed: the page that is shown in its
    stead, None while the magnet is open. The definition names the features that have it (`Funnel.gated_by`).
    """

    key: str
    event_types: tuple[EventType, ...] = ()
    mail_types: tuple[MailType, ...] = ()
    link_types: tuple[LinkType, ...] = ()
    actions: tuple[Action, ...] = ()
    hooks: tuple[Hook, ...] = ()
    facts: Callable[[Enrolled], Mapping[str, str]] = _no_texts
    dates: Callable[[Enrolled], Mapping[str, str]] = _no_texts
    words: Callable[[Enrolled], Mapping[str, str]] = _no_texts
    told: Callable[[Enrolled], Sequence[tuple[str, str]]] = _no_rows
    read_form: Callable[[Funnel, Posted], PartOfForm] | None = None
    changing: frozenset[str] = frozenset()
    follows: Callable[[Enrolled], tuple[Event, ...]] = _no_events
    closes: Callable[[Funnel, datetime, Stock], Answer | None] | None = None


def action_link(
    key: str, action: str, variable: str, lifetime: timedelta, leads_to: str, **more: Any
) -> LinkType:
    """The link that leads to an action of a feature; `more` are further fields of LinkType."""
    path = f"/api/do/{{magnet}}/{key}/{action}"
    return LinkType(variable, action_purpose(key, action), path, lifetime, leads_to, **more)


def action_purpose(key: str, action: str) -> str:
    """The purpose that the tokens of an action's links are signed for."""
    return f"{key}.{action}"
