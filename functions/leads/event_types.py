"""What an event type means: one row holds everything that the code knows about it.

The rows themselves are in `leads.event_table`; features bring theirs (`leads.features`). The fold, `react`, the
stream's filter in template.yaml, conditions, scores, the lead's data page and the owner's notices read them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from leads.conditions import HERE
from leads.enrolment import Enrolment
from leads.events import Event
from leads.lead import Lead
from leads.rules import Rules

#: How an event changes the lead.
Change = Callable[[Lead, Event, Rules], Lead]

#: The magnets whose next mail an event may change. After a type with NO_MAGNET only the daily repair looks.
NO_MAGNET, ITS_MAGNET, EVERY_MAGNET = "no magnet", "its magnet", "every magnet"

#: Where the lead's data page shows an event: in the receipts of consent, or in the list of mails, of what the
#: lead did, or of what the system noted.
RECEIPTS, MAILS, DONE, NOTED = "receipts", "mails", "done", "noted"


def unchanged(lead: Lead, event: Event, rules: Rules) -> Lead:
    """The lead as it is. The fold still counts the event."""
    return lead


@dataclass(frozen=True, slots=True)
class Notice:
    """What the owner is told of an event, in plain text: one line, and the paragraphs below it."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class EventType:
    """One row.

    `words` describe an event to people. `order` ranks events of one instant: cause before effect.
    `is_activity`: conditions may ask whether the lead did it (`noun` is its word after `no`; `scope` says of
    which magnets, see `leads.conditions.SCOPES`). `is_sign_of_life`: a person acted, which ends a silence.
    `points` count for the score unless the owner set others; `points_again` count beside them where the lead did the
    same for that magnet on an earlier day (UTC), which says more than doing it once; the owner sets them under
    `again_name`. `streams`: the table's stream delivers it to
    `react`; events that the worker writes do not, as the worker stores the profile itself. `notice` makes the
    owner's notice, None for none. `former_names` are the names under which older events are stored.
    """

    name: str
    words: Callable[[Event], str]
    change: Change = unchanged
    told_in: str = DONE
    order: int = 9
    is_activity: bool = False
    is_sign_of_life: bool = False
    wakes: str = NO_MAGNET
    points: int = 0
    points_again: int = 0
    noun: str = ""
    scope: str = HERE
    streams: bool = True
    notice: Callable[[Event, Lead], Notice | None] | None = None
    former_names: tuple[str, ...] = ()

    @property
    def again_name(self) -> str:
        """Its name among the owner's points for doing it again, `downloaded_again`."""
        return f"{self.name}_again"


def says(text: str) -> Callable[[Event], str]:
    """Words that are the same for every event of a type."""
    return lambda event: text


def change_state(key: str, initial: Any, change: Callable[[Any, Event], Any]) -> Change:
    """Make the change of a feature's event: `change(state, event)` gives the feature's new state in that enrolment.

    `initial` is the state before the first event. An event of a magnet that the lead never asked for changes nothing.
    """

    def apply(lead: Lead, event: Event, rules: Rules) -> Lead:
        enrolment = lead.enrolments.get(event.magnet)
        if enrolment is None:
            return lead
        state = change(enrolment.features.get(key, initial), event)
        return lead.with_enrolment(enrolment.with_feature(key, state))

    return apply


def state_of(enrolment: Enrolment, key: str, initial: Any) -> Any:
    """A feature's state in an enrolment, `initial` before its first event."""
    return enrolment.features.get(key, initial)
