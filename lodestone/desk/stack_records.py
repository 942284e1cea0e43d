"""The leads of a deployed stack, through a boto3 session: read from its table, written as its functions would."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from aws.funnels import Funnels
from aws.ledger import Ledger
from aws.pacer import read_book
from aws.queue import DripMessage, MailQueues
from leads.events import Event
from leads.folding import fold
from leads.funnel import Funnel
from leads.identity import lead_id
from leads.lead import Lead
from leads.pace import DRIP, FIRST, booked, limits_of
from leads.rules import DEFAULT
from lodestone.publish.aws_errors import AwsError, told_plainly
from lodestone.publish.clients import Clients
from lodestone.publish.stack import StackOutputs

#: Definitions are read once a command: an hour is longer than any of them takes.
_ONE_COMMAND = 3600


class StackRecords:
    """One stack's leads (`lodestone.desk.records.Records`), and what the owner may do to them.

    Each method raises AwsError where AWS does not answer as asked.
    """

    def __init__(self, stack: StackOutputs, session: Any, now: Callable[[], datetime]):
        self.where = f"the stack {stack.name} ({stack.region})"
        self.now = now
        self._stack = stack
        self._session = session
        self._dynamodb = Clients(session).dynamodb
        self._ledger = Ledger(self._dynamodb, stack.table)
        self._funnels = Funnels(self._dynamodb, stack.table, now, _ONE_COMMAND)

    def id_of(self, email: str = "", phone: str = "") -> str:
        return lead_id(self._identity_key, email=email, phone=phone)

    def events(self, lead_id: str) -> list[Event]:
        with told_plainly("dynamodb"):
            return self._ledger.events(lead_id)

    def leads(self, seen: Callable[[], None] = lambda: None) -> Iterator[Lead]:
        """By a scan of the table, which may be a moment old."""
        with told_plainly("dynamodb"):
            for each in self._ledger.partitions():
                yield fold(each.lead_id, each.events, DEFAULT)
                seen()

    def funnel(self, slug: str) -> Funnel | None:
        with told_plainly("dynamodb"):
            return self._funnels.funnel(slug)

    def schedules(self, lead_id: str = "") -> frozenset[str]:
        """The names of the schedules there are: of one lead, or of all."""
        client = self._session.client("scheduler")
        prefix = {"NamePrefix": f"{lead_id}."} if lead_id else {}
        with told_plainly("scheduler"):
            pages = client.get_paginator("list_schedules").paginate(GroupName=self._schedule_group, **prefix)
            return frozenset(each["Name"] for page in pages for each in page["Schedules"])

    def booked(self) -> timedelta:
        """How far ahead the slots of sequences are given out: so old may a mail be that still waits for its slot."""
        with told_plainly("dynamodb"):
            book = read_book(self._dynamodb, self._stack.table)
            return booked(book.pace, DRIP, self.now(), limits_of(book.allowance))

    def append(self, lead_id: str, event: Event) -> bool:
        """Store an event and the fold with it. False where another of that key was there already."""
        with told_plainly("dynamodb"):
            stored = self._ledger.append(lead_id, event)
            self._ledger.store_profile(fold(lead_id, self._ledger.events(lead_id), DEFAULT))
        return stored

    def erase(self, lead_id: str) -> None:
        """Delete what came before the lead's `erased` event."""
        with told_plainly("dynamodb"):
            left = self._ledger.erase(lead_id, self._ledger.events(lead_id))
            self._ledger.store_profile(fold(lead_id, left, DEFAULT))

    def nudge(self, message: DripMessage) -> None:
        """Have the worker look at a lead. It decides anew, so a message too many does no harm."""
        with told_plainly("sqs"):
            self._queues.put(message)

    def unlist(self, email: str) -> bool:
        """Take an address off the account's suppression list in SES; False where it was not on it."""
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
        return json.loads(answer["SecretString"])["key"]

    @cached_property
    def _schedule_group(self) -> str:
        return self._physical_id("ScheduleGroup")

    def _physical_id(self, resource: str) -> str:
        with told_plainly("cloudformation"):
            answer = self._session.client("cloudformation").describe_stack_resource(
                StackName=self._stack.name, LogicalResourceId=resource
            )
        return answer["StackResourceDetail"]["PhysicalResourceId"]
