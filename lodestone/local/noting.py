"""What the owner adds to a lead while the stack runs: `build.py leads … --data DIR` posts it here.

The table is in this process's memory, so nobody else can write to it.
"""

from collections.abc import Mapping
from typing import Any

from aws.ledger import Ledger
from aws.queue import DripMessage, MailQueues
from leads.events import Event
from leads.instants import iso, parse_iso
from leads.pace import DRIP, FIRST
from lodestone.local.machine import Machine


class NotNoted(Exception):
    """What was posted cannot be noted; the message says why."""


def event_to_json(event: Event) -> dict[str, Any]:
    """The event as it is posted."""
    known = {"type": event.type, "at": iso(event.at), "key": event.key, "magnet": event.magnet}
    return known | {"data": dict(event.data)}


def note(machine: Machine, lead_id: str, told: Any) -> bool:
    """Append the event to the lead; False where another of that key is there. Raises NotNoted.

    One that settles a mail wakes no function on its own, so the worker is sent to look.
    """
    event = _event(told)
    ledger = Ledger(machine.clients.dynamodb, machine.environment["TABLE"])
    if not ledger.events(lead_id):
        raise NotNoted("there is no such lead")
    stored = ledger.append(lead_id, event)
    if "step" in event.data:
        _queues(machine).put(DripMessage(lead_id, event.magnet, event.data["step"]))
    return stored


def _event(told: Any) -> Event:
    try:
        data: Mapping[str, Any] = dict(told["data"])
        return Event(str(told["type"]), parse_iso(told["at"]), str(told["key"]), str(told["magnet"]), data)
    except (KeyError, TypeError, ValueError) as error:
        raise NotNoted("an event has type, at, key, magnet and data") from error


def _queues(machine: Machine) -> MailQueues:
    environment = machine.environment
    urls = {FIRST: environment["FIRST_QUEUE_URL"], DRIP: environment["DRIP_QUEUE_URL"]}
    return MailQueues(machine.clients.sqs, urls)
