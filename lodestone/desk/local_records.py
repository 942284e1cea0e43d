"""The leads of the stack on this machine, read from its data directory, also while `serve` runs."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from leads.events import Event
from leads.funnel import Funnel
from leads.lead import Lead, fold
from lodestone.local.kept import read_kept


class LocalRecords:
    """What a data directory held when this was made (`lodestone.desk.records.Records`). Raises CannotServe."""

    def __init__(self, data: Path):
        self._kept = read_kept(data)
        self.where = str(data)

    def now(self) -> datetime:
        return self._kept.now

    def id_of(self, email: str = "", phone: str = "") -> str:
        """By looking at them all; "" where there is none. They are few, and the key stays where it is."""
        found = (lead.id for lead in self.leads() if _is_theirs(lead, email, phone))
        return next(found, "")

    def events(self, lead_id: str) -> list[Event]:
        return self._kept.histories.get(lead_id, [])

    def leads(self, seen: Callable[[], None] = lambda: None) -> Iterator[Lead]:
        for lead_id, history in self._kept.histories.items():
            yield fold(lead_id, history)
            seen()

    def funnel(self, slug: str) -> Funnel | None:
        return self._kept.funnels.get(slug)


def _is_theirs(lead: Lead, email: str, phone: str) -> bool:
    return lead.email.lower() == email.lower() if email else lead.phone == phone
