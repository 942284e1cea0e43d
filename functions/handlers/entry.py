"""Make a Lambda entry point of `respond(event, wiring)`: environment, clients, clock, logs and metrics."""

import os
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from handlers.origin import FORBIDDEN, came_through_edge
from handlers.wiring import Wiring, wire

Respond = Callable[..., Any]  # of the event and the wiring

LOGGER = Logger()

# An invocation without a metric is normal: no warning in the log.
warnings.filterwarnings("ignore", message="No application metrics to publish")


def on_lambda(respond: Respond, *ready: str, timed: bool = False) -> Callable[[dict[str, Any], Any], Any]:
    """The Lambda entry point of a handler. Its wiring is made once a container.

    `ready` names the adapters whose clients are made at INIT, which Lambda gives more CPU than a request.
    A `timed` handler is also told how many seconds are left, by a callable that it may ask again.
    """
    metrics = Metrics()

    @cache
    def wiring() -> Wiring:
        from aws.clients import Clients

        def count(name: str) -> None:
            metrics.add_metric(name=name, unit="Count", value=1)

        return wire(os.environ, Clients(), lambda: datetime.now(UTC), count)

    if "AWS_LAMBDA_RUNTIME_API" in os.environ:
        for adapter in ready:
            getattr(wiring(), adapter)
        wiring()

    @LOGGER.inject_lambda_context
    @metrics.log_metrics
    def handler(event: dict[str, Any], context: Any) -> Any:
        if not came_through_edge(event, wiring().settings.origin_secrets):
            return FORBIDDEN
        if timed:
            return respond(event, wiring(), lambda: context.get_remaining_time_in_millis() / 1000)
        return respond(event, wiring())

    return handler
