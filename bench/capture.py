"""One capture beside the one write it makes: what the handler adds to a bare `put_item`."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bench.timing import time_in_turn

if TYPE_CHECKING:
    from handlers.wiring import Wiring
    from leads.funnel import Funnel

ROOT = Path(__file__).resolve().parents[1]
RUNS = 400


def run() -> Iterator[str]:
    """Handler and bare put against the same in-process DynamoDB, in turn."""
    import boto3
    from moto import mock_aws

    os.environ.update(
        AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_DEFAULT_REGION="us-east-1"
    )
    with mock_aws():
        client = boto3.client("dynamodb")
        wiring, respond, events = _stack(client)
        respond(next(events), wiring)  # reads the funnel once
        puts = _puts(client)
        handler, bare = time_in_turn(RUNS, lambda: respond(next(events), wiring), lambda: next(puts))
        stored = _stored_bytes(client)
    yield f"bare put_item of the same item   {bare}"
    yield f"capture, parse to answer         {handler}"
    added = (handler.median - bare.median) * 1e6
    yield f"what the handler adds            {added:.0f} µs, {handler.median / bare.median:.2f} x"
    yield f"size of the stored event         {stored} bytes (a write unit holds 1,024)"


def _stack(client: Any) -> tuple["Wiring", Callable[..., Any], Iterator[dict[str, Any]]]:
    from aws.funnels import FUNNEL, MAGNET, definition_item
    from handlers import capture
    from handlers.wiring import wire
    from leads.funnel import funnel_to_json
    from lodestone.build.definition import compile_magnet
    from lodestone.build.load import load_site
    from lodestone.render.look import open_look

    keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
    client.create_table(
        TableName="bench",
        KeySchema=keys,
        AttributeDefinitions=[
            {"AttributeName": each["AttributeName"], "AttributeType": "S"} for each in keys
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    site, problems = load_site(ROOT)
    assert site is not None, problems
    funnel = compile_magnet(
        open_look(site), next(m for m in site.magnets if m.slug == "pricing-your-work")
    ).funnel
    client.put_item(
        TableName="bench", Item=definition_item(MAGNET + funnel.slug, FUNNEL, funnel_to_json(funnel))
    )
    environment = {
        "TABLE": "bench",
        "IDENTITY_KEY": "bench",
        "SIGNING_KEYS": "bench",
        "FUNNEL_CACHE_SECONDS": "3600",
    }
    wiring = wire(environment, SimpleNamespace(dynamodb=client), lambda: datetime.now(UTC))
    return wiring, capture.respond, _events(funnel)


def _events(funnel: "Funnel") -> Iterator[dict[str, Any]]:
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "referer": f"{funnel.base_url}{funnel.url}?utm_source=newsletter&utm_campaign=spring",
    }
    for number in itertools.count():
        body = f"first_name=Ida&email=lead{number}%40example.com&role=design&consent=yes&_consent={funnel.consent.hash}"
        yield {
            "body": body,
            "headers": headers,
            "isBase64Encoded": False,
            "rawQueryString": "",
            "pathParameters": {"magnet": funnel.slug},
            "requestContext": {"http": {"method": "POST"}},
        }


def _puts(client: Any) -> Iterator[None]:
    """Write the items that capture stores, under other keys."""
    item = next(
        each for each in client.scan(TableName="bench")["Items"] if each["sk"]["S"].startswith("EVENT#")
    )
    for number in itertools.count():
        copy = item | {"pk": {"S": f"BARE#{number}"}}
        yield client.put_item(TableName="bench", Item=copy, ConditionExpression="attribute_not_exists(pk)")


def _stored_bytes(client: Any) -> int:
    item = next(
        each for each in client.scan(TableName="bench")["Items"] if each["sk"]["S"].startswith("EVENT#")
    )
    return sum(
        len(name) + len(json.dumps(next(iter(value.values())), ensure_ascii=False)) - 2
        for name, value in item.items()
    )
