"""The publisher's policy in docs/operating.md allows what a publisher calls, and nothing else."""

import json
import re
from pathlib import Path

from tests.publish.cloud import Cloud
from tests.publish.conftest import bring
from tests.publish.test_in_flight import history, told
from tests.world import make_funnel

ROOT = Path(__file__).resolve().parents[2]

#: Each call the fakes know, as IAM names it.
ACTIONS = {
    "describe_stacks": "cloudformation:DescribeStacks",
    "list_objects_v2": "s3:ListBucket",
    "put_object": "s3:PutObject",
    "delete_object": "s3:DeleteObject",
    "query": "dynamodb:Query",
    "put_item": "dynamodb:PutItem",
    "delete_item": "dynamodb:DeleteItem",
    "scan": "dynamodb:Scan",
    "create_invalidation": "cloudfront:CreateInvalidation",
}


def policy() -> list[dict]:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = text[text.index("### What a publisher must be allowed") :]
    return json.loads(re.search(r"```json\n(.*?)```", section, re.DOTALL)[1])["Statement"]


def actions(statement: dict) -> set[str]:
    named = statement["Action"]
    return {named} if isinstance(named, str) else set(named)


def test_it_allows_every_call_of_a_run_and_no_other(editions):
    cloud = Cloud()
    bring(cloud, editions["first"])
    bring(cloud, editions["next"], prune=True)
    made = {ACTIONS[call.split()[0]] for call in (*cloud.reads, *cloud.writes)}
    assert told(history(), new=make_funnel(steps=()))  # which scans
    assert set().union(*map(actions, policy())) == made | {"dynamodb:Scan"}


def test_it_names_resources_and_keeps_leads_out_of_reach_of_writes():
    for statement in policy():
        resources = statement["Resource"]
        assert "*" not in ([resources] if isinstance(resources, str) else resources)
    (definitions,) = (each for each in policy() if "dynamodb:PutItem" in actions(each))
    assert definitions["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["MAGNET#*", "SITE"]}
    }
