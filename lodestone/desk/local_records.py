"""The leads of the stack on this machine: read from its data directory, written by the `serve` that runs on it."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from aws.queue import DripMessage
from leads.events import Event
from leads.folding import fold
from leads.funnel import Funnel
from leads.lead import Lead
from leads.rules import DEFAULT
from lodestone.desk.records import CommandError
from lodestone.local.kept import read_kept
from lodestone.local.noting import event_to_json

#: Seconds. A stack on this machine answers at once.
_PATIENCE = 30


class LocalRecords:
    """What a data directory holds (`lodestone.desk.records.Records`). Raises CannotServe where there is none."""

    def __init__(self, data: Path):
        self._data = data
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
            yield fold(lead_id, history, DEFAULT)
            seen()

    def funnel(self, slug: str) -> Funnel | None:
        return self._kept.funnels.get(slug)

    def append(self, lead_id: str, event: Event) -> bool:
        """Have the running stack store an event. Raises CommandError where it does not run."""
        body = json.dumps(event_to_json(event)).encode()
        request = urllib.request.Request(f"{self._kept.address}/_local/leads/{lead_id}/events", body)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310  an address of our own
                stored = json.load(answer)["stored"]
        except (OSError, ValueError) as error:
            remedy = f"start it, then try again: `python build.py serve --data {self._data}`"
            raise CommandError(
                f"`serve` does not run on {self._data}, and nobody else may write there", remedy
            ) from error
        self._kept = read_kept(self._data)
        return stored

    def erase(self, lead_id: str) -> None:
        """Nothing more: the stack deletes what came before an `erased` event by itself."""

    def nudge(self, message: DripMessage) -> None:
        """Nothing more: the stack has the worker look at whatever is appended."""

    def unlist(self, email: str) -> bool:
        """No mailbox provider is asked on this machine, and none keeps a list."""
        return False


def _is_theirs(lead: Lead, email: str, phone: str) -> bool:
    return lead.email.lower() == email.lower() if email else lead.phone == phone
