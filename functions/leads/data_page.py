"""The values of the page that shows a lead what is stored about them, with each consent as a receipt.

The file for export (`leads.lead_json.take_away`) holds the same and more, for machines.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from leads.enrolment import Ask, Enrolment
from leads.event_table import EVENT_TYPES
from leads.event_types import DONE, MAILS, NOTED, RECEIPTS
from leads.events import Event
from leads.facts import rows_of_features
from leads.feature import Enrolled
from leads.funnel import Funnel, answer_in_words
from leads.instants import zone
from leads.lead import Lead
from leads.mail_types import MAIL_TYPES
from leads.placeholders import Html
from leads.private import Private
from leads.scanners import machine_clicks

ACTION = "/api/data"

Funnels = Mapping[str, Funnel | None]

#: A placeholder for the instant of an event that is made only for its words.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def page_values(
    lead: Lead, history: Iterable[Event], kept: Sequence[Private], funnels: Funnels, token: str, done: str
) -> dict[str, str]:
    """The values of the page. `kept` is what is kept apart; `done` a sentence about the correction just made, or ""."""
    zones = [each.time_zone for each in funnels.values() if each]
    page = _Page(lead, _in_order(history), zone(lead.time_zone, *zones), token)
    magnets = "".join(page.magnet(slug, each, funnels.get(slug)) for slug, each in lead.enrolments.items())
    return {
        "notice": Html(f'<p class="done" role="status">{escape(done)}</p>' if done else ""),
        "person": _person(lead),
        "magnets": Html(magnets + page.rest() + "".join(map(page.kept_apart, kept))),
        "file": _address(token, "format", "json"),
        "erase": _address(token, "view", "erase"),
    }


def _in_order(history: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(history, key=lambda each: each.at))


def _address(token: str, name: str, value: str) -> str:
    return f"{ACTION}?t={quote(token)}&{name}={quote(value)}"


def _person(lead: Lead) -> Html:
    return _list(
        [
            ("E-mail address", lead.email),
            ("Telephone", lead.phone),
            ("Time zone", lead.time_zone),
            ("How you first found us", _touch(lead.first_touch)),
            ("How you found us last", _touch(lead.last_touch if lead.last_touch != lead.first_touch else {})),
            ("Our guess at your interest", f"{lead.stage}, {lead.score} points, from what you did below"),
            ("How often", "at most one mail a week, as you chose" if lead.weekly else ""),
            ("No more mails", lead.suppression.reason if lead.suppression else ""),
        ]
    )


def _touch(touch: Mapping[str, str]) -> str:
    """`/guide/, from https://forum.example/, utm_source: letter`."""
    parts = [touch.get("landing", ""), f"from {touch['referrer']}" if touch.get("referrer") else ""]
    parts += [f"{name}: {value}" for name, value in touch.items() if name not in ("landing", "referrer")]
    return ", ".join(filter(None, parts))


def _list(rows: Iterable[tuple[str, str]]) -> Html:
    items = (f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows if value)
    return Html(f'<dl class="facts-list">{"".join(items)}</dl>')


@dataclass(frozen=True)
class _Page:
    """The sections of the page. Each stored event is shown in one of them (GDPR Art. 15)."""

    lead: Lead
    history: tuple[Event, ...]
    where: ZoneInfo
    token: str

    def magnet(self, slug: str, enrolment: Enrolment, funnel: Funnel | None) -> str:
        """The section of one magnet that the lead asked for."""
        title = funnel.title if funnel else slug
        receipts = "".join(
            _receipt(number, each, enrolment, self.where) for number, each in enumerate(enrolment.asks, 1)
        )
        events = [each for each in self.history if each.magnet == slug and not _is_shown(each, enrolment)]
        href = escape(_address(self.token, "correct", slug))
        right = f'<p><a href="{href}">Put your answers right</a></p>' if funnel else ""
        return (
            f"<section><h2>{escape(title)}</h2>{_titled('What you told us', self._told(enrolment, funnel))}"
            f"{receipts}{_titled('What we sent you', self._mails(enrolment))}{self._events(events)}{right}</section>"
        )

    def _told(self, enrolment: Enrolment, funnel: Funnel | None) -> list[tuple[str, str]]:
        own = rows_of_features(Enrolled(self.lead, enrolment, funnel)) if funnel else []
        return [*_answers(enrolment, funnel), *own]

    def rest(self) -> str:
        """The section of events that belong to no magnet that the lead asked for."""
        events = [each for each in self.history if each.magnet not in self.lead.enrolments]
        listed = self._events(events)
        return f"<section><h2>Beside that</h2>{listed}</section>" if listed else ""

    def kept_apart(self, kept: Private) -> str:
        """The section of what is kept apart of one form, with the consent that it was given under."""
        facts = [("Sent on", _moment(kept.at, self.where)), ("Deleted on", _moment(kept.until, self.where))]
        agreed = escape(str(kept.body.get("consent", "")))
        return (
            f"<section><h2>Kept apart</h2>{_list([*kept.rows, *facts])}"
            f'<figure class="receipt"><figcaption>You ticked the box:</figcaption>'
            f"<blockquote><p>{agreed}</p></blockquote></figure></section>"
        )

    def _mails(self, enrolment: Enrolment) -> list[tuple[str, str]]:
        return [
            (_moment(each.at, self.where), f"{_mail(each.send.step)}: {_outcome(each.outcome)}")
            for each in sorted(enrolment.attempts, key=lambda each: each.at)
        ]

    def _events(self, events: Sequence[Event]) -> str:
        machines = machine_clicks(self.history)
        done: list[tuple[str, str]] = []
        noted: list[tuple[str, str]] = []
        for each in events:
            row = _moment(each.at, self.where), _words(each, machines)
            (done if _told_in(each) in (DONE, RECEIPTS) else noted).append(row)
        return _titled("What you did", done) + _titled("What was noted", noted)


def _is_shown(event: Event, enrolment: Enrolment) -> bool:
    """Whether a receipt or a row of the list of mails shows the event already.

    None shows an event that changed nothing: a form sent too often, a button pressed again, a report of a
    mail whose record was erased.
    """
    place = _told_in(event)
    if place == RECEIPTS:
        return event.at in (enrolment.confirmed_at, *(each.at for each in enrolment.asks))
    data = event.data
    mail = data.get("step"), data.get("ask"), data.get("attempt")
    sends = (each.send for each in enrolment.attempts)
    return place == MAILS and any(mail == (each.step, each.ask, each.attempt) for each in sends)


def _answers(enrolment: Enrolment, funnel: Funnel | None) -> list[tuple[str, str]]:
    fields = {field.name: field for field in funnel.fields} if funnel else {}
    return [answer_in_words(fields.get(name), name, value) for name, value in enrolment.answers.items()]


def _titled(heading: str, rows: Sequence[tuple[str, str]]) -> str:
    return f"<h3>{heading}</h3>{_list(rows)}" if rows else ""


def _receipt(number: int, ask: Ask, enrolment: Enrolment, where: ZoneInfo) -> str:
    """The proof of one consent (GDPR Art. 7(1)): who agreed to what, when, where and how."""
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
        f"<blockquote><p>{words}</p></blockquote>{_ticks(ask)}{_list(facts)}</figure>"
    )


def _ticks(ask: Ask) -> str:
    """What the lead ticked beside the consent, word for word."""
    told = ask.told.get("ticks") or {}
    quotes = "".join(f"<blockquote><p>{escape(str(each))}</p></blockquote>" for each in told.values())
    return f"<p>You also ticked:</p>{quotes}" if quotes else ""


def _mail(step: str) -> str:
    row = MAIL_TYPES.get(step)
    return row.words if row else f"“{step.replace('-', ' ').capitalize()}”"


def _outcome(type: str) -> str:
    return EVENT_TYPES[type].words(Event(type, _NEVER, "")) if type in EVENT_TYPES else type


def _told_in(event: Event) -> str:
    """The part of the page that shows the event; `NOTED` for an unknown type."""
    row = EVENT_TYPES.get(event.type)
    return row.told_in if row else NOTED


def _words(event: Event, machines: frozenset[str]) -> str:
    row = EVENT_TYPES.get(event.type)
    if row is None:
        return f"{event.type} {json.dumps(dict(event.data), ensure_ascii=False)}"
    by_machine = event.data.get("by") == "machine" or event.key in machines
    words = f"{_mail(event.data.get('step', ''))}: " if row.told_in == MAILS else ""
    return words + row.words(event) + (" (a machine, most likely your mail scanner)" if by_machine else "")


def _moment(at: datetime, where: ZoneInfo) -> str:
    local = at.astimezone(where)
    return f"{local.day} {local:%B %Y, %H:%M}"
