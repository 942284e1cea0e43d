"""What a lead may choose about their mails, by the link that stands in every one of them.

Mails are passed on, so whoever reads one may press these buttons. So none of them reveals anything, none is
beyond recall, and what is stored is shown to whoever reads mail at the lead's own address.
"""

from datetime import datetime

from leads import events
from leads.enrolment import Enrolment
from leads.events import Event
from leads.lead import Lead

#: A page's button names one of these. Whatever else is posted is RFC 8058's one click, and ends everything.
SERIES, WEEKLY, NORMAL, EVERYTHING, DATA = "series", "weekly", "normal", "everything", "data"


def chosen(choice: str, magnet: str, at: datetime, how: str) -> Event:
    """The event of a choice. `how`: `page` or `one-click`."""
    if choice == SERIES:
        return events.unsubscribed(magnet, at, how, scope="sequence")
    if choice in (WEEKLY, NORMAL):
        return events.preferred(magnet, at, choice)
    if choice == DATA:
        return events.data_requested(magnet, at)
    return events.unsubscribed(magnet, at, how)


def is_running(lead: Lead, magnet: str) -> bool:
    """Whether letters of this magnet are to come."""
    enrolment = lead.enrolments.get(magnet)
    return not lead.suppression and enrolment is not None and letters(enrolment) == "running"


def letters(enrolment: Enrolment) -> str:
    """How it stands with a magnet's sequence: asked, none, running, over or stopped."""
    if enrolment.status == "unsubscribed":
        return "stopped"
    if enrolment.status != "confirmed":
        return "asked"
    if not enrolment.consent.get("given"):
        return "none"
    return "over" if enrolment.finished_at else "running"


def open_choices(lead: Lead, magnet: str) -> tuple[str, ...]:
    """What there is to choose now, about the mails of this magnet and of all."""
    if lead.suppression:
        return ()
    choices = [SERIES] if is_running(lead, magnet) else []
    if any(is_running(lead, each) for each in lead.enrolments):
        choices.append(NORMAL if lead.weekly else WEEKLY)
    return (*choices, EVERYTHING)
