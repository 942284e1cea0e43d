"""One schedule for each due mail: EventBridge Scheduler puts its message on the lane's queue at that time."""

import base64
import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aws.errors import code_of
from aws.queue import DripMessage
from leads.pace import lane_of


class Schedules:
    """One schedule group, through a boto3 Scheduler client. `queue_arns` has one for each lane."""

    def __init__(self, client: Any, group: str, role_arn: str, queue_arns: Mapping[str, str]):
        self._client = client
        self._group = group
        self._role_arn = role_arn
        self._queue_arns = queue_arns

    def make(self, message: DripMessage, due: datetime) -> bool:
        """Schedule the message; False if the same schedule exists already."""
        try:
            self._client.create_schedule(
                Name=schedule_name(message, due),
                GroupName=self._group,
                # Rounded up: a schedule that fires before its mail is due would only be made again.
                ScheduleExpression=f"at({_whole_second(due):%Y-%m-%dT%H:%M:%S})",
                ScheduleExpressionTimezone="UTC",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={
                    "Arn": self._queue_arns[lane_of(message.step)],
                    "RoleArn": self._role_arn,
                    "Input": message.to_json(),
                },
            )
        except Exception as error:
            if code_of(error) == "ConflictException":
                return False
            raise
        return True


def schedule_name(message: DripMessage, due: datetime) -> str:
    """The schedule's name, always the same for the same wait: at most 64 of `[0-9a-zA-Z-_.]`, and no address.

    The time is part of it: a schedule that has just fired may still exist until Scheduler deletes it, and
    must not block the next one.
    """
    identity = f"{message.lead}|{message.magnet}|{message.step}|{int(_whole_second(due).timestamp())}"
    digest = base64.b32encode(hashlib.sha256(identity.encode()).digest()).decode().lower()[:20]
    return f"{message.lead}.{digest}"


def _whole_second(at: datetime) -> datetime:
    return datetime.fromtimestamp(math.ceil(at.timestamp()), UTC)
