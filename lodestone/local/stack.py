"""The resources of template.yaml that the local stack has stand-ins for, as plain values.

Distribution, roles and alarms have no stand-in and are left out.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lodestone.errors import CannotServe
from lodestone.local.template import Resource, Template

#: Each function with its properties, including those of `Globals`.
_Functions = list[tuple[Resource, dict[str, Any]]]


@dataclass(frozen=True)
class Table:
    """A DynamoDB table. `keys` are its key attributes, partition first; `view` is its stream's view type, or ""."""

    name: str
    arn: str
    stream_arn: str
    keys: tuple[str, ...]
    view: str
    definition: Mapping[str, Any]


@dataclass(frozen=True)
class Queue:
    """An SQS queue. Times in seconds; after `max_receives` a message moves to the queue `dead_letters` (name)."""

    name: str
    arn: str
    url: str
    visibility: int
    delay: int
    dead_letters: str
    max_receives: int


@dataclass(frozen=True)
class Function:
    """A Lambda function. `module` is the name of the module whose `respond` handles its events."""

    name: str
    arn: str
    module: str
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Trigger:
    """An event source mapping: records of `source` (a stream's or a queue's ARN) go to a function in batches.

    `patterns` are the filters: a record must match one of them. `partial`: the function answers with the failures of a
    batch. `retries` and `on_failure` (an ARN) are for streams alone.
    """

    function: str
    source: str
    batch_size: int
    patterns: tuple[Mapping[str, Any], ...]
    partial: bool
    retries: int
    on_failure: str


@dataclass(frozen=True)
class Timer:
    """A function that runs at fixed times, as EventBridge writes them: `rate(1 day)`, `cron(0 3 * * ? *)`."""

    function: str
    expression: str


@dataclass(frozen=True)
class Route:
    """A route of the HTTP API: `POST /api/leads/{magnet}`."""

    key: str
    function: str


@dataclass(frozen=True)
class Rule:
    """An EventBridge rule: events that fit the pattern go to the targets (ARNs)."""

    pattern: Mapping[str, Any]
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Stack:
    """All resources. `mail_sets` maps an SES configuration set to the event types that it publishes."""

    tables: tuple[Table, ...]
    queues: tuple[Queue, ...]
    buckets: tuple[str, ...]
    schedule_groups: tuple[str, ...]
    functions: tuple[Function, ...]
    triggers: tuple[Trigger, ...]
    timers: tuple[Timer, ...]
    routes: tuple[Route, ...]
    rules: tuple[Rule, ...]
    mail_sets: Mapping[str, frozenset[str]]
    headers: Mapping[str, str]


def read_stack(template: Template, secret: Callable[[str], str]) -> Stack:
    """Return the stack of a template. `secret` returns the value of a Secrets Manager secret, by name.

    Raises CannotServe if a route leads to no function.
    """
    functions = [
        (resource, _merged(resource, template)) for resource in template.of_type("AWS::Serverless::Function")
    ]
    return Stack(
        tables=tuple(_table(each, template) for each in template.of_type("AWS::DynamoDB::Table")),
        queues=tuple(_queue(each, template) for each in template.of_type("AWS::SQS::Queue")),
        buckets=tuple(each.name for each in template.of_type("AWS::S3::Bucket")),
        schedule_groups=tuple(each.name for each in template.of_type("AWS::Scheduler::ScheduleGroup")),
        functions=tuple(_function(resource, properties, secret) for resource, properties in functions),
        triggers=tuple(_triggers(functions)),
        timers=tuple(_timers(functions)),
        routes=tuple(_routes(template)),
        rules=tuple(_rule(each) for each in template.of_type("AWS::Events::Rule")),
        mail_sets=_mail_sets(template),
        headers=_headers(template),
    )


def _table(resource: Resource, template: Template) -> Table:
    definition = resource.properties
    roles = {each["KeyType"]: each["AttributeName"] for each in definition["KeySchema"]}
    return Table(
        name=resource.name,
        arn=resource.arn,
        stream_arn=template.attribute(resource.id, "StreamArn"),
        keys=tuple(roles[role] for role in ("HASH", "RANGE") if role in roles),
        view=definition.get("StreamSpecification", {}).get("StreamViewType", ""),
        definition=definition,
    )


