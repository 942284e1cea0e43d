"""The leads of the running stack, as the panel and `leads.json` show them."""

from lodestone.local.machine import Machine
from lodestone.records.items import ItemRecords
from lodestone.records.stored_lead import StoredLead


def read_records(machine: Machine) -> ItemRecords:
    """Read every lead from the store at once, without a query for each."""
    items = machine.store.items(machine.environment["TABLE"])
    return ItemRecords("local stack", "the local stack", items, machine.clock.now())


def latest_first(records: ItemRecords) -> list[StoredLead]:
    """Return every lead, the one with the latest event first."""
    return sorted(records.leads(), key=lambda each: max(event.at for event in each.events), reverse=True)
