"""`places`, on the functions' side: a lead takes a place in a workshop by a link, and gets a ticket."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.event_types import ITS_MAGNET, EventType, Notice, change_state, says, state_of
from leads.events import Event
from leads.feature import Action, Answer, Enrolled, Feature, MailType, Visit, action_link
from leads.lead import Lead

KEY = "places"
TICKET = "places-ticket"


@dataclass(frozen=True, slots=True)
class Place:
    """What a lead has of a workshop. `meal` is what they asked for."""

    taken_at: datetime | None = None
    meal: str = ""


NONE = Place()


def took_place(magnet: str, at: datetime, meal: str) -> Event:
    """The lead took a place; once."""
    return Event("took_place", at, f"took_place#{magnet}", magnet, {"meal": meal})


def _take(place: Place, event: Event) -> Place:
    return Place(event.at, event.data.get("meal", ""))


def _place(enrolled: Enrolled) -> Place:
    return state_of(enrolled.enrolment, KEY, NONE)


def _notice(event: Event, lead: Lead) -> Notice:
    return Notice(f"A place for {lead.email}", f"{lead.email} takes a place.\n\nMeal: {event.data['meal']}")


def _show(visit: Visit) -> Answer:
    action = f"/api/do/{visit.enrolled.funnel.slug}/{KEY}/take"
    room = visit.enrolled.configuration(KEY)["room"]
    return Answer("places-take", {"room": room, "action": action, "token": visit.token})


def _do(visit: Visit) -> Answer:
    meal = (visit.posted.get("meal") or ["none"])[-1][:40]
    event = took_place(visit.enrolled.funnel.slug, visit.now, meal)
    return Answer(location=visit.enrolled.funnel.pages["directions"], events=(event,))


def _ticket(visit: Visit) -> Answer:
    return Answer("places-ticket", {"number": str(visit.number), "meal": _place(visit.enrolled).meal})


FEATURE = Feature(
    key=KEY,
    event_types=(
        EventType(
            "took_place",
            says("You took a place"),
            change_state(KEY, NONE, _take),
            is_activity=True,
            is_sign_of_life=True,
            wakes=ITS_MAGNET,
            points=15,
            noun="place",
            notice=_notice,
        ),
    ),
    mail_types=(
        MailType(TICKET, "Your ticket", asked_for=lambda lead: (1,) if _place(lead).taken_at else ()),
    ),
    link_types=(
        action_link(
            KEY, "take", "place_url", timedelta(days=60), "takes a place", not_in={"opt-in": "delete it"}
        ),
        action_link(
            KEY, "ticket", "ticket_url", timedelta(days=90), "shows the ticket", mail=TICKET, numbered=True
        ),
    ),
    actions=(Action("take", _show, _do), Action("ticket", _ticket, _ticket)),
    facts=lambda enrolled: {"meal": _place(enrolled).meal},
    dates=lambda enrolled: {"workshop": enrolled.configuration(KEY)["starts"]},
)
