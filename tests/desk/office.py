"""A deployed stack as its owner's command line reaches it: a boto3 session whose clients are those of a World."""

import json
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from lodestone.records.stack import StackRecords
from lodestone.stack.outputs import read_stack
from tests.world import ENVIRONMENT, World

OUTPUTS = {
    "TableName": ENVIRONMENT["TABLE"],
    "FirstQueueUrl": ENVIRONMENT["FIRST_QUEUE_URL"],
    "DripQueueUrl": ENVIRONMENT["DRIP_QUEUE_URL"],
}


def refusal(code: str, operation: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class Session:
    """What `boto3.Session` gives. `listed` are the addresses on the account's suppression list."""

    region_name = "eu-west-1"

    def __init__(self, world: World):
        self.world = world
        self.listed: set[str] = set()
        self.refusals: dict[str, Exception] = {}  # by method: raised instead of an answer
        self.asked: list[str] = []

    def client(self, service: str, **_: Any) -> Any:
        clients = self.world.wiring._clients
        if service in ("dynamodb", "sqs"):
            return getattr(clients, service)
        methods = {
            "cloudformation": (self.describe_stacks, self.describe_stack_resource),
            "secretsmanager": (self.get_secret_value,),
            "sesv2": (self.delete_suppressed_destination,),
            "scheduler": (self.get_paginator,),
        }[service]
        meta = SimpleNamespace(region_name=self.region_name, endpoint_url="https://amazonaws.com")
        return SimpleNamespace(meta=meta, **{each.__name__: each for each in methods})

    def _ask(self, method: str) -> None:
        self.asked.append(method)
        if method in self.refusals:
            raise self.refusals[method]

    def describe_stacks(self, StackName: str) -> dict:
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()]
        return {"Stacks": [{"StackStatus": "UPDATE_COMPLETE", "Outputs": outputs}]}

    def describe_stack_resource(self, StackName: str, LogicalResourceId: str) -> dict:
        self._ask("describe_stack_resource")
        named = f"{StackName}-{LogicalResourceId}"
        return {"StackResourceDetail": {"PhysicalResourceId": named}}

    def get_secret_value(self, SecretId: str) -> dict:
        self._ask("get_secret_value")
        assert SecretId.endswith("-IdentityKey")
        return {"SecretString": json.dumps({"key": ENVIRONMENT["IDENTITY_KEY"]})}

    def delete_suppressed_destination(self, EmailAddress: str) -> dict:
        self._ask("delete_suppressed_destination")
        if EmailAddress not in self.listed:
            raise refusal("NotFoundException", "DeleteSuppressedDestination")
        self.listed.remove(EmailAddress)
        return {}

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_schedules"
        return SimpleNamespace(paginate=self._list_schedules)

    def _list_schedules(self, GroupName: str, NamePrefix: str = "") -> list[dict]:
        self._ask("list_schedules")
        assert GroupName.endswith("-ScheduleGroup")
        names = sorted(name for name in self.world.schedules if name.startswith(NamePrefix))
        return [{"Schedules": [{"Name": each} for each in page]} for page in (names[:1], names[1:])]


def open_office(world: World) -> tuple[Session, StackRecords]:
    """The session, and the records that it opens."""
    session = Session(world)
    return session, StackRecords(read_stack("press", session), session, lambda: world.time)
