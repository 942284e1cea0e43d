"""EventBridge Scheduler: one-time schedules that send a message to a queue."""

import re
from collections.abc import Iterable
from typing import Any

from lodestone.local.schedules import Schedules, parse_at
from lodestone.local.stack import Queue
from lodestone.local.stand_ins.clients import ServiceError, answered_client, one_of
from lodestone.local.template import ACCOUNT, REGION

_NAME = re.compile(r"[0-9a-zA-Z_.-]{1,64}")


class SchedulerStandIn:
    """The operations, as Scheduler answers them. A schedule whose time has passed fires at once, as on AWS."""

    def __init__(self, groups: Iterable[str], queues: Iterable[Queue], schedules: Schedules):
        self._groups = {"default", *groups}
        self._targets = {queue.arn for queue in queues}
        self._schedules = schedules

    def client(self) -> Any:
        """Return a boto3 client of these schedules."""
        answers = {"CreateSchedule": self.create, "GetSchedule": self.get, "DeleteSchedule": self.delete}
        return answered_client("scheduler", one_of(answers))

    def create(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answer CreateSchedule; ConflictException if the group has one of this name."""
        group, name = self._group(call), call["Name"]
        if not _NAME.fullmatch(name):
            raise ServiceError(
                "ValidationException", f"`{name}` is no name for a schedule: 1 to 64 of 0-9 a-z A-Z - _ ."
            )
        if call["Target"]["Arn"] not in self._targets:
            raise ServiceError("ValidationException", f"no queue has the ARN {call['Target']['Arn']}")
        try:
            due = parse_at(call["ScheduleExpression"], call.get("ScheduleExpressionTimezone", "UTC"))
        except ValueError as error:
            raise ServiceError("ValidationException", f"Invalid Schedule Expression: {error}") from error
        if not self._schedules.add(group, name, due, call):
            raise ServiceError("ConflictException", f"Schedule {name} already exists.", 409)
        return {"ScheduleArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}"}

    def get(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answer GetSchedule: the schedule as it was created."""
        found = self._schedules.find(self._group(call), call["Name"])
        if found is None:
            raise ServiceError("ResourceNotFoundException", f"Schedule {call['Name']} does not exist.", 404)
        return dict(found.definition)

    def delete(self, call: dict[str, Any]) -> dict[str, Any]:
        """Answer DeleteSchedule."""
        found = self._schedules.find(self._group(call), call["Name"])
        if found is None:
            raise ServiceError("ResourceNotFoundException", f"Schedule {call['Name']} does not exist.", 404)
        self._schedules.remove(found)
        return {}

    def _group(self, call: dict[str, Any]) -> str:
        group = call.get("GroupName", "default")
        if group not in self._groups:
            raise ServiceError("ResourceNotFoundException", f"Schedule group {group} does not exist.", 404)
        return group
