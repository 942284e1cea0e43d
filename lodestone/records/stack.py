"""The leads of a deployed stack, through a boto3 session: read from its table, written as its functions write."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from aws.funnels import Funnels
from aws.ledger import Ledger
from aws.pacer import read_book
from aws.queue import DripMessage, MailQueues
from leads import identity
from leads.events import Event
from leads.funnel import Funnel
from leads.pace import DRIP, FIRST, booked, limits_of
from leads.private import Private
from leads.rules import Rules
from lodestone.records.scan import scan_events
from lodestone.records.stored_lead import StoredLead, fold_lead
from lodestone.stack.clients import Clients
from lodestone.stack.definitions import funnels_of, read_items, read_rules
from lodestone.stack.errors import AwsError, told_plainly
from lodestone.stack.outputs import StackOutputs

#: Seconds for which a definition is kept: no command takes longer.
_ONE_COMMAND = 3600


class StackRecords:
    """The leads of one deployed stack (`WritableRecords`). Each method raises AwsError if AWS refuses a call."""

    def __init__(self, stack: StackOutputs, session: Any, now: Callable[[], datetime]):
        self.name = f"stack {stack.name} ({stack.region})"
        self.where = f"the {self.name}"
        self.now = now
        self._stack = stack
        self._session = session
        self._dynamodb = Clients(session).dynamodb
        self._ledger = Ledger(self._dynamodb, stack.table)
        self._funnels = Funnels(self._dynamodb, stack.table, now, _ONE_COMMAND)

    @cached_property
    def rules(self) -> Rules:
        """The rules that the owner published, read once."""
        return read_rules(self._dynamodb, self._stack.table)

    def id_of(self, email: str = "", phone: str = "") -> str:
        return identity.lead_id(self._identity_key, email=email, phone=phone)

    def lead(self, lead_id: str) -> StoredLead | None:
        with told_plainly("dynamodb"):
            events = self._ledger.events(lead_id)
        return fold_lead(lead_id, events, self.rules) if events else None

    def private(self, lead_id: str) -> Sequence[Private]:
        with told_plainly("dynamodb"):
            return self._ledger.private(lead_id, self.now())

    def leads(self, magnets: Collection[str] | None = None) -> Iterator[StoredLead]:
        """Read leads by a scan of the table, which may be a moment old."""
        for lead_id, events in scan_events(self._dynamodb, self._stack.table, magnets):
            yield fold_lead(lead_id, events, self.rules)

    def funnel(self, slug: str) -> Funnel | None:
        with told_plainly("dynamodb"):
            return self._funnels.funnel(slug)

    def funnels(self) -> Mapping[str, Funnel]:
        return funnels_of(read_items(self._dynamodb, self._stack.table))

    def schedules(self, lead_id: str = "") -> frozenset[str]:
        """Return the names of the schedules of one lead, or of all leads."""
        client = self._session.client("scheduler")
        prefix = {"NamePrefix": f"{lead_id}."} if lead_id else {}
        with told_plainly("scheduler"):
            pages = client.get_paginator("list_schedules").paginate(GroupName=self._schedule_group, **prefix)
            return frozenset(each["Name"] for page in pages for each in page["Schedules"])

    def booked(self) -> timedelta:
        """Return how far ahead the slots of sequences are booked: a mail that is late by less may wait for its slot."""
        with told_plainly("dynamodb"):
            book = read_book(self._dynamodb, self._stack.table)
            return booked(book.pace, DRIP, self.now(), limits_of(book.allowance))

    def append(self, lead_id: str, event: Event) -> bool:
        """Store an event, then the lead's profile; False if an event with its key is stored already."""
        with told_plainly("dynamodb"):
            stored = self._ledger.append(lead_id, event)
            self._ledger.store_profile(fold_lead(lead_id, self._ledger.events(lead_id), self.rules).lead)
        return stored

    def erase(self, lead_id: str) -> None:
        with told_plainly("dynamodb"):
            left = self._ledger.erase(lead_id, self._ledger.events(lead_id))
            self._ledger.store_profile(fold_lead(lead_id, left, self.rules).lead)

    def enqueue(self, message: DripMessage) -> None:
        with told_plainly("sqs"):
            self._queues.put(message)

    def unsuppress(self, email: str) -> bool:
        try:
            with told_plainly("ses"):
                self._session.client("sesv2").delete_suppressed_destination(EmailAddress=email)
        except AwsError as refused:
            if refused.code != "NotFoundException":
                raise
            return False
        return True

    @cached_property
    def _queues(self) -> MailQueues:
        urls = {FIRST: self._stack.first_queue_url, DRIP: self._stack.drip_queue_url}
        return MailQueues(self._session.client("sqs"), urls)

    @cached_property
    def _identity_key(self) -> str:
        secret = self._physical_id("IdentityKey")
        try:
            with told_plainly("secretsmanager"):
                answer = self._session.client("secretsmanager").get_secret_value(SecretId=secret)
        except AwsError as refused:
            refused.remedy += ", or name the lead by their id instead of the address"
            raise
        return str(json.loads(answer["SecretString"])["key"])

    @cached_property
    def _schedule_group(self) -> str:
        return self._physical_id("ScheduleGroup")

    def _physical_id(self, resource: str) -> str:
        with told_plainly("cloudformation"):
            answer = self._session.client("cloudformation").describe_stack_resource(
                StackName=self._stack.name, LogicalResourceId=resource
            )
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])
