"""What the owner may do to one lead: note what they reached, take them back, erase them, settle a mail.

Each is an event, appended like any other. What follows from it (a sequence that ends, a mail that goes out) is
derived from the events by the functions, as ever.
"""

from datetime import datetime
from typing import Protocol

from aws.queue import DripMessage
from leads import events
from leads.attempts import unsettled_mails
from leads.enrolment import Attempt
from leads.events import Event
from leads.lead import WAY_BACK, Lead
from leads.rules import SendingPolicy
from lodestone.desk.records import CommandError

_POLICY = SendingPolicy()

#: Who wrote the event.
OWNER = "owner"


class Writable(Protocol):
    """Records that can be added to."""

    def append(self, lead_id: str, event: Event) -> bool: ...

    def erase(self, lead_id: str) -> None: ...

    def nudge(self, message: DripMessage) -> None: ...

    def unlist(self, email: str) -> bool: ...


def note_goal(records: Writable, lead: Lead, goal: str, magnet: str, now: datetime) -> bool:
    """Note that the lead reached a goal; False where that was noted today. Raises CommandError."""
    if magnet and magnet not in lead.enrolments:
        raise _never_asked_for(magnet, lead, "; or none")
    return records.append(lead.id, events.reached(goal, now, magnet, OWNER))


def _never_asked_for(magnet: str, lead: Lead, or_else: str = "") -> CommandError:
    known = ", ".join(f"`{each}`" for each in sorted(lead.enrolments)) or "none"
    return CommandError(
        f"the lead never asked for `{magnet}`", f"name one that they asked for: {known}{or_else}"
    )


def check_readmission(lead: Lead) -> None:
    """Whether it is the owner's to say that the lead may be mailed again. Raises CommandError."""
    known = lead.suppression
    if known is None:
        raise CommandError("the lead is not suppressed", "`leads show` says why no mail comes")
    if known.reason in WAY_BACK and known.reason != "unreachable":
        words = "had themselves erased" if known.reason == "erased" else "unsubscribed"
        remedy = "they come back by sending a form and confirming it; nobody can do that for them"
        raise CommandError(f"the lead {words}, and that is theirs to take back", remedy)


def readmit(records: Writable, lead: Lead, now: datetime) -> bool:
    """Lift a bounce or a complaint, here and in SES; whether SES had the address on its list.

    SES comes first: an event that says that mails go out again must not be there while they do not.
    """
    listed = records.unlist(lead.email)
    records.append(lead.id, events.readmitted(now, OWNER))
    return listed


def check_erasure(lead: Lead) -> None:
    """Whether there is something to erase. Raises CommandError."""
    if lead.erased_at and not lead.email:
        raise CommandError(
            "the lead is erased", "nothing but a keyed hash of the address is stored, which stays"
        )


def erase(records: Writable, lead: Lead, now: datetime) -> None:
    """Delete all that is stored of the lead. A keyed hash of the address stays, so that no import revives them."""
    records.append(lead.id, events.erased(now, OWNER))
    records.erase(lead.id)


def settle(records: Writable, lead: Lead, magnet: str, step: str, was_sent: bool, now: datetime) -> None:
    """Say what became of an unsettled mail, and have the worker look. Raises CommandError where there is none."""
    attempt = _unsettled(lead, magnet, step, now)
    records.append(lead.id, events.settled(attempt.send, now, was_sent, OWNER))
    records.nudge(DripMessage(lead.id, magnet, step))


def _unsettled(lead: Lead, magnet: str, step: str, now: datetime) -> Attempt:
    enrolment = lead.enrolments.get(magnet)
    if enrolment is None:
        raise _never_asked_for(magnet, lead)
    if all(each.send.step != step for each in enrolment.attempts):
        raise CommandError(
            f"no mail `{step}` of `{magnet}` was ever begun for this lead",
            "`leads show` lists those that were",
        )
    found = unsettled_mails(enrolment, now, _POLICY)
    attempt = next((each for each in found if each.send.step == step), None)
    if attempt is None:
        remedy = "`leads unsettled` lists those that are; within 15 minutes of its claim a mail is still being sent"
        raise CommandError(f"of `{magnet}/{step}` it is known whether it went out to this lead", remedy)
    return attempt
