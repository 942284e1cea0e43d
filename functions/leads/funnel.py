"""The funnel definition: what the build compiles a magnet to, and all that the functions know about it.

The build renders the form from `Funnel.fields` and capture validates with them, so page and server agree. It
is plain data, stored as JSON (`dist/funnels/<slug>.json`, one table item for each part), so an edit to a mail
needs no code deploy.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from leads import placeholders
from leads.rules import SendingPolicy, policy_from_json, policy_to_json

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
    # text, email, phone, textarea, select, radio, checkboxes, number, url, date, country, hidden, and tick: one box
    # with one option, which features add
    type: str = "text"
    required: bool = False
    help: str = ""
    options: tuple[Option, ...] = ()
    pattern: str = ""  # a regular expression that the whole value must match
    pattern_message: str = ""  # the error message if it does not match
    max_length: int = 200
    autocomplete: str = ""
    missing_message: str = ""  # the author's own error messages: nothing was answered,
    invalid_message: str = ""  # or what cannot be taken; too long an answer is told its length
    later: bool = False  # not asked in the first form (`asked_first`)
    prefill: bool = False  # the landing page's address may fill it in

    @property
    def refusal(self) -> str:
        """The author's words for an answer that does not match the pattern, "" for the usual ones."""
        return self.pattern_message or self.invalid_message

    def labelled(self, value: str) -> str:
        """A stored answer as people read it: options by their labels, anything else as it is."""
        labels = {option.value: option.label for option in self.options}
        chosen = value.split(", ") if self.type == "checkboxes" else [value]
        return ", ".join(labels.get(each, each) for each in chosen)


@dataclass(frozen=True, slots=True)
class Consent:
    """What the lead agrees to, word for word, and whether the offer depends on it.

    `required=False` is a separate tick: without it the lead gets what was promised and no sequence (GDPR Art.
    7(4): marketing consent is generally not a precondition of the download). `hash` is the SHA-256 of `text`,
    its first 16 hex digits: the form carries it, so that capture notices a page with an older text.
    """

    text: str
    required: bool
    hash: str
    purpose: str = "marketing-email"


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of the sequence, identified by its slug and never by its position.

    It is due `after` seconds after the mail before it, or, if `anchor` names a date, `offset` seconds after
    that date (negative: before it). `at` ("HH:MM") moves it on to that local time, `days` (Monday is 0, none
    means any) to such a day. When due, it is sent if `when` holds for the lead and they are on its `branch`.
    `variants` names the versions under test; `metric` (`clicks` or `goal`) decides between them. From the date that
    `not_after` names on it makes no sense any more: a slot that is not before it is dropped.
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
    not_after: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """What the site's owner decided about sending, for all magnets alike.

    `quiet` are the local hours ("21:00", "08:00") in which no mail of a sequence goes out. No mail goes out
    on a local day on which the lead got `a_day` mails of other magnets, nor if they got `a_week` of all in
    seven days (0: no cap). `unsettled` says what to do about a mail of which nobody knows whether it went
    out: `never-twice` or `at-least-once`. After `sunset` seconds without a sign of life a lead is asked once
    whether to go on, then gets no more mails (0: never). `clicks`: whether links in this magnet's mails are
    counted. `policy`: pauses and retries.
    """

    quiet: tuple[str, str] | None = None
    a_day: int = 1
    a_week: int = 0
    unsettled: str = "never-twice"
    sunset: int = 0
    clicks: bool = False
    policy: SendingPolicy = SendingPolicy()


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of the mails."""

    name: str
    email: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Funnel:
    """One magnet, compiled. URLs are absolute paths on the site's origin, `base_url` has no trailing slash.

    `pages` are its pages beside the landing page, by name: `thanks` (after the form: look in your inbox), `call`
    (after the form, when the lead gave a phone number alone), `confirmed` (after the button behind the opt-in mail's
    link), and those of its features. `features` holds the configuration of each feature that the magnet has, by the
    feature's key, as plain JSON; a function that does not know a key ignores it. An `open_ended` sequence does not
    finish with its last mail: more will be written. `owner_email` gets the owner's notices. `gated_by` are the
    features that may close the form (`leads.feature.Feature.closes`).
    """

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
    steps: tuple[Step, ...]  # the sequence, in order, without the mails of `leads.mail_types`
    pages: Mapping[str, str]
    features: Mapping[str, Any] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)  # name -> instant (RFC 3339), or a local date
    branches: Mapping[str, Condition] = field(default_factory=dict)
    until: Condition | None = None  # ends the sequence once it holds
    priority: int = 0  # if two magnets have a mail for one day, the higher goes first
    sending: Sending = Sending()
    open_ended: bool = False
    owner_email: str = ""
    gated_by: tuple[str, ...] = ()


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


def answer_in_words(field: Field | None, name: str, value: str) -> tuple[str, str]:
    """An answer by the form's labels; as it is stored if the form has no such field any more."""
    return (field.label, field.labelled(value)) if field else (name, value)


