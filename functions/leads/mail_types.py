"""The mails that answer a lead, one row each: those that every magnet has, and those of features.

Every magnet has four, also if its author wrote none: opt-in, delivery, the link to the lead's data, and the
question whether to go on after a long silence (`leads.frequency` decides when it is asked).
"""

from collections.abc import Iterable, Mapping

from leads.feature import Enrolled, MailType, at_any_time
from leads.features import FEATURES

OPT_IN, DELIVERY, YOUR_DATA, STILL_THERE = "opt-in", "delivery", "your-data", "still-there"

#: The step of a mail that goes to the site's owner and not to the lead (`leads.outbox`). No step of a sequence can
#: have this name: a slug has no underscore.
OWNER_NOTICE = "owner_notice"


def _data_requests(enrolled: Enrolled) -> tuple[int, ...]:
    count = len(enrolled.enrolment.requests)
    return (count,) if count else ()


def _unconfirmed_ask(enrolled: Enrolled) -> tuple[int, ...]:
    """The latest ask, while the lead has not confirmed: it supersedes the earlier ones."""
    return _latest_ask(enrolled) if enrolled.enrolment.status == "unconfirmed" else ()


def _latest_ask(enrolled: Enrolled) -> tuple[int, ...]:
    return (len(enrolled.enrolment.asks),)


#: In the order in which they go out if several are due.
_CORE = (
    MailType(
        YOUR_DATA,
        "The link to this page",
        asked_for=_data_requests,
        in_list=False,
        only_if_confirmed=False,
        although_suppressed=True,
    ),
    MailType(
        OPT_IN,
        "The question whether the address is yours",
        asked_for=_unconfirmed_ask,
        in_list=False,
        only_if_confirmed=False,
        says_answers=False,
    ),
    MailType(DELIVERY, "What you asked for", asked_for=_latest_ask),
    MailType(STILL_THERE, "The question whether to go on", transactional=False),
)

#: Every row by its step, in order.
MAIL_TYPES: Mapping[str, MailType] = {
    each.step: each
    for each in (*_CORE, *(row for feature in FEATURES.values() for row in feature.mail_types))
}

#: The mails that every magnet has, in the order in which a lead may get them.
SERVICE_MAILS = (OPT_IN, DELIVERY, YOUR_DATA, STILL_THERE)


def is_transactional(step: str) -> bool:
    """Whether the lead asked for the mail: it has no frequency limit and goes out before any sequence's."""
    row = MAIL_TYPES.get(step)
    return row is not None and row.transactional


def is_waited_for(step: str) -> bool:
    """Whether the lead waits for the mail now, so that it must not stand behind those that go to many.

    A lesson may open to thousands in one minute: their mails must not hold up those of a visitor at the form.
    """
    row = MAIL_TYPES.get(step)
    return row is not None and row.transactional and not row.in_bulk and row.window is at_any_time


def mail_types_of(keys: Iterable[str]) -> tuple[MailType, ...]:
    """The rows that a magnet with these features has, in the order in which their mails go out."""
    steps = service_mails_of(keys)
    return tuple(row for row in MAIL_TYPES.values() if row.step in steps)


def service_mails_of(keys: Iterable[str]) -> tuple[str, ...]:
    """The mails of a magnet with these features that are no steps of its sequence."""
    brought = (row.step for key in keys if key in FEATURES for row in FEATURES[key].mail_types)
    return (*SERVICE_MAILS, *brought)
