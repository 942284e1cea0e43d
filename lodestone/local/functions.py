"""Lambda: the template's functions, run in this process.

Each function has *containers*, as on Lambda. A container is what `wire` returns: it serves one event at a time and is
used again, with what the function keeps between events (funnel definitions).
"""

import importlib
import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import ModuleType
from typing import Any

from lodestone.local.stack import Function

#: Makes what a function works with, from its environment, the clients and the clock.
Wire = Callable[[Mapping[str, str], Any, Callable[[], datetime]], Any]


class Functions:
    """The functions by name. `wire(environment, clients, now)` is `handlers.wiring.wire`."""

    def __init__(self, functions: Iterable[Function], wire: Wire, clients: Any, now: Callable[[], datetime]):
        self._functions = {function.name: function for function in functions}
        self._wire = wire
        self._clients = clients
        self._now = now
        self._lock = threading.Lock()
        self._modules: dict[str, ModuleType] = {}
        self._idle: dict[str, list[Any]] = {}
        self._generation = 0

    def invoke(self, name: str, event: dict[str, Any]) -> Any:
        """Run a function on an event. Raises whatever it raises."""
        function = self._functions[name]
        container, generation = self._take(function)
        answer = self._module(function).respond(event, container)
        # After an exception the container is not used again, as on Lambda after a crash; nor is it after `renew`.
        with self._lock:
            if generation == self._generation:
                self._idle.setdefault(name, []).append(container)
        return answer

    def renew(self) -> None:
        """Use no container again, as after a deployment."""
        with self._lock:
            self._generation += 1
            self._idle.clear()

    def _take(self, function: Function) -> tuple[Any, int]:
        with self._lock:
            idle = self._idle.get(function.name)
            if idle:
                return idle.pop(), self._generation
            generation = self._generation
        return self._wire(function.environment, self._clients, self._now), generation

    def _module(self, function: Function) -> ModuleType:
        if function.module not in self._modules:
            self._modules[function.module] = importlib.import_module(function.module)
        return self._modules[function.module]


def prepare_logging(functions: Iterable[Function], handler: logging.Handler) -> None:
    """Send what the functions log to `handler` instead of to standard output as JSON.

    Call it before the functions are imported, because Powertools reads its settings then.
    """
    for function in functions:
        for name, value in function.environment.items():
            if name.startswith("POWERTOOLS_"):
                os.environ.setdefault(name, value)
    logger = logging.getLogger(os.environ.get("POWERTOOLS_SERVICE_NAME", "service_undefined"))
    importlib.import_module("handlers.entry")
    logger.handlers[:] = [handler]