def asked_first(funnel: Funnel) -> tuple[Field, ...]:
    """The fields of the form on the landing page. The others are asked of a lead who comes back."""
    return tuple(each for each in funnel.fields if not each.later)


def mail_name(step: str, variant: str = "") -> str:
    """The name that a mail is stored under: its step, followed by its version unless that is the first."""
    return f"{step}~{variant}" if variant not in ("", "a") else step


def mail_to_json(mail: Mail) -> dict[str, Any]:
    """A mail as JSON."""
    return {
        "step": mail.step,
        "subject": placeholders.encode(mail.subject),
        "html": placeholders.encode(mail.html),
        "text": placeholders.encode(mail.text),
        **({"links": dict(mail.links)} if mail.links else {}),
    }


def mail_from_json(raw: Mapping[str, Any]) -> Mail:
    """The inverse of `mail_to_json`."""
    subject, html, text = (placeholders.decode(raw[part]) for part in ("subject", "html", "text"))
    return Mail(raw["step"], subject, html, text, raw.get("links", {}))


def funnel_to_json(funnel: Funnel) -> dict[str, Any]:
    """A funnel as JSON."""
    raw = asdict(funnel)
    raw["sending"]["policy"] = policy_to_json(funnel.sending.policy)
    return raw | _for_older_functions(funnel)


def _for_older_functions(funnel: Funnel) -> dict[str, Any]:
    """The keys that functions older than `pages` and `features` read: they may get a newer definition."""
    pages = {f"{name}_url": funnel.pages.get(name, funnel.url) for name in _FIRST_PAGES}
    return {**pages, "assets": funnel.features.get("downloads", {}).get("files", [])}


#: The pages of a definition that is older than `pages`.
_FIRST_PAGES = ("thanks", "call", "confirmed")


def funnel_from_json(raw: Mapping[str, Any]) -> Funnel:
    """The inverse of `funnel_to_json`. It ignores unknown keys, so older functions read newer definitions."""
    known = _known(Funnel, raw)
    if "pages" not in raw:  # a definition older than `pages` and `features`
        known["pages"] = {name: raw[f"{name}_url"] for name in _FIRST_PAGES}
        known["features"] = {"downloads": {"files": raw["assets"]}} if raw["assets"] else {}
    known["sender"] = Sender(**_known(Sender, raw["sender"]))
    known["consent"] = Consent(**_known(Consent, raw["consent"]))
    known["fields"] = tuple(_field(each) for each in raw["fields"])
    known["steps"] = tuple(_step(each) for each in raw["steps"])
    known["gated_by"] = tuple(raw.get("gated_by", ()))
    known["sending"] = _sending(raw.get("sending", {}))
    return Funnel(**known)


def _field(raw: Mapping[str, Any]) -> Field:
    options = tuple(Option(**_known(Option, each)) for each in raw.get("options", ()))
    return Field(**{**_known(Field, raw), "options": options})


def _step(raw: Mapping[str, Any]) -> Step:
    known = _known(Step, raw)
    return Step(**known | {name: tuple(known[name]) for name in ("days", "variants") if name in known})


def _sending(raw: Mapping[str, Any]) -> Sending:
    known = _known(Sending, raw)
    quiet = tuple(known["quiet"]) if known.get("quiet") else None
    return Sending(**known | {"quiet": quiet, "policy": policy_from_json(known.get("policy", {}))})


def _known(cls: type, raw: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {key: value for key, value in raw.items() if key in names}
