"""EventBridge: events go to the queues of the rules that they match."""

import json
from collections.abc import Iterable
from typing import Any

from lodestone.local.messages import Messages
from lodestone.local.patterns import matches
from lodestone.local.stack import Rule


class Bus:
    """The default event bus with the template's rules."""

    def __init__(self, rules: Iterable[Rule], messages: Messages):
        self._rules = tuple(rules)
        self._messages = messages

    def publish(self, event: dict[str, Any]) -> None:
        """Send the event to the queues of every rule that it matches; drop it if it matches none, as on AWS."""
        for rule in self._rules:
            if matches(rule.pattern, event):
                for target in rule.targets:
                    self._messages.send(target.rpartition(":")[2], json.dumps(event))
