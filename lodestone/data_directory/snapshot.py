"""Read a data directory without running the stack that wrote it, also while that stack runs."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lodestone.data_directory.clock import Clock
from lodestone.data_directory.store import ADDRESS, FILE, open_store
from lodestone.errors import CannotServe


@dataclass(frozen=True)
class Snapshot:
    """The table items of a local stack at one time. `address` is where the stack answers while it runs."""

    items: tuple[dict[str, Any], ...]
    at: datetime  # by the stack's clock
    address: str


def read_snapshot(data: Path) -> Snapshot:
    """Read a data directory. Raises CannotServe if it has no file, or one that cannot be read."""
    if not (data / FILE).is_file():
        raise CannotServe(
            f"there is no local stack in {data}.\n`python build.py serve` makes one; --data names another directory."
        )
    store = open_store(data)
    try:
        return Snapshot(tuple(store.all_items()), Clock(store).now(), store.setting(ADDRESS) or "")
    finally:
        store.close()
