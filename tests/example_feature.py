"""A feature for tests, `trial`: a lead starts a free trial by a button, a provider reports that they used it.

It has a row for each table that a feature may bring rows for. `registered()` puts it in; no product code knows it.
The configuration is `{"days": 14}`.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from leads.event_table import EVENT_TYPES
from leads.event_types import ITS_MAGNET, EventType, Notice, change_state, state_of
from leads.events import Event
from leads.feature import (
    Action,
    Answer,
    Enrolled,
    Feature,
    Hook,
    LinkType,
    MailType,
    Reported,
    Visit,
    action_link,
)
from leads.features import FEATURES
from leads.instants import iso, parse_iso
from leads.lead import Lead
from leads.link_types import LINK_TYPES
from leads.mail_types import MAIL_TYPES

KEY, WELCOME, PROVIDER, SECRET = "trial", "trial-welcome", "trials", "wonder"

#: What the magnet `guide` has of the feature, and the page behind its links.
CONFIGURATION = {"days": 14}
PAGE = "<h1>\ue000heading\ue001</h1><form>\ue000token\ue001</form>"

_NOTHING: Mapping[str, Any] = {"starts": 0, "uses": 0, "ends": ""}


def started(magnet: str, number: int, ends: datetime, at: datetime) -> Event:
    """The button was pressed; once for each mail whose link carries the number."""
    return Event("trial_started", at, f"trial_started#{magnet}#{number}", magnet, {"ends": iso(ends)})


def used(magnet: str, report: str, at: datetime) -> Event:
    """The provider saw the lead use what they try."""
    return Event("trial_used", at, f"trial_used#{magnet}#{report}", magnet)


def _after_start(state: Mapping[str, Any], event: Event) -> Mapping[str, Any]:
    return {**state, "starts": state["starts"] + 1, "ends": event.data.get("ends", "")}


def _after_use(state: Mapping[str, Any], event: Event) -> Mapping[str, Any]:
    return {**state, "uses": state["uses"] + 1}


def _tell(event: Event, lead: Lead) -> Notice:
    enrolment = lead.enrolments.get(event.magnet)
    name = enrolment.answers.get("first_name", "Somebody") if enrolment else "Somebody"
    return Notice(f"{name} tries it", f"{name} <began> a trial.\n\nIt ends on {event.data['ends']}.")


def _state(enrolled: Enrolled) -> Mapping[str, Any]:
    state: Mapping[str, Any] = state_of(enrolled.enrolment, KEY, _NOTHING)
    return state


def _welcomes(enrolled: Enrolled) -> tuple[int, ...]:
    return tuple(range(1, _state(enrolled)["starts"] + 1))


def _facts(enrolled: Enrolled) -> Mapping[str, str]:
    state = _state(enrolled)
    return {"state": "running" if state["starts"] else "", "uses": str(state["uses"])}


def _words(enrolled: Enrolled) -> Mapping[str, str]:
    return {"trial_uses": str(_state(enrolled)["uses"])}


def _told(enrolled: Enrolled) -> list[tuple[str, str]]:
    return [("Trial ends", _state(enrolled)["ends"])]


def _dates(enrolled: Enrolled) -> Mapping[str, str]:
    return {"trial_end": _state(enrolled)["ends"]}


def _show(visit: Visit) -> Answer:
    return Answer("trial", {"heading": "Try it?", "token": visit.token})


def _start(visit: Visit) -> Answer:
    """Once for each mail: pressed twice it is one event, and the later page says so."""
    days = visit.enrolled.configuration(KEY)["days"]
    magnet = visit.enrolled.funnel.slug
    event = started(magnet, visit.number, visit.now + timedelta(days=days), visit.now)
    wish = visit.posted.get("wish", [""])[0]
    heading = f"It runs for {days} days. {wish}".strip()
    return Answer("trial", {"heading": heading}, events=(event,))


def _leave(visit: Visit) -> Answer:
    return Answer(location="https://trials.example/account")


def sign(body: str) -> str:
    """What the provider puts into its header."""
    return hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()


def _is_signed(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    expected = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(bytes.fromhex(headers["x-trials-signature"]), expected)


def _read(body: bytes, now: datetime) -> tuple[Reported, ...]:
    return tuple(
        Reported(
            used(each["magnet"], each["report"], parse_iso(each["at"])),
            each.get("email", ""),
            each.get("phone", ""),
        )
        for each in json.loads(body)["uses"]
    )


def report_body(*reports: str, at: datetime, **who: str) -> str:
    """What the provider posts."""
    who = who or {"email": "lead@example.com"}
    return json.dumps(
        {"uses": [{"magnet": "guide", "report": each, "at": iso(at), **who} for each in reports]}
    )


FEATURE = Feature(
    key=KEY,
    event_types=(
        EventType(
            "trial_started",
            words=lambda event: "You began a trial",
            change=change_state(KEY, _NOTHING, _after_start),
            is_activity=True,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
            points=15,
            noun="trial",
            notice=_tell,
            former_names=("trial_begun",),
        ),
        EventType(
            "trial_used",
            words=lambda event: "You used what you try",
            change=change_state(KEY, _NOTHING, _after_use),
            wakes=ITS_MAGNET,
            points=1,
        ),
    ),
    mail_types=(MailType(WELCOME, "How to begin with the trial", asked_for=_welcomes),),
    link_types=(
        action_link(
            KEY, "start", "trial_url", timedelta(days=5), "begins a trial", not_in={"opt-in": "too early"}
        ),
        action_link(
            KEY, "again", "again_url", timedelta(days=5), "begins it anew", mail=WELCOME, numbered=True
        ),
        action_link(KEY, "account", "account_url", timedelta(days=5), "opens the account", mail=WELCOME),
    ),
    actions=(
        Action("start", _show, _start),
        Action("again", _show, _start),
        Action("account", _leave, _leave),
    ),
    hooks=(Hook(PROVIDER, _is_signed, _read),),
    facts=_facts,
    dates=_dates,
    words=_words,
    told=_told,
)


@contextmanager
def registered() -> Iterator[None]:
    """The feature stands in every table while this lasts, its mail last, as the rows of features do."""
    links: dict[str, LinkType] = {each.variable: each for each in FEATURE.link_types}
    events = {name: each for each in FEATURE.event_types for name in (each.name, *each.former_names)}
    with ExitStack() as stack:
        for table, rows in (
            (FEATURES, {KEY: FEATURE}),
            (EVENT_TYPES, events),
            (MAIL_TYPES, {each.step: each for each in FEATURE.mail_types}),
            (LINK_TYPES, links),
        ):
            stack.enter_context(patch.dict(table, rows))
        yield
