"""What an erasure leaves of a lead: one event without an address, and what came of a new sign-up after it."""

from collections.abc import Iterable
from dataclasses import dataclass

from leads.events import Event, erased
from leads.folding import fold
from leads.lead import WAY_BACK, Lead
from leads.rules import DEFAULT


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to stay (`event` alone, and `later`), and what is to go, the oldest first."""

    event: Event
    gone: tuple[Event, ...]
    later: tuple[Event, ...]


def find_erasure(lead_id: str, events: Iterable[Event]) -> Erasure | None:
    """The last erasure among a lead's events; None where there is none.

    What follows it without a new submission are echoes of mails from before: a report, a click on an old link. They
    go too. A bounce or a complaint stays as a word in the event: that address must not be mailed all the same.
    """
    ordered = sorted(events, key=lambda each: each.at)
    last = next((each for each in reversed(ordered) if each.type == "erased"), None)
    if last is None:
        return None
    after = tuple(each for each in ordered if each.at > last.at)
    later = after if any(each.type == "submitted" for each in after) else ()
    old = ordered[: len(ordered) - len(later)]
    stays = _with_suppression(last, fold(lead_id, old, DEFAULT))
    return Erasure(stays, tuple(each for each in old if each.key != stays.key), later)


def _with_suppression(last: Event, lead: Lead) -> Event:
    reason = lead.suppression.reason if lead.suppression else ""
    return erased(last.at, last.data["by"], "" if reason in WAY_BACK else reason)
