"""template.yaml against the code: each handler is there, each variable is read, each role fits.

What the stack as a whole has to hold (alarms, queues, what is kept) is in test_stack.py.
"""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from aws.pacer import PACE
from aws.reconcile_cursor import RECONCILE
from aws.stock import STOCK
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


def of_type(type: str) -> dict[str, dict]:
    """The properties of each resource of a type, by logical id."""
    resources = template()["Resources"]
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == type}


def functions() -> dict[str, dict]:
    return of_type("AWS::Serverless::Function")


def behind_the_api() -> set[str]:
    """The functions that the HTTP API calls."""
    integrations = of_type("AWS::ApiGatewayV2::Integration").values()
    return {each["IntegrationUri"].removesuffix(".Arn") for each in integrations}


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
        if "\nhandler = on_lambda" in p.read_text()
    }
    assert deployed == modules


def test_every_variable_is_read_and_every_variable_read_is_set():
    text = (ROOT / "functions" / "handlers" / "settings.py").read_text()
    read = set(re.findall(r'environment(?:\.get\(|\[)"([A-Z_]+)"', text))
    given = {name for each in functions().values() for name in variables(each)}
    assert {name for name in given if not name.startswith("POWERTOOLS_")} == read


@pytest.mark.parametrize("name", functions())
def test_settings_can_be_read_from_what_the_function_gets(name):
    given = dict.fromkeys(variables(functions()[name]), "60")
    settings = Settings.read(given | {"WARM_UP_SINCE": "2026-03-02"})
    assert settings.table == "60"


def test_every_route_leads_to_a_function_that_the_api_may_invoke():
    integrations = of_type("AWS::ApiGatewayV2::Integration")
    invocable = {each["FunctionName"] for each in of_type("AWS::Lambda::Permission").values()}
    routes = of_type("AWS::ApiGatewayV2::Route").values()
    assert len(routes) == 25
    for route in routes:
        integration = route["Target"].removeprefix("integrations/${").removesuffix("}")
        assert integrations[integration]["IntegrationUri"].removesuffix(".Arn") in functions()
    assert behind_the_api() == invocable


def test_the_functions_behind_the_api_and_no_others_know_the_cdn_s_secret():
    asking = {name for name, each in functions().items() if "ORIGIN_SECRET" in variables(each)}
    assert asking == behind_the_api()


#: The AWS calls behind each adapter method, with spaces between, by the name a handler (or what it calls) uses.
CALLS = {
    "ledger.append": "dynamodb:PutItem",
    "ledger.store_profile": "dynamodb:PutItem",
    "ledger.events": "dynamodb:Query",
    "ledger.partitions": "dynamodb:Scan",
    "ledger.erase": "dynamodb:DeleteItem dynamodb:Query dynamodb:PutItem",
    "reconcile_cursor.": "dynamodb:UpdateItem",
    "funnels.": "dynamodb:GetItem",
    "funnels_of(": "dynamodb:GetItem",
    "fold(": "dynamodb:GetItem",
    "read_lead(": "dynamodb:GetItem dynamodb:Query",
    "queue.put": "sqs:SendMessage",
    "schedules.make": "scheduler:CreateSchedule",
    "mailer.send": "ses:SendEmail",
    "pacer.booked": "dynamodb:GetItem",
    "pacer.reserve": "dynamodb:UpdateItem ses:GetAccount",
    "pacer.hold": "dynamodb:UpdateItem",
    "account.suppress_after": "ses:PutAccountSuppressionAttributes",
    "assets.link": "s3:GetObject",
}


def needed(module: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The actions a handler needs, by what its source and the handler modules it imports call on the wiring."""
    text = (ROOT / "functions" / "handlers" / f"{module}.py").read_text()
    called = (made for call, made in CALLS.items() if f"wiring.{call}" in text)
    found = {action for made in called for action in made.split()}
    for other in set(re.findall(r"from handlers\.(pages|chain|pacing|outbox|notices) import", text)) - seen:
        found |= needed(other, seen | {other})
    return found


def statements(properties: dict) -> list[dict]:
    return [statement for policy in properties["Policies"] for statement in policy["Statement"]]


def actions(statement: dict) -> set[str]:
    found = statement["Action"]
    return {found} if isinstance(found, str) else set(found)


def allowed(properties: dict) -> set[str]:
    return set().union(*map(actions, statements(properties)))


@pytest.mark.parametrize("name", functions())
def test_a_role_allows_what_its_function_calls_and_nothing_else(name):
    module = functions()[name]["Handler"].split(".")[1]
    # Beside its own calls: passing the schedule's role, and react's failed batches.
    extra = {"iam:PassRole"} if "scheduler:CreateSchedule" in allowed(functions()[name]) else set()
    assert allowed(functions()[name]) == needed(module) | extra


#: Which partitions each call is about; a scan is over all of them.
PARTITIONS = {
    "dynamodb:GetItem": ["MAGNET#*", "SITE"],
    "dynamodb:PutItem": ["LEAD#*"],
    "dynamodb:Query": ["LEAD#*"],
    "dynamodb:DeleteItem": ["LEAD#*"],
}


#: The daily repair leaves alone what waits for its slot.
LOOKS_AT_THE_PACE = ("ReconcileFunction", "dynamodb:GetItem", [PACE])

#: The functions that may ask whether a stock is used up, and the one that gives its pieces away.
_STOCK = [f"{STOCK}*"]
READ_STOCKS = {(each, "dynamodb:GetItem") for each in ("CaptureFunction", "ConfirmFunction", "ActFunction")}
USE_STOCKS = READ_STOCKS | {("ActFunction", f"dynamodb:{each}") for each in ("Query", "PutItem")}


@pytest.mark.parametrize("name", functions())
def test_a_function_reads_definitions_and_writes_leads_and_never_the_other_way_round(name):
    for statement in statements(functions()[name]):
        for action in actions(statement) & set(PARTITIONS):
            condition = statement["Condition"]["ForAllValues:StringLike"]
            whose = condition["dynamodb:LeadingKeys"]
            if whose == _STOCK:
                assert (name, action) in USE_STOCKS
            else:
                assert whose == PARTITIONS[action] or (name, action, whose) == LOOKS_AT_THE_PACE


def test_each_shared_item_is_written_by_the_function_whose_it_is():
    written = {
        (name, *next(iter(statement["Condition"].values()))["dynamodb:LeadingKeys"])
        for name, each in functions().items()
        for statement in statements(each)
        if "dynamodb:UpdateItem" in actions(statement)
    }
    assert written == {("DripFunction", PACE), ("ReconcileFunction", RECONCILE)}


def test_a_route_keeps_the_name_that_it_was_first_deployed_under():
    """Under another name an update would add the route before it removes the old one: API Gateway refuses that."""
    resources = template()["Resources"]
    for method in ("Head", "Get", "Post"):
        properties = resources[f"Stay{method}Route"]["Properties"]
        assert properties["RouteKey"] == f"{method.upper()} /api/stay"
