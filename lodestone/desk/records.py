"""Where leads are kept, as their owner looks at them: in a deployed stack, or on this machine."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from leads.events import Event
from leads.folding import fold
from leads.funnel import Funnel
from leads.identity import InvalidAnswer, normalise_email, normalise_phone
from leads.lead import Lead
from leads.rules import DEFAULT

#: What `leads.identity.lead_id` makes.
_ID = re.compile(r"[a-z2-7]{26}")


@dataclass
class CommandError(Exception):
    """Something that the owner asked for and that cannot be done, with what to do instead."""

    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}\nhelp: {self.remedy}"


class Records(Protocol):
    """The leads of one stack. Whatever it asks of AWS raises AwsError where AWS does not answer."""

    where: str  # for people

    def now(self) -> datetime:
        """The stack's time."""

    def id_of(self, email: str = "", phone: str = "") -> str:
        """The id of the lead with that address or number, whether or not there is one."""

    def events(self, lead_id: str) -> list[Event]:
        """Every event of a lead, as it is stored now; none where there is no such lead."""

    def leads(self, seen: Callable[[], None] = lambda: None) -> Iterator[Lead]:
        """Every lead, one after the other. `seen` is called for each."""

    def funnel(self, slug: str) -> Funnel | None:
        """A published definition."""


def find_id(records: Records, who: str) -> str:
    """The id of the lead that an address, a number or an id names. Raises CommandError for what is none of them."""
    who = who.strip()
    if _ID.fullmatch(who):
        return who
    try:
        if who.startswith("+"):
            return records.id_of(phone=normalise_phone(who, ""))
        return records.id_of(email=normalise_email(who))
    except InvalidAnswer as error:
        remedy = (
            "name an e-mail address, a phone number with its country code, or a lead's id of 26 characters"
        )
        raise CommandError(f"`{who}` names no lead", remedy) from error


def find_lead(records: Records, who: str) -> tuple[Lead, list[Event]]:
    """A lead and their events. Raises CommandError where there is none."""
    lead_id = find_id(records, who)
    history = records.events(lead_id)
    if not history:
        remedy = "look for a slip in the address; another stack or region would have leads of its own"
        raise CommandError(f"there is no lead `{who}` in {records.where}", remedy)
    return fold(lead_id, history, DEFAULT), history


def funnels_of(records: Records, lead: Lead) -> dict[str, Funnel | None]:
    """The published definitions of every magnet that a lead asked for."""
    return {slug: records.funnel(slug) for slug in lead.enrolments}
