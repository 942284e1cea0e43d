"""What a handler works with: the settings, the clock and the AWS adapters, each made on first use.

Lambda and the local stack call the same `respond(event, wiring)` of a handler; only what stands behind
`clients` and `now` differs.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from aws.assets import Assets
from aws.funnels import Funnels
from aws.ledger import Ledger
from aws.post import Post
from aws.queue import DripQueue
from aws.schedules import Schedules
from handlers.settings import Settings
from leads.tokens import Signer


class Wiring:
    """One function's surroundings. An adapter that a function never touches makes no client."""

    def __init__(
        self, settings: Settings, clients: Any, now: Callable[[], datetime], count: Callable[[str], None]
    ):
        self.settings = settings
        self.now = now
        self.count = count
        self._clients = clients

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self._clients.dynamodb, self.settings.table)

    @cached_property
    def funnels(self) -> Funnels:
        return Funnels(
            self._clients.dynamodb, self.settings.table, self.now, self.settings.funnel_cache_seconds
        )

    @cached_property
    def signer(self) -> Signer:
        return Signer(self.settings.signing_keys)

    @cached_property
    def queue(self) -> DripQueue:
        return DripQueue(self._clients.sqs, self.settings.drip_queue_url)

    @cached_property
    def schedules(self) -> Schedules:
        settings = self.settings
        return Schedules(
            self._clients.scheduler,
            settings.schedule_group,
            settings.schedule_role_arn,
            settings.drip_queue_arn,
        )

    @cached_property
    def post(self) -> Post:
        return Post(self._clients.sesv2, self.settings.mail_set)

    @cached_property
    def assets(self) -> Assets:
        return Assets(self._clients.s3, self.settings.assets_bucket)


def wire(
    environment: Mapping[str, str],
    clients: Any,
    now: Callable[[], datetime],
    count: Callable[[str], None] = lambda name: None,
) -> Wiring:
    """Wire a function from its environment. `clients` has boto3 clients as attributes named for their service.

    `count` adds one to the metric of that name.
    """
    return Wiring(Settings.read(environment), clients, now, count)
