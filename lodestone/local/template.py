"""Read template.yaml as CloudFormation does: resolve intrinsic functions, here to the local stack's names.

`lodestone.local.stack` picks the resources that have a stand-in. Resources that only exist on AWS (a distribution, an
alarm) resolve to names that nothing uses.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lodestone.errors import CannotServe

#: The definition of the stack, beside the package.
TEMPLATE = Path(__file__).parents[2] / "template.yaml"

REGION = "us-east-1"
ACCOUNT = "123456789012"  # moto's own, so that the ARNs of both agree

_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/local/local",
    "AWS::StackName": "local",
    "AWS::URLSuffix": "amazonaws.com",
}

#: The property that names a resource of each type, and the shape of its ARN.
_NAMED = {
    "AWS::DynamoDB::Table": ("TableName", "arn:aws:dynamodb:{region}:{account}:table/{name}"),
    "AWS::SQS::Queue": ("QueueName", "arn:aws:sqs:{region}:{account}:{name}"),
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{name}"),
    "AWS::Scheduler::ScheduleGroup": ("Name", "arn:aws:scheduler:{region}:{account}:schedule-group/{name}"),
    "AWS::Serverless::Function": ("FunctionName", "arn:aws:lambda:{region}:{account}:function:{name}"),
    "AWS::SES::ConfigurationSet": ("Name", "arn:aws:ses:{region}:{account}:configuration-set/{name}"),
    "AWS::IAM::Role": ("RoleName", "arn:aws:iam::{account}:role/{name}"),
}

_NO_VALUE = object()  # AWS::NoValue: the property is left out
_SUB = re.compile(r"\$\{(!?)([^}]+)\}")


@dataclass(frozen=True)
class Resource:
    """One resource: its logical id, type, physical name, ARN and resolved properties."""

    id: str
    type: str
    name: str
    arn: str
    properties: dict[str, Any]


class Template:
    """A SAM template with its parameters filled in.

    `parameters` overrides the template's own defaults. Raises CannotServe if something cannot be resolved.
    """

    def __init__(self, document: Mapping[str, Any], parameters: Mapping[str, str] | None = None):
        declared = document.get("Parameters") or {}
        self._parameters = {name: each.get("Default", "") for name, each in declared.items()} | dict(
            parameters or {}
        )
        self._document = document
        self._conditions: Mapping[str, Any] = document.get("Conditions") or {}
        resources: Mapping[str, Any] = document.get("Resources") or {}
        self._resources = {
            id: raw
            for id, raw in resources.items()
            if "Condition" not in raw or self._holds(raw["Condition"])
        }

    def of_type(self, type: str) -> Iterator[Resource]:
        """Yield the resources of one type that this stack has, in the template's order."""
        for id, raw in self._resources.items():
            if raw["Type"] == type:
                yield self.resource(id)

    def resource(self, id: str) -> Resource:
        """Return a resource."""
        raw = self._resources[id]
        properties = self.resolve(raw.get("Properties") or {})
        return Resource(id, raw["Type"], self.name(id), self.attribute(id, "Arn"), properties)

    def name(self, id: str) -> str:
        """Return the physical name: the one in the template, else one made of the logical id, as AWS does."""
        raw = self._resources[id]
        key, _ = _NAMED.get(raw["Type"], ("", ""))
        given = self.resolve((raw.get("Properties") or {}).get(key, ""))
        return given or f"local-{id.lower() if raw['Type'] == 'AWS::S3::Bucket' else id}"

    def globals(self, kind: str) -> dict[str, Any]:
        """Return SAM's Globals for one kind of resource (`Function`)."""
        return self.resolve((self._document.get("Globals") or {}).get(kind) or {})

    def resolve(self, node: Any) -> Any:
        """Return a piece of the template with every intrinsic function replaced by its value."""
        if isinstance(node, list):
            return [value for each in node if (value := self.resolve(each)) is not _NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            if key == "Ref":
                return self._ref(argument)
            if key.startswith("Fn::"):
                return self._call(key, argument)
        resolved = {key: self.resolve(value) for key, value in node.items()}
        return {key: value for key, value in resolved.items() if value is not _NO_VALUE}

    def _call(self, function: str, argument: Any) -> Any:
        method = getattr(self, "_fn_" + function.removeprefix("Fn::").lower(), None)
        if method is None:
            raise CannotServe(f"template.yaml uses {function}, which the local stack does not know.")
        return method(argument)

    def _ref(self, target: str) -> Any:
        if target == "AWS::NoValue":
            return _NO_VALUE
        for names in (_PSEUDO, self._parameters):
            if target in names:
                return names[target]
        if target not in self._resources:
            raise CannotServe(f"template.yaml refers to `{target}`, which it does not define.")
        if self._resources[target]["Type"] == "AWS::SQS::Queue":
            return self.attribute(target, "QueueUrl")
        return self.name(target)

    def attribute(self, id: str, attribute: str) -> str:
        """Return the value of `!GetAtt id.attribute`; `name.attribute` if only AWS knows the value."""
        name, type = self.name(id), self._resources[id]["Type"]
        _, shape = _NAMED.get(type, ("", f"arn:aws:local:{{region}}:{{account}}:{type}/{{name}}"))
        arn = shape.format(region=REGION, account=ACCOUNT, name=name)
        known = {
            "Arn": arn,
            "StreamArn": f"{arn}/stream/local",
            "QueueName": name,
            "QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}",
        }
        return known.get(attribute, f"{name}.{attribute}")

    def _fn_getatt(self, argument: str | list[Any]) -> str:
        id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        if id not in self._resources:
            raise CannotServe(f"template.yaml refers to `{id}`, which it does not define.")
        return self.attribute(id, attribute)

    def _fn_sub(self, argument: str | list[Any]) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def fill(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in own:
                return str(self.resolve(own[name]))
            return str(self._fn_getatt(name) if "." in name else self._ref(name))

        return _SUB.sub(fill, text)

    def _fn_join(self, argument: list[Any]) -> str:
        return argument[0].join(str(each) for each in self.resolve(argument[1]))

    def _fn_select(self, argument: list[Any]) -> Any:
        return self.resolve(argument[1])[int(argument[0])]

    def _fn_split(self, argument: list[Any]) -> list[str]:
        return self.resolve(argument[1]).split(argument[0])

    def _fn_findinmap(self, argument: list[Any]) -> Any:
        mapping, first, second = self.resolve(argument)
        return self._document["Mappings"][mapping][first][second]

    def _fn_base64(self, argument: Any) -> Any:
        return self.resolve(argument)

    def _fn_if(self, argument: list[Any]) -> Any:
        condition, yes, no = argument
        return self.resolve(yes if self._holds(condition) else no)

    def _holds(self, condition: Any) -> bool:
        """Evaluate a condition: the name of one, or condition functions."""
        if isinstance(condition, str):
            return self._holds(self._conditions[condition])
        ((key, argument),) = condition.items()
        if key == "Condition":
            return self._holds(argument)
        if key == "Fn::Equals":
            left, right = self.resolve(argument)
            return left == right
        results = [self._holds(each) for each in argument]
        return {"Fn::Not": not results[0], "Fn::And": all(results), "Fn::Or": any(results)}[key]


class TemplateLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # known when it runs
    """YAML with CloudFormation's short tags: `!Sub x` reads as `{"Fn::Sub": x}`."""


def _short_tag(loader: TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


TemplateLoader.add_multi_constructor("!", _short_tag)


def read_template(path: Path, parameters: Mapping[str, str] | None = None) -> Template:
    """Read template.yaml. Raises CannotServe if it is missing or is not YAML."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), TemplateLoader)  # noqa: S506  a safe loader with tags
    except OSError as error:
        raise CannotServe(
            f"cannot read {path}: {error.strerror}.\nIt defines the stack that serve runs."
        ) from error
    except yaml.YAMLError as error:
        raise CannotServe(f"{path} is not valid YAML: {error}") from error
    return Template(document, parameters)
