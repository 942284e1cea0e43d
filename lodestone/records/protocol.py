"""The protocol by which every command reads leads, wherever they are stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aws.queue import DripMessage
from leads.events import Event
from leads.funnel import Funnel
from leads.lead import Lead
from leads.private import Private
from leads.rules import Rules
from lodestone.records.stored_lead import StoredLead


class LeadRecords(Protocol):
    """The leads of one stack, deployed or local.

    Each method raises AwsError if it asks AWS and AWS refuses.
    """

    #: The place as a heading (`stack press (eu-west-1)`), and in words that follow "in".
    name: str
    where: str

    @property
    def rules(self) -> Rules:
        """The rules that leads are folded by."""

    def now(self) -> datetime:
        """Return the stack's time."""

    def id_of(self, email: str = "", phone: str = "") -> str:
        """Return the id of the lead with this address or number; it need not exist."""

    def lead(self, lead_id: str) -> StoredLead | None:
        """Read one lead as stored now; None if there is none with this id."""

    def private(self, lead_id: str) -> Sequence[Private]:
        """Read what is kept apart of a lead and has not expired."""

    def leads(self, magnets: Collection[str] | None = None) -> Iterator[StoredLead]:
        """Read every lead, or every lead who ever asked for one of these magnets."""

    def funnel(self, slug: str) -> Funnel | None:
        """Read a published definition; None if the magnet is not published."""

    def funnels(self) -> Mapping[str, Funnel]:
        """Read every published definition, by slug."""


class WritableRecords(LeadRecords, Protocol):
    """Records to which the owner can append."""

    def append(self, lead_id: str, event: Event) -> bool:
        """Store an event; False if one with its key is stored already."""

    def erase(self, lead_id: str) -> None:
        """Delete the events before the lead's `erased` event."""

    def enqueue(self, message: DripMessage) -> None:
        """Queue a message for the drip's worker. The worker decides anew, so one message too many does no harm."""

    def unsuppress(self, email: str) -> bool:
        """Remove an address from the account's suppression list in SES; False if it was not on it."""


def funnels_of(records: LeadRecords, lead: Lead) -> dict[str, Funnel | None]:
    """Read the published definition of every magnet that a lead asked for."""
    return {slug: records.funnel(slug) for slug in lead.enrolments}
