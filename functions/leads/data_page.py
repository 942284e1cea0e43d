"""The values of the page that shows a lead what is stored of them: in words, with each consent as a receipt.

The file that they take away (`leads.lead_json.take_away`) says the same to a machine, and more of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from leads.enrolment import Ask, Enrolment
from leads.events import Event
from leads.funnel import DELIVERY, OPT_IN, STILL_THERE, YOUR_DATA, Field, Funnel
from leads.instants import zone
from leads.lead import Lead
from leads.placeholders import Html
from leads.scanners import machine_clicks

ACTION = "/api/data"

Funnels = Mapping[str, Funnel | None]


def page_values(
    lead: Lead, history: Iterable[Event], funnels: Funnels, token: str, done: str
) -> dict[str, str]:
    """What fills the page. `done` is a sentence about what was just put right, or ""."""
    zones = [each.time_zone for each in funnels.values() if each]
    where = zone(lead.time_zone, *zones)
    ordered = sorted(history, key=lambda each: each.at)
    magnets = "".join(
        _magnet(slug, each, funnels.get(slug), ordered, where, token)
        for slug, each in lead.enrolments.items()
    )
    return {
        "notice": Html(f'<p class="done" role="status">{escape(done)}</p>' if done else ""),
        "person": _person(lead, funnels),
        "magnets": Html(magnets),
        "file": _address(token, "format", "json"),
        "erase": _address(token, "view", "erase"),
    }


def _address(token: str, name: str, value: str) -> str:
    return f"{ACTION}?t={quote(token)}&{name}={quote(value)}"


def _person(lead: Lead, funnels: Funnels) -> Html:
    fields = {field.name: field for each in funnels.values() if each for field in each.fields}
    rows = [("E-mail address", lead.email), ("Telephone", lead.phone)]
    rows += [_answer(fields.get(name), name, value) for name, value in lead.answers.items()]
    rows += [
        ("Time zone", lead.time_zone),
        ("How you first found us", _touch(lead.first_touch)),
        ("How you found us last", _touch(lead.last_touch if lead.last_touch != lead.first_touch else {})),
        ("Our guess at your interest", f"{lead.stage}, {lead.score} points, from what you did below"),
        ("How often", "at most one mail a week, as you chose" if lead.weekly else ""),
        ("No more mails", lead.suppression.reason if lead.suppression else ""),
    ]
    return _list(rows)


def _answer(field: Field | None, name: str, value: str) -> tuple[str, str]:
    """An answer as the form showed it; one to a question that is asked no more, as it is stored."""
    if field is None:
        return name, value
    labels = {option.value: option.label for option in field.options}
    chosen = value.split(", ") if field.type == "checkboxes" else [value]
    return field.label, ", ".join(labels.get(each, each) for each in chosen)


def _touch(touch: Mapping[str, str]) -> str:
    """`/guide/, from https://forum.example/, utm_source: letter`."""
    parts = [touch.get("landing", ""), f"from {touch['referrer']}" if touch.get("referrer") else ""]
    parts += [f"{name}: {value}" for name, value in touch.items() if name not in ("landing", "referrer")]
    return ", ".join(filter(None, parts))


def _list(rows: Iterable[tuple[str, str]]) -> Html:
    items = (f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows if value)
    return Html(f'<dl class="facts-list">{"".join(items)}</dl>')


def _magnet(
    slug: str,
    enrolment: Enrolment,
    funnel: Funnel | None,
    history: Sequence[Event],
    where: ZoneInfo,
    token: str,
) -> str:
    """Everything about one thing that the lead asked for."""
    title = funnel.title if funnel else slug
    receipts = "".join(
        _receipt(number, each, enrolment, where) for number, each in enumerate(enrolment.asks, 1)
    )
    mails = [
        (_moment(each.at, where), f"{_mail(each.send.step)}: {_OUTCOMES.get(each.outcome, each.outcome)}")
        for each in sorted(enrolment.attempts, key=lambda each: each.at)
    ]
    machines = machine_clicks(history)
    activities = [
        (_moment(each.at, where), _activity(each, machines))
        for each in history
        if each.magnet == slug and each.type in _ACTIVITIES
    ]
    href = escape(_address(token, "correct", slug))
    right = f'<p><a href="{href}">Put your answers right</a></p>' if funnel else ""
    return (
        f"<section><h2>{escape(title)}</h2>{receipts}"
        f"{_titled('What we sent you', mails)}{_titled('What you did', activities)}{right}</section>"
    )


def _titled(heading: str, rows: Sequence[tuple[str, str]]) -> str:
    return f"<h3>{heading}</h3>{_list(rows)}" if rows else ""


def _receipt(number: int, ask: Ask, enrolment: Enrolment, where: ZoneInfo) -> str:
    """What GDPR Art. 7(1) has us be able to show, shown: who agreed to what, when, where and how."""
    consent = ask.consent
    given = "You ticked the box:" if consent.get("given") else "You left the box empty that says:"
    confirmed = enrolment.confirmed_at if number == enrolment.confirmed_ask else None
    facts = [
        ("Sent on", _moment(ask.at, where)),
        ("On the page", str(consent.get("source", ""))),
        ("In its version", str(consent.get("build", ""))),
        ("Fingerprint of the words", str(consent.get("hash", ""))),
        ("Confirmed", _moment(confirmed, where) if confirmed else ""),
    ]
    words = escape(str(consent.get("text", "")))
    return (
        f'<figure class="receipt"><figcaption>Receipt {number}</figcaption><p>{given}</p>'
        f"<blockquote><p>{words}</p></blockquote>{_list(facts)}</figure>"
    )


def _mail(step: str) -> str:
    return _MAILS.get(step) or f"“{step.replace('-', ' ').capitalize()}”"


def _activity(event: Event, machines: frozenset[str]) -> str:
    by_machine = event.data.get("by") == "machine" or event.key in machines
    return _ACTIVITIES[event.type](event) + (
        " (a machine, most likely your mail scanner)" if by_machine else ""
    )


def _moment(at: datetime, where: ZoneInfo) -> str:
    local = at.astimezone(where)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _of_frequency(event: Event) -> str:
    weekly = event.data.get("frequency") == "weekly"
    return "You chose one mail a week at most" if weekly else "You chose every mail, when it is due"


def _of_scope(event: Event) -> str:
    return "You stopped these letters" if event.data.get("scope") == "sequence" else "You stopped all mails"


_ACTIVITIES = {
    "downloaded": lambda event: f"Download of {event.data.get('asset', 'a file')}",
    "clicked": lambda event: (
        f"Link “{event.data.get('link', '')}” followed, in {_mail(event.data.get('step', ''))}"
    ),
    "unsubscribed": _of_scope,
    "preferred": _of_frequency,
    "stayed": lambda event: "You asked us to go on",
    "data_requested": lambda event: "You asked for the link to this page",
    "corrected": lambda event: "You put your answers right",
    "called": lambda event: "We called you",
    "replied": lambda event: "You answered a mail",
    "booked": lambda event: "You booked",
    "became_customer": lambda event: "You became a customer",
}

_MAILS = {
    OPT_IN: "The question whether the address is yours",
    DELIVERY: "What you asked for",
    YOUR_DATA: "The link to this page",
    STILL_THERE: "The question whether to go on",
}

_OUTCOMES = {
    "claimed": "being sent, or nobody knows whether it went out",
    "failed": "not sent, our mail service refused it",
    "mailed": "sent",
    "delayed": "sent, and delayed on its way",
    "delivered": "arrived",
    "unrendered": "not sent, our mail service refused it",
    "rejected": "not sent, our mail service refused it",
    "bounced": "came back",
    "complained": "reported as unwanted",
    "not_spam": "reported as unwanted, then no more",
}
