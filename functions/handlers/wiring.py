"""What a handler works with: the settings, the clock and the AWS adapters, each made on first use.

Lambda and the local stack call the same `respond(event, wiring)` of a handler; they differ in `clients` and
`now` alone.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aws.account import Account, SesAccount
from aws.funnels import Funnels
from aws.ledger import Ledger
from aws.mailer import Mailer
from aws.pacer import Pacer, SendingLimits
from aws.queue import MailQueues
from aws.reconcile_cursor import ReconcileCursor
from aws.schedules import Schedules
from handlers.settings import Settings
from leads.events import Event
from leads.funnel import Funnel
from leads.lead import Lead
from leads.pace import DRIP, FIRST
from leads.tokens import Signer

if TYPE_CHECKING:
    from aws.assets import Assets
    from aws.stock import Stock


class Wiring:
    """One function's dependencies. An adapter that a function never uses makes no client."""

    def __init__(
        self,
        settings: Settings,
        clients: Any,
        now: Callable[[], datetime],
        count: Callable[[str], None],
        nonce: Callable[[], str],
        sleep: Callable[[float], None],
    ):
        self.settings = settings
        self.count = count
        self.nonce = nonce
        self.sleep = sleep
        self._clients = clients
        self._now = now

    def now(self) -> datetime:
        """The current instant in whole milliseconds, so that an event that is read back has the same."""
        at = self._now()
        return at.replace(microsecond=at.microsecond // 1000 * 1000)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self._clients.dynamodb, self.settings.table)

    @cached_property
    def funnels(self) -> Funnels:
        return Funnels(
            self._clients.dynamodb, self.settings.table, self.now, self.settings.funnel_cache_seconds
        )

    @cached_property
    def stock(self) -> "Stock":
        from aws.stock import (
            Stock,  # here, as with the assets: capture seldom needs them, and they load the features
        )

        return Stock(self._clients.dynamodb, self.settings.table)

    def funnels_of(self, lead: Lead, magnet: str) -> dict[str, Funnel | None]:
        """The definitions that decide a lead's next mail: the magnet's, and those of running sequences."""
        running = {
            slug
            for slug, each in lead.enrolments.items()
            if each.status == "confirmed" and not each.finished_at
        }
        return {slug: self.funnels.funnel(slug) for slug in sorted({magnet, *running})}

    def fold(self, lead_id: str, history: Iterable[Event]) -> Lead:
        """The lead that these events make, by the rules that the owner published."""
        from leads.folding import fold  # here, so that capture, which folds nobody, does not load the tables

        return fold(lead_id, history, self.funnels.rules())

    def read_lead(self, lead_id: str) -> Lead:
        """The lead as it is stored now."""
        return self.fold(lead_id, self.ledger.events(lead_id))

    @cached_property
    def reconcile_cursor(self) -> ReconcileCursor:
        return ReconcileCursor(self._clients.dynamodb, self.settings.table)

    @cached_property
    def signer(self) -> Signer:
        return Signer(self.settings.signing_keys)

    @cached_property
    def queue(self) -> MailQueues:
        urls = {FIRST: self.settings.first_queue_url, DRIP: self.settings.drip_queue_url}
        return MailQueues(self._clients.sqs, urls)

    @cached_property
    def schedules(self) -> Schedules:
        settings = self.settings
        return Schedules(
            self._clients.scheduler,
            settings.schedule_group,
            settings.schedule_role_arn,
            {FIRST: settings.first_queue_arn, DRIP: settings.drip_queue_arn},
        )

    @cached_property
    def mailer(self) -> Mailer:
        return Mailer(self._clients.sesv2, self.settings.mail_set)

    @cached_property
    def pacer(self) -> Pacer:
        settings = self.settings
        limits = SendingLimits(settings.send_rate, settings.warm_up_since)
        return Pacer(
            self._clients.dynamodb,
            settings.table,
            self._read_account,
            limits,
            self.now,
            self.sleep,
            self._random_fraction,
        )

    @cached_property
    def account(self) -> SesAccount:
        return SesAccount(self._clients.sesv2)

    def _read_account(self) -> Account | None:
        account = self.account.read()
        if account is None:
            self.count("LimitsUnknown")
        return account

    def _random_fraction(self) -> float:
        digits = self.nonce()
        return int(digits, 16) / 16 ** len(digits)

    @cached_property
    def assets(self) -> "Assets":
        from aws.assets import Assets

        return Assets(self._clients.s3, self.settings.assets_bucket)


def _random_hex() -> str:
    return secrets.token_hex(8)


def wire(
    environment: Mapping[str, str],
    clients: Any,
    now: Callable[[], datetime],
    count: Callable[[str], None] = lambda name: None,
    nonce: Callable[[], str] = _random_hex,
    sleep: Callable[[float], None] = time.sleep,
) -> Wiring:
    """Wire a function from its environment. `clients` has boto3 clients as attributes named for their service.

    `count` adds one to the metric of that name; `nonce` returns new hexadecimal digits each time; `sleep`
    waits for so many seconds.
    """
    return Wiring(Settings.read(environment), clients, now, count, nonce, sleep)
