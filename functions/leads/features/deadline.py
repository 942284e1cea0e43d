"""`deadline`: an offer that ends, at one instant for all or after a time of each lead's own, and its code.

The configuration is that of `configure`. The end is enforced here, to the second: by the page behind the link in mails,
by the form (`closes`) and by the dates that mails count from.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from leads.event_types import ITS_MAGNET, NOTED, EventType, Notice, change_state, state_of
from leads.events import Event
from leads.feature import Action, Answer, Enrolled, Feature, Stock, Visit, action_link
from leads.funnel import Funnel
from leads.instants import iso, parse_iso, zone
from leads.lead import Lead
from leads.moment_words import full_moment_in_words, moment_in_words
from leads.offer_codes import make_code

KEY, OPEN, END = "deadline", "open", "offer_end"

#: How the code comes about: one for all, one of a list, made for the lead, or none at all.
FOR_ALL, OF_A_LIST, GENERATED, NO_CODE = "for all", "of a list", "generated", ""

#: What an enrolment knows of each offer that the magnet has had: an author may begin the next one in its place.
State = Mapping[str, Mapping[str, str]]

_NOTHING: State = {}
_UNKNOWN: Mapping[str, str] = {"ends": "", "code": ""}


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of an offer. Magnets with the same `offer` share the end and the code of a lead.

    `ends` is an instant (RFC 3339), or "" where each lead has `window` seconds from their confirmation. `codes` is one
    of the words above; `code` is the one for all, `edition` tells a list from the next, and the owner is told of each
    of the last `low` of it. `shop` is the address where the offer is taken up. `extended_from` is the end that was
    announced before.
    """

    offer: str
    ends: str = ""
    window: int = 0
    codes: str = NO_CODE
    code: str = ""
    edition: str = ""
    low: int = 0
    shop: str = ""
    extended_from: str = ""


def configure(terms: Terms) -> dict[str, Any]:
    """The configuration of a magnet with these terms."""
    return asdict(terms)


def terms_of(funnel: Funnel) -> Terms:
    """The terms of a magnet that has the feature."""
    names = {each.name for each in fields(Terms)}
    return Terms(**{name: value for name, value in funnel.features[KEY].items() if name in names})


def window_opened(terms: Terms, magnet: str, at: datetime) -> Event:
    """The lead's time began with their confirmation; once for a lead and an offer, whatever they do later."""
    ends = iso(at + timedelta(seconds=terms.window))
    return Event(
        "window_opened", at, f"window_opened#{terms.offer}", magnet, {"offer": terms.offer, "ends": ends}
    )


def claimed_code(terms: Terms, magnet: str, at: datetime, code: str, left: int | None = None) -> Event:
    """The lead took their code; once for a lead and an offer. `left` is how few are left of a list, None for enough."""
    data: dict[str, Any] = {"offer": terms.offer, "code": code}
    if left is not None:
        data["left"] = left
    return Event("claimed_code", at, f"claimed_code#{terms.offer}", magnet, data)


def state_of_offer(enrolled: Enrolled, terms: Terms) -> Mapping[str, str]:
    """What is known of the lead and the offer, in whichever of their magnets it happened."""
    found = dict(_UNKNOWN)
    for each in enrolled.lead.enrolments.values():
        state = state_of(each, KEY, _NOTHING).get(terms.offer, _UNKNOWN)
        found |= {name: value for name, value in state.items() if value}
    return found


def end_of(enrolled: Enrolled) -> datetime | None:
    """When the offer ends for this lead; None before they confirm, where the time is each lead's own."""
    terms = terms_of(enrolled.funnel)
    known = terms.ends or state_of_offer(enrolled, terms)["ends"]
    if known:
        return parse_iso(known)
    began = enrolled.enrolment.first_confirmed_at
    return began + timedelta(seconds=terms.window) if began else None


def _noted(name: str) -> Callable[[State, Event], State]:
    """The change that keeps what an event says of its offer under `name`; what was said first counts."""

    def note(state: State, event: Event) -> State:
        offer = str(event.data.get("offer", ""))
        known = state.get(offer, _UNKNOWN)
        return {**state, offer: {**known, name: known[name] or str(event.data.get(name, ""))}}

    return note


def _follows(enrolled: Enrolled) -> tuple[Event, ...]:
    terms, began = terms_of(enrolled.funnel), enrolled.enrolment.first_confirmed_at
    if terms.ends or began is None or state_of_offer(enrolled, terms)["ends"]:
        return ()
    return (window_opened(terms, enrolled.funnel.slug, began),)


def _tell_of_stock(event: Event, lead: Lead) -> Notice | None:
    """Tell the owner that codes run out."""
    left = event.data.get("left")
    if left is None:
        return None
    if not left:
        text = "The form now says that all codes are given out. More codes in the file, published, open it again."
        return Notice("The last code is given out", f"The offer: {event.data['offer']}.\n\n{text}")
    words = "1 code is left" if left == 1 else f"{left} codes are left"
    return Notice(words, f"The offer: {event.data['offer']}.\n\nPut more codes into the file, and publish.")


def _facts(enrolled: Enrolled) -> Mapping[str, str]:
    end, now = end_of(enrolled), enrolled.now
    is_open = "" if now is None or end is None else "yes" if now < end else "no"
    code = state_of_offer(enrolled, terms_of(enrolled.funnel))["code"]
    return {"open": is_open, "claimed": "yes" if code else "no"}


def _dates(enrolled: Enrolled) -> Mapping[str, str]:
    return {END: iso(end_of(enrolled)) or ""}


