"""The funnel definition: what the build compiles a magnet to, and all that the functions know of it.

Page and server cannot disagree, because both read this: the build renders the form from `Funnel.fields`, the
capture validates with them. It is plain data, so it travels as JSON (`dist/funnels/<slug>.json`, one table
item a part) and an edit to a mail needs no code deploy.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from leads import placeholders

#: The mails every magnet has, whether or not its author wrote them: confirm, here it is, what is stored of you,
#: and the one question before a long silence ends a sequence.
OPT_IN, DELIVERY, YOUR_DATA, STILL_THERE = "opt-in", "delivery", "your-data", "still-there"

#: What a lead asked for themselves goes out whatever else was sent that day, and ahead of every sequence.
TRANSACTIONAL = frozenset({OPT_IN, DELIVERY, YOUR_DATA})
SERVICE_MAILS = (OPT_IN, DELIVERY, YOUR_DATA, STILL_THERE)

#: A condition as plain JSON (`leads.conditions`); None where there is none.
Condition = list[Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field: what is posted, and what the visitor reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form. `name` is its key in the post; lengths are in characters."""

    name: str
    label: str
    type: str = "text"  # text, email, phone, textarea, select, radio, checkboxes, number, url, date
    required: bool = False
    help: str = ""
    options: tuple[Option, ...] = ()
    pattern: str = ""  # a regular expression that the whole value must match
    pattern_message: str = ""  # said when it does not
    max_length: int = 200
    autocomplete: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the lead agrees to, word for word, and whether the offer depends on it.

    `required=False` is a separate tick: without it the lead gets what was promised and no sequence
    (GDPR Art. 7(4): marketing consent is generally not a precondition of the download).
    `hash` is the SHA-256 of `text`, the first 16 hex digits: what the form carries, so that a page which
    showed an older text is noticed.
    """

    text: str
    required: bool
    hash: str
    purpose: str = "marketing-email"


@dataclass(frozen=True, slots=True)
class Asset:
    """The gated thing: a file in the private bucket. `size` is in bytes."""

    key: str  # "<slug>/<content hash>/<filename>": not guessable, changes with the content
    filename: str
    label: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of the sequence, known by its slug and never by its position.

    It is due `after` seconds from the mail before it, or, where `anchor` names a date, `offset` seconds from that
    (negative: before it). `at` ("HH:MM") moves it on to that local hour, `days` (Monday is 0, none means any) on to
    such a day. Once due it goes to those for whom `when` holds, and who are on its `branch`. `variants` names the
    versions under test, decided by `metric` (`clicks` or `goal`).
    """

    slug: str
    after: int = 0
    at: str = ""
    days: tuple[int, ...] = ()
    anchor: str = ""
    offset: int = 0
    when: Condition | None = None
    branch: str = ""
    variants: tuple[str, ...] = ()
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """What the site's owner decided about sending, for all magnets alike.

    `quiet` are the local hours ("21:00", "08:00") in which no mail of a sequence goes out. No mail goes out on a local
    day on which the lead has had `a_day` of other magnets, nor where they have had `a_week` of all in seven days (0:
    no cap).
    `unsettled` says what becomes of a mail of which nobody knows whether it went out: `never-twice` or
    `at-least-once`. After `sunset` seconds without a sign of life a lead is asked once, then left alone (0: never).
    `clicks`: whether links in this magnet's mails are counted.
    """

    quiet: tuple[str, str] | None = None
    a_day: int = 1
    a_week: int = 0
    unsettled: str = "never-twice"
    sunset: int = 0
    clicks: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mails come from."""

    name: str
    email: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Funnel:
    """One magnet, compiled. URLs are absolute paths on the site's origin, `base_url` has no trailing slash."""

    slug: str
    kind: str
    title: str
    url: str
    base_url: str
    site_name: str
    language: str
    time_zone: str
    country: str  # ISO 3166, "" where phone numbers must carry their country code
    postal_address: str
    sender: Sender
    build_id: str
    fields: tuple[Field, ...]
    consent: Consent
    opt_in: str  # "double" or "single"
    assets: tuple[Asset, ...]
    steps: tuple[Step, ...]  # the drip, in order; opt-in and delivery are not among them
    thanks_url: str  # after the form: look in your inbox
    call_url: str  # after the form, when the lead gave a phone number alone
    confirmed_url: str  # after the button behind the opt-in mail's link
    dates: Mapping[str, str] = field(default_factory=dict)  # name -> instant (RFC 3339), or a local date
    branches: Mapping[str, Condition] = field(default_factory=dict)
    until: Condition | None = None  # ends the sequence once it holds
    priority: int = 0  # where two magnets have a mail for the same day, the higher goes first
    sending: Sending = Sending()


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, compiled: fill its parts with a lead's values and send it.

    `step` is the step's slug, with `~b` behind it for the version "b" of one under test (`mail_name`). `links` are
    the addresses that are counted, by name: each has a placeholder `click:<name>` in the bodies.
    """

    step: str
    subject: placeholders.Parts
    html: placeholders.Parts
    text: placeholders.Parts
    links: Mapping[str, str] = field(default_factory=dict)


def mail_name(step: str, variant: str = "") -> str:
    """What a mail is stored under: its step, and the version of it where that is not the first."""
    return f"{step}~{variant}" if variant not in ("", "a") else step


def mail_to_json(mail: Mail) -> dict:
    """A mail as JSON."""
    return {
        "step": mail.step,
        "subject": placeholders.encode(mail.subject),
        "html": placeholders.encode(mail.html),
        "text": placeholders.encode(mail.text),
        **({"links": dict(mail.links)} if mail.links else {}),
    }


def mail_from_json(raw: dict) -> Mail:
    """The inverse of `mail_to_json`."""
    parts = (placeholders.decode(raw[part]) for part in ("subject", "html", "text"))
    return Mail(raw["step"], *parts, raw.get("links", {}))


def funnel_to_json(funnel: Funnel) -> dict:
    """A funnel as JSON."""
    return asdict(funnel)


def funnel_from_json(raw: dict) -> Funnel:
    """The inverse of `funnel_to_json`. Keys of a newer build are left out, so an older function still starts."""
    known = _known(Funnel, raw)
    known["sender"] = Sender(**_known(Sender, raw["sender"]))
    known["consent"] = Consent(**_known(Consent, raw["consent"]))
    known["fields"] = tuple(_field(each) for each in raw["fields"])
    known["assets"] = tuple(Asset(**_known(Asset, each)) for each in raw["assets"])
    known["steps"] = tuple(_step(each) for each in raw["steps"])
    known["sending"] = _sending(raw.get("sending", {}))
    return Funnel(**known)


def _field(raw: dict) -> Field:
    options = tuple(Option(**_known(Option, each)) for each in raw.get("options", ()))
    return Field(**{**_known(Field, raw), "options": options})


def _step(raw: dict) -> Step:
    known = _known(Step, raw)
    return Step(**known | {name: tuple(known[name]) for name in ("days", "variants") if name in known})


def _sending(raw: dict) -> Sending:
    known = _known(Sending, raw)
    return Sending(**known | {"quiet": tuple(known["quiet"]) if known.get("quiet") else None})


def _known(cls: type, raw: dict) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {key: value for key, value in raw.items() if key in names}
