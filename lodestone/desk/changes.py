"""The changes that the owner may make to one lead: note a goal, readmit, erase, settle a mail.

Each appends an event. The functions derive from the events what follows: a sequence that ends, a mail that goes out.
"""

from datetime import datetime

from aws.queue import DripMessage
from leads import events
from leads.attempts import unsettled_mails
from leads.enrolment import Attempt
from leads.lead import WAY_BACK, Lead
from lodestone.desk.unsettled import policy_of
from lodestone.errors import CommandError
from lodestone.records.protocol import LeadRecords, WritableRecords

#: Who wrote the event.
OWNER = "owner"


def note_goal(records: WritableRecords, lead: Lead, goal: str, magnet: str, now: datetime) -> bool:
    """Note that the lead reached a goal; False if that was noted today.

    Raises CommandError if the lead never asked for the magnet.
    """
    if magnet and magnet not in lead.enrolments:
        raise _never_asked_for(magnet, lead, "; or none")
    return records.append(lead.id, events.reached(goal, now, magnet, OWNER))


def _never_asked_for(magnet: str, lead: Lead, or_else: str = "") -> CommandError:
    known = ", ".join(f"`{each}`" for each in sorted(lead.enrolments)) or "none"
    return CommandError(
        f"the lead never asked for `{magnet}`", f"name one that they asked for: {known}{or_else}"
    )


def check_readmission(lead: Lead) -> None:
    """Raises CommandError if the owner may not lift the lead's suppression, or there is none."""
    known = lead.suppression
    if known is None:
        raise CommandError("the lead is not suppressed", "`leads show` says why no mail comes")
    if known.reason in WAY_BACK and known.reason != "unreachable":
        words = "had themselves erased" if known.reason == "erased" else "unsubscribed"
        remedy = "they come back by sending a form and confirming it; nobody can do that for them"
        raise CommandError(f"the lead {words}, and that is theirs to take back", remedy)


def readmit(records: WritableRecords, lead: Lead, now: datetime) -> bool:
    """Lift a bounce or a complaint, in SES and in the records; True if the address was on SES's suppression list.

    SES comes first: as long as it refuses mails, no event may say that mails go out again.
    """
    listed = records.unsuppress(lead.email)
    records.append(lead.id, events.readmitted(now, OWNER))
    return listed


def check_erasure(lead: Lead) -> None:
    """Raises CommandError if the lead is erased already."""
    if lead.erased_at and not lead.email:
        raise CommandError(
            "the lead is erased", "nothing but a keyed hash of the address is stored, which stays"
        )


def erase(records: WritableRecords, lead: Lead, now: datetime) -> None:
    """Delete all that is stored of the lead but a keyed hash of the address, so that no import revives them."""
    records.append(lead.id, events.erased(now, OWNER))
    records.erase(lead.id)


def settle(
    records: WritableRecords, lead: Lead, magnet: str, step: str, was_sent: bool, now: datetime
) -> None:
    """Record what became of an unsettled mail, and queue a message for the worker.

    Raises CommandError if the mail is not unsettled.
    """
    attempt = _unsettled(records, lead, magnet, step, now)
    records.append(lead.id, events.settled(attempt.send, now, was_sent, OWNER))
    records.enqueue(DripMessage(lead.id, magnet, step))


def _unsettled(records: LeadRecords, lead: Lead, magnet: str, step: str, now: datetime) -> Attempt:
    enrolment = lead.enrolments.get(magnet)
    if enrolment is None:
        raise _never_asked_for(magnet, lead)
    if all(each.send.step != step for each in enrolment.attempts):
        raise CommandError(
            f"no mail `{step}` of `{magnet}` was ever begun for this lead",
            "`leads show` lists those that were",
        )
    found = unsettled_mails(enrolment, now, policy_of(records.funnel(magnet)))
    attempt = next((each for each in found if each.send.step == step), None)
    if attempt is None:
        remedy = "`leads unsettled` lists those that are; within 15 minutes of its claim a mail is still being sent"
        raise CommandError(f"of `{magnet}/{step}` it is known whether it went out to this lead", remedy)
    return attempt
