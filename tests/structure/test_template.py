"""template.yaml against the code: each handler is there, each variable is read, each role fits."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from handlers.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """CloudFormation's short tags as plain values: what they wrap is all these tests read."""


def _plain(loader: _Loader, suffix: str, node: yaml.Node):
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return (
        loader.construct_sequence(node)
        if isinstance(node, yaml.SequenceNode)
        else loader.construct_mapping(node)
    )


_Loader.add_multi_constructor("!", _plain)


@cache
def template() -> dict:
    return yaml.load((ROOT / "template.yaml").read_text("utf-8"), _Loader)  # noqa: S506  our own file


def functions() -> dict[str, dict]:
    resources = template()["Resources"]
    return {
        name: each["Properties"]
        for name, each in resources.items()
        if each["Type"] == "AWS::Serverless::Function"
    }


def variables(properties: dict) -> set[str]:
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]
    return set(shared) | set(properties.get("Environment", {}).get("Variables", {}))


@pytest.mark.parametrize("name", functions())
def test_the_handler_exists_and_has_a_respond_of_its_own(name):
    module, _, attribute = functions()[name]["Handler"].rpartition(".")
    handler = import_module(module)
    assert callable(getattr(handler, attribute))
    assert callable(handler.respond)


def test_every_handler_module_is_deployed():
    deployed = {each["Handler"].split(".")[1] for each in functions().values()}
    modules = {
        p.stem
        for p in (ROOT / "functions" / "handlers").glob("*.py")
        if "handler = on_lambda" in p.read_text()
    }
    assert deployed == modules


def test_every_variable_is_read_and_every_variable_read_is_set():
    text = (ROOT / "functions" / "handlers" / "settings.py").read_text()
    read = set(re.findall(r'environment(?:\.get\(|\[)"([A-Z_]+)"', text))
    given = {name for each in functions().values() for name in variables(each)}
    assert {name for name in given if not name.startswith("POWERTOOLS_")} == read


@pytest.mark.parametrize("name", functions())
def test_settings_can_be_read_from_what_the_function_gets(name):
    settings = Settings.read({each: "60" for each in variables(functions()[name])})
    assert settings.table == "60"


def test_every_route_leads_to_a_function_that_the_api_may_invoke():
    resources = template()["Resources"]
    routes = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::ApiGatewayV2::Route"]
    assert len(routes) == 7
    for route in routes:
        integration = route["Target"].removeprefix("integrations/${").removesuffix("}")
        function = resources[integration]["Properties"]["IntegrationUri"].removesuffix(".Arn")
        assert function in functions()
        permissions = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Lambda::Permission"]
        assert [each for each in permissions if each["FunctionName"] == function]


#: The AWS calls behind each adapter method, by the name a handler (or what it calls) uses.
CALLS = {
    "ledger.append": "dynamodb:PutItem",
    "ledger.store_profile": "dynamodb:PutItem",
    "ledger.events": "dynamodb:Query",
    "ledger.lead_ids": "dynamodb:Scan",
    "funnels.": "dynamodb:GetItem",
    "queue.put": "sqs:SendMessage",
    "schedules.make": "scheduler:CreateSchedule",
    "post.send": "ses:SendEmail",
    "assets.link": "s3:GetObject",
}


def needed(module: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The actions a handler needs, by what its source and the handler modules it imports call on the wiring."""
    text = (ROOT / "functions" / "handlers" / f"{module}.py").read_text()
    found = {action for call, action in CALLS.items() if f"wiring.{call}" in text}
    for other in set(re.findall(r"from handlers\.(pages|chain) import", text)) - seen:
        found |= needed(other, seen | {other})
    return found


def allowed(properties: dict) -> set[str]:
    found = set()
    for policy in properties["Policies"]:
        for statement in policy["Statement"]:
            actions = statement["Action"]
            found |= {actions} if isinstance(actions, str) else set(actions)
    return found


@pytest.mark.parametrize("name", functions())
def test_a_role_allows_what_its_function_calls_and_nothing_else(name):
    module = functions()[name]["Handler"].split(".")[1]
    # Beside its own calls: passing the schedule's role, and react's failed batches.
    extra = {"iam:PassRole"} if "scheduler:CreateSchedule" in allowed(functions()[name]) else set()
    assert allowed(functions()[name]) == needed(module) | extra
