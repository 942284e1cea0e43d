"""Append an event of the owner's to a lead of the running stack: `build.py leads … --data DIR` posts it.

The table is in the memory of this process, so no other process can write to it.
"""

from typing import Any

from aws.ledger import Ledger
from aws.queue import DripMessage, MailQueues
from leads.pace import DRIP, FIRST
from lodestone.local.machine import Machine
from lodestone.records.posted_event import event_from_json


class CannotAppend(ValueError):
    """The event that was posted cannot be appended; the message says why."""


def append_event(machine: Machine, lead_id: str, posted: Any) -> bool:
    """Append the event to the lead; False if one with its key is stored already.

    An event that settles a mail wakes no function, so this queues a message for the worker. Raises ValueError if
    `posted` is no event, or there is no such lead.
    """
    event = event_from_json(posted)
    ledger = Ledger(machine.clients.dynamodb, machine.environment["TABLE"])
    if not ledger.events(lead_id):
        raise CannotAppend("there is no such lead")
    stored = ledger.append(lead_id, event)
    if "step" in event.data:
        _queues(machine).put(DripMessage(lead_id, event.magnet, event.data["step"]))
    return stored


def _queues(machine: Machine) -> MailQueues:
    environment = machine.environment
    urls = {FIRST: environment["FIRST_QUEUE_URL"], DRIP: environment["DRIP_QUEUE_URL"]}
    return MailQueues(machine.clients.sqs, urls)
