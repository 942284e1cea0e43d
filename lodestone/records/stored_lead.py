"""A lead with the events that it is folded from. No other module of `lodestone` folds events."""

from collections.abc import Iterable
from dataclasses import dataclass

from leads.events import Event
from leads.folding import fold, in_order
from leads.lead import Lead
from leads.rules import Rules


@dataclass(frozen=True)
class StoredLead:
    """A lead: their events, in any order, and the fold of them by `rules`."""

    lead: Lead
    events: tuple[Event, ...]
    rules: Rules

    @property
    def id(self) -> str:
        """The lead's id."""
        return self.lead.id

    def history(self) -> list[Event]:
        """Return the events in the order in which they happened, each once."""
        return in_order(self.events)

    def with_events(self, *more: Event) -> "StoredLead":
        """Return the lead as if more had happened."""
        return fold_lead(self.id, (*self.events, *more), self.rules)


def fold_lead(lead_id: str, events: Iterable[Event], rules: Rules) -> StoredLead:
    """Fold a lead's events by the rules of the place that stores them."""
    known = tuple(events)
    return StoredLead(fold(lead_id, known, rules), known, rules)