def _words(enrolled: Enrolled) -> Mapping[str, str]:
    end = end_of(enrolled)
    return {"offer_ends": moment_in_words(end, _zone(enrolled)) if end else ""}


def _told(enrolled: Enrolled) -> list[tuple[str, str]]:
    end, terms = end_of(enrolled), terms_of(enrolled.funnel)
    code = state_of_offer(enrolled, terms)["code"]
    rows = [("Offer ends", full_moment_in_words(end, _zone(enrolled)))] if end else []
    return rows + ([("Code", code)] if code else [])


def _zone(enrolled: Enrolled) -> Any:
    return zone(enrolled.lead.time_zone, enrolled.funnel.time_zone)


def _show(visit: Visit) -> Answer:
    """The page behind the link: the code and the way to the shop, or the button for the code; after the end, that."""
    terms = terms_of(visit.enrolled.funnel)
    end = end_of(visit.enrolled)
    if end is None or visit.now >= end:
        return _closed(visit.enrolled.funnel, end)
    # The one for all as it is published now: an author may have mistyped it.
    code = terms.code or state_of_offer(visit.enrolled, terms)["code"]
    values = {
        "token": visit.token,
        "code": code,
        "until": _until(end, visit.enrolled),
        "instant": iso(end),
    }
    return Answer("code" if code or terms.codes == NO_CODE else "offer", values)


def _until(end: datetime, enrolled: Enrolled) -> str:
    """The end on the lead's clock and, where it is one for all and the site's clock shows another hour, on that too."""
    theirs, ours = _zone(enrolled), zone(enrolled.funnel.time_zone)
    words = full_moment_in_words(end, theirs)
    same = end.astimezone(theirs).utcoffset() == end.astimezone(ours).utcoffset()
    return (
        words
        if same or not terms_of(enrolled.funnel).ends
        else f"{words}, which is {full_moment_in_words(end, ours)}"
    )


def _take(visit: Visit) -> Answer:
    """Take the code, and show it by the page itself, so that a reload takes nothing; one for all leads to the shop."""
    enrolled = visit.enrolled
    terms, funnel, end = terms_of(enrolled.funnel), enrolled.funnel, end_of(enrolled)
    if end is None or visit.now >= end:
        return _closed(funnel, end)
    back = f"/api/do/{funnel.slug}/{KEY}/{OPEN}?t={visit.token}"
    to = (terms.shop or back) if terms.codes in (FOR_ALL, NO_CODE) else back
    if state_of_offer(enrolled, terms)["code"]:
        return Answer(location=to)
    code, left = _new_code(visit, terms)
    if code is None:
        return _sold_out(funnel)
    return Answer(location=to, events=(claimed_code(terms, funnel.slug, visit.now, code, left),))


def _new_code(visit: Visit, terms: Terms) -> tuple[str | None, int | None]:
    """A code for the lead, None if the list is used up; and how many are left where that is to be told."""
    if terms.codes == GENERATED:
        return make_code(visit.nonce() + visit.nonce()), None
    if terms.codes != OF_A_LIST:
        return terms.code, None
    slug, lead = visit.enrolled.funnel.slug, visit.enrolled.lead.id
    taken = visit.stock.take(slug, terms.offer, terms.edition, lead)
    if taken is None:
        return None, None
    return taken.piece, taken.left if taken.left < terms.low or not taken.left else None


def _closes(funnel: Funnel, now: datetime, stock: Stock) -> Answer | None:
    """Nobody is taken after the end, nor once a list of codes is used up."""
    terms = terms_of(funnel)
    if terms.ends and now >= parse_iso(terms.ends):
        return _closed(funnel, parse_iso(terms.ends))
    if terms.codes == OF_A_LIST and stock.is_empty(terms.offer, terms.edition):
        return _sold_out(funnel)
    return None


def _closed(funnel: Funnel, end: datetime | None) -> Answer:
    when = f"{full_moment_in_words(end, zone(funnel.time_zone))}." if end else ""
    values = {
        "heading": "This offer has ended",
        "said": "It ended on " if end else "",
        "when": when,
        "instant": iso(end) or "",
    }
    return Answer("closed", values)


def _sold_out(funnel: Funnel) -> Answer:
    said = "Each code works once, and every one of them has found somebody."
    return Answer("closed", {"heading": "All codes are given out", "said": said})


FEATURE = Feature(
    key=KEY,
    event_types=(
        EventType(
            "window_opened",
            words=lambda event: "Your time for the offer began",
            change=change_state(KEY, _NOTHING, _noted("ends")),
            told_in=NOTED,
        ),
        EventType(
            "claimed_code",
            words=lambda event: f"You took the code {event.data.get('code', '')}".rstrip(),
            change=change_state(KEY, _NOTHING, _noted("code")),
            is_activity=True,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
            points=15,
            noun="code",
            notice=_tell_of_stock,
        ),
    ),
    link_types=(
        action_link(
            KEY,
            OPEN,
            "offer_url",
            timedelta(days=730),
            "opens the offer",
            not_in={"opt-in": "the offer follows in the delivery mail; delete it"},
            needed_in="delivery",
            why_needed="it leads to the offer; put it on a line of its own: `[Open the offer]({{ offer_url }})`",
        ),
    ),
    actions=(Action(OPEN, _show, _take),),
    facts=_facts,
    dates=_dates,
    words=_words,
    told=_told,
    changing=frozenset({"claimed"}),
    follows=_follows,
    closes=_closes,
)
