"""The funnel definition: what the build compiles a magnet to, and all that the functions know of it.

Page and server cannot disagree, because both read this: the build renders the form from `Funnel.fields`, the
capture validates with them. It is plain data, so it travels as JSON (`dist/funnels/<slug>.json`, one table
item a part) and an edit to a mail needs no code deploy.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from leads import slots

#: The two mails every magnet has, whether or not its author wrote them.
OPT_IN, DELIVERY = "opt-in", "delivery"


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
    type: str = "text"  # text, email, phone, textarea, select, radio, checkboxes, number, url
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

    `after` is in seconds, counted from the previous mail; `at` ("HH:MM") moves it on to that local hour.
    """

    slug: str
    after: int = 0
    at: str = ""


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


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, compiled: fill its parts with a lead's values and send it."""

    step: str
    subject: slots.Parts
    html: slots.Parts
    text: slots.Parts


def mail_to_json(mail: Mail) -> dict:
    """A mail as JSON."""
    return {
        "step": mail.step,
        "subject": slots.encode(mail.subject),
        "html": slots.encode(mail.html),
        "text": slots.encode(mail.text),
    }


def mail_from_json(raw: dict) -> Mail:
    """The inverse of `mail_to_json`."""
    return Mail(raw["step"], *(slots.decode(raw[part]) for part in ("subject", "html", "text")))


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
    known["steps"] = tuple(Step(**_known(Step, each)) for each in raw["steps"])
    return Funnel(**known)


def _field(raw: dict) -> Field:
    options = tuple(Option(**_known(Option, each)) for each in raw.get("options", ()))
    return Field(**{**_known(Field, raw), "options": options})


def _known(cls: type, raw: dict) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {key: value for key, value in raw.items() if key in names}
