"""What a lead may choose about their mails, by the link in every mail.

Mails are forwarded, so other readers may press these buttons. So no button reveals anything, each choice can
be undone, and the link to the stored data is mailed to the lead's own address.
"""

from datetime import datetime

from leads import events
from leads.enrolment import Enrolment
from leads.events import Event
from leads.lead import Lead

#: The choices of the page's buttons. Any other post counts as RFC 8058's one click, and ends everything.
SERIES, WEEKLY, NORMAL, EVERYTHING, DATA = "series", "weekly", "normal", "everything", "data"


def chosen(choice: str, magnet: str, at: datetime, how: str) -> Event:
    """The event of a choice. `how`: `page` or `one-click` (RFC 8058)."""
    if choice == SERIES:
        return events.unsubscribed(magnet, at, how, scope="sequence")
    if choice in (WEEKLY, NORMAL):
        return events.preferred(magnet, at, choice)
    if choice == DATA:
        return events.data_requested(magnet, at)
    return events.unsubscribed(magnet, at, how)


def is_running(lead: Lead, magnet: str) -> bool:
    """Whether the lead is to get further mails of this magnet's sequence."""
    enrolment = lead.enrolments.get(magnet)
    return not lead.suppression and enrolment is not None and letters(enrolment) == "running"


def letters(enrolment: Enrolment) -> str:
    """The state of a magnet's sequence: asked, none, running, over or stopped."""
    if enrolment.status == "unsubscribed":
        return "stopped"
    if enrolment.status != "confirmed":
        return "asked"
    if not enrolment.consent.get("given"):
        return "none"
    return "over" if enrolment.finished_at else "running"


def open_choices(lead: Lead, magnet: str) -> tuple[str, ...]:
    """The choices that the lead has now, for this magnet's mails and for all."""
    if lead.suppression:
        return ()
    choices = [SERIES] if is_running(lead, magnet) else []
    if any(is_running(lead, each) for each in lead.enrolments):
        choices.append(NORMAL if lead.weekly else WEEKLY)
    return (*choices, EVERYTHING)
