"""The leads in the data directory of a local stack. Only the `serve` that runs on the directory writes to it."""

import json
import urllib.error
import urllib.request
from pathlib import Path

from aws.queue import DripMessage
from leads.events import Event
from lodestone.data_directory.snapshot import read_snapshot
from lodestone.errors import CommandError
from lodestone.records.items import ItemRecords
from lodestone.records.posted_event import event_to_json

#: Seconds. A stack on this machine answers at once.
_TIMEOUT = 30


class LocalRecords(ItemRecords):
    """The leads in a data directory (`WritableRecords`), as they were when it was read.

    Raises CannotServe if the directory has no file of a local stack, or one that cannot be read.
    """

    def __init__(self, data: Path):
        self._data = data
        found = read_snapshot(data)
        self._address = found.address
        super().__init__(f"local stack in {data}", str(data), found.items, found.at)

    def append(self, lead_id: str, event: Event) -> bool:
        """Have the running stack store an event; False if one with its key is stored already.

        Raises CommandError if no stack runs on the directory.
        """
        body = json.dumps(event_to_json(event)).encode()
        request = urllib.request.Request(f"{self._address}/_local/leads/{lead_id}/events", body)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310  an address of our own
                stored = bool(json.load(answer)["stored"])
        except (OSError, ValueError) as error:
            remedy = f"start it, then try again: `python build.py serve --data {self._data}`"
            raise CommandError(
                f"`serve` does not run on {self._data}, and nobody else may write there", remedy
            ) from error
        self._refresh()
        return stored

    def erase(self, lead_id: str) -> None:
        """Do nothing: the stack deletes what came before an `erased` event by itself."""

    def enqueue(self, message: DripMessage) -> None:
        """Do nothing: the stack queues a message for each event that is appended."""

    def unsuppress(self, email: str) -> bool:
        """Return False: the local stack has no suppression list."""
        return False

    def _refresh(self) -> None:
        found = read_snapshot(self._data)
        self._at, self._address = found.at, found.address
        self._load(found.items)
