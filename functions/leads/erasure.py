"""What stays of a lead after an erasure: one event without an address, and the events of a new sign-up."""

from collections.abc import Iterable
from dataclasses import dataclass

from leads.events import Event, erased
from leads.folding import fold
from leads.lead import WAY_BACK, Lead
from leads.rules import DEFAULT


@dataclass(frozen=True, slots=True)
class Erasure:
    """The events that stay (`event` and `later`), and those to delete (`gone`), the oldest first."""

    event: Event
    gone: tuple[Event, ...]
    later: tuple[Event, ...]


def find_erasure(lead_id: str, events: Iterable[Event]) -> Erasure | None:
    """The last erasure among a lead's events; None if there is none.

    Events after it, without a new submission, concern older mails (a report, a click on an old link): they
    are deleted, too. The event keeps a bounce or a complaint as `suppression`, as the address must still not
    be mailed.
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
