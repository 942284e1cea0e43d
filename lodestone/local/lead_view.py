"""Leads as the panel and `leads.json` show them: folded from their kept events, without a call a lead."""

from dataclasses import dataclass
from typing import Any

from aws.funnels import Funnels
from leads.events import Event
from leads.folding import fold
from leads.lead import Lead
from leads.lead_json import event_to_json, to_json
from leads.rules import DEFAULT
from lodestone.desk.next_steps import Next, next_steps
from lodestone.local.kept import histories_of
from lodestone.local.machine import Machine


@dataclass(frozen=True)
class LeadView:
    """A folded lead and the events it is the fold of, oldest first."""

    lead: Lead
    events: tuple[Event, ...]

    def to_json(self) -> dict[str, Any]:
        """As `/_local/leads.json` has it."""
        return to_json(self.lead) | {"events": [event_to_json(event) for event in self.events]}


def all_leads(machine: Machine) -> list[LeadView]:
    """Every lead, the one that did something last first."""
    items = list(machine.store.items(machine.environment["TABLE"]))
    views = [_view(id, events) for id, events in histories_of(items).items()]
    return sorted(views, key=lambda view: view.events[-1].at, reverse=True)


def find_lead(machine: Machine, id: str) -> LeadView | None:
    """One lead, or None."""
    return next((view for view in all_leads(machine) if view.lead.id == id), None)


def next_steps_of(machine: Machine, lead: Lead) -> list[Next]:
    """What comes next in each funnel the lead is in."""
    environment = machine.environment
    funnels = Funnels(machine.clients.dynamodb, environment["TABLE"], machine.clock.now, 0)
    known = {magnet: funnels.funnel(magnet) for magnet in lead.enrolments}
    return next_steps(lead, known, machine.clock.now())


def _view(id: str, events: list[Event]) -> LeadView:
    return LeadView(fold(id, events, DEFAULT), tuple(sorted(events, key=lambda event: (event.at, event.key))))
