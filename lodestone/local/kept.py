"""What a data directory holds, read without running the stack that wrote it, also beside one that runs."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aws.funnels import FUNNEL
from aws.ledger import EVENT, LEAD, event_of
from leads.events import Event
from leads.funnel import Funnel, funnel_from_json
from lodestone.local.clock import Clock
from lodestone.local.problem import CannotServe
from lodestone.local.store import ADDRESS, Store, open_store


@dataclass(frozen=True)
class Kept:
    """The leads and the definitions of a local stack. `now` is its clock's time."""

    data: Path
    now: datetime
    histories: dict[str, list[Event]]
    funnels: dict[str, Funnel]
    address: str = ""  # where the stack answers while it runs


@contextmanager
def _opened(data: Path) -> Iterator[Store]:
    if not (data / "lodestone.sqlite").is_file():
        raise CannotServe(
            f"there is no local stack in {data}.\n`python build.py serve` makes one; --data names another directory."
        )
    store = open_store(data)
    try:
        yield store
    finally:
        store.close()


def read_kept(data: Path) -> Kept:
    """Read it all. Raises CannotServe where there is no local stack, or none that this version reads."""
    with _opened(data) as store:
        items = list(store.all_items())
        address = store.setting(ADDRESS) or ""
        return Kept(data, Clock(store).now(), histories_of(items), _funnels(items), address)


def histories_of(items: list[dict[str, Any]]) -> dict[str, list[Event]]:
    """The events of each lead, by id, from the items of their table."""
    found: dict[str, list[Event]] = defaultdict(list)
    for item in items:
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        if pk.startswith(LEAD) and sk.startswith(EVENT):
            found[pk.removeprefix(LEAD)].append(event_of(item))
    return found


def _funnels(items: list[dict[str, Any]]) -> dict[str, Funnel]:
    bodies = (item["body"]["S"] for item in items if item["sk"]["S"] == FUNNEL)
    return {funnel.slug: funnel for funnel in (funnel_from_json(json.loads(body)) for body in bodies)}