def _queue(resource: Resource, template: Template) -> Queue:
    definition = resource.properties
    redrive = definition.get("RedrivePolicy") or {}
    return Queue(
        name=resource.name,
        arn=resource.arn,
        url=template.attribute(resource.id, "QueueUrl"),
        visibility=int(definition.get("VisibilityTimeout", 30)),
        delay=int(definition.get("DelaySeconds", 0)),
        dead_letters=redrive.get("deadLetterTargetArn", "").rsplit(":", 1)[-1],
        max_receives=int(redrive.get("maxReceiveCount", 0)),
    )


def _merged(resource: Resource, template: Template) -> dict[str, Any]:
    """Return a function's properties over SAM's Globals. Of nested properties, only the environment is merged."""
    common = template.globals("Function")
    variables = [each.get("Environment", {}).get("Variables", {}) for each in (common, resource.properties)]
    return common | resource.properties | {"Environment": {"Variables": variables[0] | variables[1]}}


_RESOLVE = re.compile(r"\{\{resolve:secretsmanager:([^:}]+)[^}]*\}\}")


def _function(resource: Resource, properties: dict[str, Any], secret: Callable[[str], str]) -> Function:
    variables = properties["Environment"]["Variables"]
    environment = {
        key: _RESOLVE.sub(lambda match: secret(match[1]), str(value)) for key, value in variables.items()
    }
    return Function(resource.name, resource.arn, properties["Handler"].rpartition(".")[0], environment)


def _events(functions: _Functions, *types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource, properties in functions:
        for event in properties.get("Events", {}).values():
            if event["Type"] in types:
                yield resource.name, event["Properties"]


def _triggers(functions: _Functions) -> Iterator[Trigger]:
    for function, event in _events(functions, "DynamoDB", "SQS"):
        yield Trigger(
            function=function,
            source=event.get("Stream") or event["Queue"],
            batch_size=int(event.get("BatchSize", 100 if "Stream" in event else 10)),
            patterns=tuple(
                json.loads(each["Pattern"]) for each in event.get("FilterCriteria", {}).get("Filters", [])
            ),
            partial="ReportBatchItemFailures" in event.get("FunctionResponseTypes", []),
            retries=int(event.get("MaximumRetryAttempts", -1)),
            on_failure=event.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", ""),
        )


def _timers(functions: _Functions) -> Iterator[Timer]:
    for function, event in _events(functions, "Schedule", "ScheduleV2"):
        yield Timer(function, event.get("ScheduleExpression") or event["Schedule"])


def _routes(template: Template) -> Iterator[Route]:
    integrations = {each.name: each.properties for each in template.of_type("AWS::ApiGatewayV2::Integration")}
    functions = list(template.of_type("AWS::Serverless::Function"))
    for route in template.of_type("AWS::ApiGatewayV2::Route"):
        target = route.properties["Target"].removeprefix("integrations/")
        uri = integrations[target]["IntegrationUri"]
        name = next(
            (each.name for each in functions if f"{each.arn}/" in f"{uri.removesuffix(':live')}/"), None
        )
        if name is None:
            raise CannotServe(
                f"template.yaml: route `{route.properties['RouteKey']}` leads to no function ({uri})."
            )
        yield Route(route.properties["RouteKey"], name)


def _rule(resource: Resource) -> Rule:
    targets = resource.properties.get("Targets", [])
    return Rule(resource.properties.get("EventPattern", {}), tuple(each["Arn"] for each in targets))


def _mail_sets(template: Template) -> dict[str, frozenset[str]]:
    sets = template.of_type("AWS::SES::ConfigurationSet")
    published: dict[str, frozenset[str]] = {each.name: frozenset() for each in sets}
    for each in template.of_type("AWS::SES::ConfigurationSetEventDestination"):
        destination = each.properties["EventDestination"]
        if destination.get("Enabled", True) and "EventBridgeDestination" in destination:
            name = each.properties["ConfigurationSetName"]
            types = {type.upper() for type in destination["MatchingEventTypes"]}
            published[name] = published.get(name, frozenset()) | types
    return published


def _headers(template: Template) -> dict[str, str]:
    """Return the security headers that the edge adds; none if the template defines no edge."""
    headers: dict[str, str] = {}
    for policy in template.of_type("AWS::CloudFront::ResponseHeadersPolicy"):
        config = policy.properties["ResponseHeadersPolicyConfig"]
        security = config.get("SecurityHeadersConfig", {})
        if "ContentSecurityPolicy" in security:
            headers["content-security-policy"] = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        for each in config.get("CustomHeadersConfig", {}).get("Items", []):
            headers[each["Header"].lower()] = each["Value"]
    return headers
