"""Every event type there is, one row each: the core's here, a feature's in its own file (`leads.features`)."""

from collections.abc import Mapping

from leads import state_changes as changes
from leads.conditions import EVER, JOINED
from leads.event_types import (
    EVERY_MAGNET,
    ITS_MAGNET,
    MAILS,
    NOTED,
    RECEIPTS,
    EventType,
    says,
)
from leads.events import Event
from leads.features import FEATURES


def _mail_name(step: str) -> str:
    return f"“{step.replace('-', ' ').capitalize()}”"


def _followed(event: Event) -> str:
    return f"Link “{event.data.get('link', '')}” followed, in {_mail_name(event.data.get('step', ''))}"


def _unsubscribed(event: Event) -> str:
    return "You stopped these letters" if event.data.get("scope") == "sequence" else "You stopped all mails"


def _preferred(event: Event) -> str:
    weekly = event.data.get("frequency") == "weekly"
    return "You chose one mail a week at most" if weekly else "You chose every mail, when it is due"


def _skipped(event: Event) -> str:
    return f"{_mail_name(event.data.get('step', ''))} was not sent: {_reason(event) or 'it was not for you'}"


def _finished(event: Event) -> str:
    return f"The letters ended: {_reason(event) or 'you had them all'}"


def _reason(event: Event) -> str:
    return str(event.data.get("words") or event.data.get("reason") or "")


_REFUSED = says("not sent, our mail service refused it")

#: The outcomes of a mail and SES's reports about it. Events that the worker itself writes do not stream.
_OF_MAILS = (
    EventType(
        "claimed",
        says("being sent, or nobody knows whether it went out"),
        changes.record_attempt,
        MAILS,
        order=3,
        streams=False,
    ),
    EventType("mailed", says("sent"), changes.record_attempt, MAILS, order=4, streams=False),
    EventType("failed", _REFUSED, changes.record_attempt, MAILS, order=5, streams=False),
    EventType("delivered", says("arrived"), changes.note_delivery, MAILS, streams=False),
    EventType("delayed", says("sent, and delayed on its way"), changes.record_attempt, MAILS, streams=False),
    EventType("rejected", _REFUSED, changes.record_attempt, MAILS),
    EventType("unrendered", _REFUSED, changes.record_attempt, MAILS),
    EventType("bounced", says("came back"), changes.note_bounce, MAILS),
    EventType("complained", says("reported as unwanted"), changes.note_complaint, MAILS),
    EventType(
        "not_spam",
        says("reported as unwanted, then no more"),
        changes.take_back_complaint,
        MAILS,
        wakes=EVERY_MAGNET,
    ),
)

#: What a lead does, for conditions to ask about.
_ACTIVITIES = (
    EventType(
        "clicked",
        _followed,
        is_activity=True,
        is_sign_of_life=True,
        wakes=EVERY_MAGNET,
        points=10,
        noun="click",
    ),
    EventType(
        "replied",
        says("You answered a mail"),
        is_activity=True,
        is_sign_of_life=True,
        wakes=EVERY_MAGNET,
        noun="reply",
        scope=JOINED,
    ),
    EventType(
        "booked",
        says("You booked"),
        is_activity=True,
        is_sign_of_life=True,
        wakes=EVERY_MAGNET,
        noun="booking",
        scope=JOINED,
    ),
    EventType(
        "called",
        says("We called you"),
        is_activity=True,
        is_sign_of_life=True,
        points=20,
        noun="call",
        scope=JOINED,
    ),
    EventType(
        "became_customer",
        says("You became a customer"),
        is_activity=True,
        is_sign_of_life=True,
        wakes=EVERY_MAGNET,
        scope=EVER,
    ),
)

#: What a lead decides about their mails and their data. One confirmation may resume all sequences.
_DECISIONS = (
    EventType(
        "submitted",
        says("You sent the form"),
        changes.accept_submission,
        RECEIPTS,
        order=1,
        wakes=ITS_MAGNET,
    ),
    EventType(
        "confirmed",
        says("You confirmed that the address is yours"),
        changes.confirm,
        RECEIPTS,
        order=2,
        is_sign_of_life=True,
        wakes=EVERY_MAGNET,
        points=10,
    ),
    EventType("unsubscribed", _unsubscribed, changes.unsubscribe, is_sign_of_life=True, wakes=EVERY_MAGNET),
    EventType("preferred", _preferred, changes.set_frequency, is_sign_of_life=True, wakes=EVERY_MAGNET),
    EventType(
        "kept_subscribed",
        says("You asked us to go on"),
        is_sign_of_life=True,
        wakes=EVERY_MAGNET,
        former_names=("stayed",),
    ),
    EventType(
        "data_requested",
        says("You asked for the link to this page"),
        changes.request_data,
        is_sign_of_life=True,
        wakes=ITS_MAGNET,
    ),
    EventType(
        "corrected",
        says("You put your answers right"),
        changes.correct,
        is_sign_of_life=True,
        wakes=EVERY_MAGNET,
    ),
    EventType("erased", says("Everything before was erased"), changes.erase, NOTED),
)

#: What the system or its owner notes.
_NOTES = (
    EventType("imported", says("Your data came from a list"), told_in=NOTED, order=0, wakes=ITS_MAGNET),
    EventType("skipped", _skipped, changes.skip_step, NOTED, streams=False, former_names=("passed",)),
    EventType("finished", _finished, changes.finish, NOTED, streams=False),
    EventType("readmitted", says("We write to you again"), changes.readmit, NOTED, wakes=EVERY_MAGNET),
    EventType("owner_notified", says("We told the owner of this site"), told_in=NOTED, streams=False),
)

_CORE = (*_DECISIONS, *_OF_MAILS, *_ACTIVITIES, *_NOTES)

#: The row of every type, by its name and by its former names.
EVENT_TYPES: Mapping[str, EventType] = {
    name: row
    for row in (*_CORE, *(row for feature in FEATURES.values() for row in feature.event_types))
    for name in (row.name, *row.former_names)
}

#: The types that the table's stream does not deliver to `react`: the filter in template.yaml names them.
NOT_STREAMED = tuple(name for name, row in EVENT_TYPES.items() if not row.streams)
