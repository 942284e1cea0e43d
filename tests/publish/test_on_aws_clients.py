"""The same through real boto3 clients: moto in process, its table made from template.yaml; and the command itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from aws.ledger import Ledger, event_item
from lodestone.local.template import read_template
from lodestone.publish.command import PublishRequest, publish
from lodestone.publish.site_files import is_lasting
from lodestone.stack.clients import Clients
from tests.local.small_site import write_small_site
from tests.publish.cloud import NOW, Cloud
from tests.publish.test_in_flight import history

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"


class Account:
    """A boto3 session whose CloudFormation knows one stack; everything else is moto's."""

    region_name = REGION

    def __init__(self, distribution_id: str):
        outputs = {**Cloud().outputs, "DistributionId": distribution_id}
        self._formation = Cloud(outputs).client("cloudformation")
        self._session = boto3.Session(region_name=REGION)

    def client(self, service: str, **options):
        if service == "cloudformation":
            return self._formation
        return self._session.client(service, **options)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        table = read_template(ROOT / "template.yaml").resource("Table").properties
        kept = {key: table[key] for key in ("AttributeDefinitions", "KeySchema", "BillingMode")}
        boto3.client("dynamodb", REGION).create_table(TableName="table", **kept)
        for bucket in ("site", "assets"):
            boto3.client("s3", REGION).create_bucket(Bucket=bucket)
        yield Account(make_distribution())


def make_distribution() -> str:
    origin = {
        "Id": "o",
        "DomainName": "site.s3.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all", "MinTTL": 0}
    behaviour["ForwardedValues"] = {"QueryString": False, "Cookies": {"Forward": "none"}}
    made = boto3.client("cloudfront", REGION).create_distribution(
        DistributionConfig={
            "CallerReference": "one",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": behaviour,
        }
    )
    return made["Distribution"]["Id"]


def run(account: Account, root: Path, **options) -> int:
    return publish(PublishRequest(root, "lodestone", **options), account, lambda: NOW)


def test_objects_have_the_headers_that_browsers_and_the_cdn_go_by(account, tmp_path):
    root = write_small_site(tmp_path)
    assert run(account, root) == 0
    s3 = account.client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="site")["Contents"]]
    heads = {key: s3.head_object(Bucket="site", Key=key) for key in keys}
    types = {key.rpartition(".")[2]: head["ContentType"] for key, head in heads.items()}
    assert types == types | {
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "xml": "application/xml",
        "svg": "image/svg+xml",
        "woff2": "font/woff2",
        "txt": "text/plain; charset=utf-8",
    }
    for key, head in heads.items():
        lasting = "immutable" in head["CacheControl"]
        assert lasting is is_lasting(key) is key.startswith("assets/")
    assert "max-age=0" in heads["guide/index.html"]["CacheControl"]
    (gated,) = s3.list_objects_v2(Bucket="assets")["Contents"]
    assert s3.head_object(Bucket="assets", Key=gated["Key"])["CacheControl"].startswith("private")


def test_a_second_run_changes_nothing_and_a_changed_sequence_asks_the_table(account, tmp_path, capsys):
    root = write_small_site(tmp_path)
    assert run(account, root) == 0
    invalidations = account.client("cloudfront").list_invalidations
    (distribution,) = account.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    capsys.readouterr()
    assert run(account, root) == 0
    assert "nothing differs" in capsys.readouterr().out
    assert invalidations(DistributionId=distribution["Id"])["InvalidationList"]["Quantity"] == 1

    dynamodb = account.client("dynamodb")
    for number in range(3):
        for event in history("first", days=3):
            dynamodb.put_item(TableName="table", Item=event_item(f"LEAD{number}", event))
    assert Ledger(dynamodb, "table").events("LEAD0")
    (root / "magnets/guide/emails/20-second.md").unlink()
    assert run(account, root) == 1
    assert "guide: 3 leads: the sequence ends now, without `second`" in capsys.readouterr().err
    assert run(account, root, yes=True) == 0
    key = {"pk": {"S": "MAGNET#guide"}, "sk": {"S": "MAIL#second"}}
    assert "Item" not in dynamodb.get_item(TableName="table", Key=key)


@pytest.mark.parametrize(
    ("endpoint", "style"),
    [("https://s3.eu-west-1.amazonaws.com", None), ("http://localhost:4566", "path")],
)
def test_buckets_are_paths_where_it_is_not_aws(endpoint, style):
    def client(service: str, config) -> SimpleNamespace:
        return SimpleNamespace(meta=SimpleNamespace(endpoint_url=endpoint), s3=config.s3)

    options = Clients(SimpleNamespace(client=client)).s3.s3
    assert (options or {}).get("addressing_style") == style


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess:
    """`build.py publish` on a machine that knows no AWS account."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return subprocess.run(
        [sys.executable, ROOT / "build.py", "publish", "--stack", "lodestone", *map(str, arguments)],
        env=clean | nowhere | {"AWS_EC2_METADATA_DISABLED": "true", "NO_COLOR": "1"} | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "said", "remedy"),
    [
        ((), {}, "no AWS region", "--region"),
        (("--region", "eu-west-1"), {}, "no AWS credentials", "aws configure"),
        (("--profile", "nobody"), {}, "no such AWS profile", "list-profiles"),
    ],
)
def test_who_has_no_account_is_told_what_to_do(tmp_path, arguments, environment, said, remedy):
    ended = command("--root", write_small_site(tmp_path), *arguments, **environment)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("error: ")
    assert said in ended.stderr.splitlines()[0]
    assert remedy in ended.stderr.partition("\nhelp: ")[2]
    assert "Traceback" not in ended.stderr


def test_an_endpoint_that_is_not_there_is_told(tmp_path):
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_MAX_ATTEMPTS": "1"}
    ended = command(
        *("--root", write_small_site(tmp_path), "--region", "eu-west-1"),
        AWS_ENDPOINT_URL="http://127.0.0.1:9",
        **keys,
    )
    assert ended.returncode == 1
    assert "AWS could not be reached" in ended.stderr
    assert "AWS_ENDPOINT_URL" in ended.stderr
