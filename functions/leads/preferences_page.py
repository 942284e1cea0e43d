"""The values of the preference page's placeholders: the lead's state, the choice just made, the others."""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from leads.enrolment import Enrolment
from leads.funnel import Funnel
from leads.instants import zone
from leads.lead import Lead
from leads.placeholders import Html
from leads.preferences import (
    DATA,
    EVERYTHING,
    NORMAL,
    SERIES,
    WEEKLY,
    is_running,
    letters,
    open_choices,
)

#: Where every button of the page posts to.
ACTION = "/api/preferences"

Funnels = Mapping[str, Funnel | None]
#: Makes the token of a magnet: with it a button ends that magnet's sequence.
Token = Callable[[str], str]


def page_values(lead: Lead, magnet: str, funnels: Funnels, done: str, token: Token) -> dict[str, str]:
    """The values of the page. `done` is the choice just made, "" if the page is only shown."""
    title = _title(funnels.get(magnet))
    heading, text = _said(lead, magnet, title, done)
    choices = "".join(
        _choice(each, lead, magnet, title, token(magnet)) for each in open_choices(lead, magnet)
    )
    return {
        "heading": heading,
        "text": text,
        "choices": Html(f'<ul class="choices">{choices}</ul>' if choices else ""),
        "series": _series(lead, magnet, funnels, token),
        "action": ACTION,
        "token": token(magnet),
    }


def _said(lead: Lead, magnet: str, title: str, done: str) -> tuple[str, str]:
    """The heading and the words beneath it."""
    if done in _DONE and not (lead.suppression and done != DATA):
        heading, text = _DONE[done]
        return heading.format(title=title), text
    if lead.suppression:
        return "We send you nothing more", _SUPPRESSED.get(
            lead.suppression.reason, _SUPPRESSED["unsubscribed"]
        )
    if is_running(lead, magnet):
        weekly = " At most one mail a week comes to you, as you chose." if lead.weekly else ""
        return "Fewer mails, or none", f"You get the letters that go with “{title}”.{weekly}"
    return "Fewer mails, or none", f"No letters about “{title}” are on their way to you."


def _choice(choice: str, lead: Lead, magnet: str, title: str, token: str) -> str:
    label, text = _CHOICES[choice]
    others = any(is_running(lead, each) for each in lead.enrolments if each != magnet)
    more = " Other letters that you asked for still come." if choice == SERIES and others else ""
    return f"<li><p>{escape(text.format(title=title))}{more}</p>{_button(choice, label, token)}</li>"


def _button(choice: str, label: str, token: str, about: str = "") -> str:
    """A form of one button. `about` tells a screen reader which of several alike it is."""
    named = f' aria-label="{escape(f"{label}: {about}")}"' if about else ""
    return (
        f'<form action="{ACTION}" method="post"><input type="hidden" name="t" value="{escape(token)}">'
        f'<button class="plain" name="choice" value="{choice}"{named}>{label}</button></form>'
    )


def _series(lead: Lead, magnet: str, funnels: Funnels, token: Token) -> Html:
    """The magnets that the lead asked for, with their states; empty if that says no more than the heading."""
    shown = [slug for slug, each in lead.enrolments.items() if letters(each) != "asked"]
    if not shown or (len(shown) == 1 and is_running(lead, shown[0])):
        return Html("")
    shown.sort(key=lambda slug: (slug != magnet, _title(funnels.get(slug))))
    items = ""
    for slug in shown:
        offered = slug != magnet and is_running(lead, slug)
        items += _item(lead, slug, funnels.get(slug), token(slug) if offered else "")
    return Html(f'<h2>What you asked for</h2><ul class="series">{items}</ul>')


def _item(lead: Lead, slug: str, funnel: Funnel | None, token: str) -> str:
    """One magnet's state; if a token is given, with a button that ends its sequence."""
    enrolment, title = lead.enrolments[slug], _title(funnel)
    where = zone(lead.time_zone, funnel.time_zone if funnel else "")
    state = escape(_state(enrolment, where, stopped=bool(lead.suppression)))
    if enrolment.status == "unsubscribed" and funnel:
        # To subscribe again needs a new consent, so the link leads to the page with the consent text.
        state += f' To have them again, <a href="{escape(funnel.url)}">ask on its page</a>.'
    button = _button(SERIES, "Stop these", token, title) if token else ""
    return f"<li><p><strong>{escape(title)}</strong> {state}</p>{button}</li>"


def _state(enrolment: Enrolment, where: ZoneInfo, stopped: bool) -> str:
    state = letters(enrolment)
    if state == "stopped" and enrolment.ended_at:
        return f"Its letters have stopped, on {_day(enrolment.ended_at, where)}."
    if state == "running" and stopped:
        return "Its letters have stopped."
    return _STATES[state]


def _title(funnel: Funnel | None) -> str:
    return funnel.title if funnel else "an offer that has ended"


def _day(at: datetime, where: ZoneInfo) -> str:
    local = at.astimezone(where)
    return f"{local.day} {local:%B %Y}"


_CHOICES = {
    SERIES: ("Stop these letters", "No more letters about “{title}”."),
    WEEKLY: ("One mail a week at most", "Whatever you asked for, never more than one letter in seven days."),
    NORMAL: ("As often as they come", "Every letter that you asked for, when it is due."),
    EVERYTHING: ("Stop everything", "No mail from us any more, about anything. It takes effect at once."),
}

_DONE = {
    SERIES: (
        "No more letters about “{title}”",
        "They have stopped, also those that were waiting to go out. You can undo it: ask on its page, below.",
    ),
    WEEKLY: (
        "One mail a week, at most",
        "From now on never more than one letter comes to you in seven days. You can undo it here, at any time.",
    ),
    NORMAL: (
        "Every letter, when it is due",
        "The letters come as often as they were meant to. You can change it here, at any time.",
    ),
    DATA: (
        "Look in your inbox",
        "The link to what is stored about you comes by mail, to the address that we have. It works for one day, and "
        "at most three are sent in a day. If none comes, look in the spam folder.",
    ),
}

_SUPPRESSED = {
    "unsubscribed": "You are unsubscribed from everything, and it took effect at once. A mail that had left before "
    "may still be on its way; it is the last. Should you want to hear from us again, ask for something as you did "
    "the first time.",
    "bounced": "Mails to your address came back to us, so we stopped.",
    "unreachable": "Mails to your address came back to us again and again, so we stopped.",
    "complained": "A mail of ours was reported as unwanted from your mailbox, so we stopped, for good.",
    "erased": "You had everything erased that we had stored about you. Until you confirm what you asked for since, "
    "we send nothing.",
}

_STATES = {
    "none": "No letters go with it.",
    "running": "Its letters come to you.",
    "over": "All of its letters have come.",
    "stopped": "Its letters have stopped.",
}
