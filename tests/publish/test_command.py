"""The command: what it says, what it asks, how it ends."""

import json
from pathlib import Path

import pytest

from lodestone.publish.command import PublishRequest, publish
from lodestone.stack.errors import AwsError
from tests.local.small_site import write_small_site
from tests.publish.cloud import NOW, Cloud, refusal
from tests.publish.conftest import edit
from tests.publish.test_in_flight import history


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_small_site(tmp_path / "site-root")


def run(cloud: Cloud, root: Path, ask=None, **options) -> int:
    return publish(PublishRequest(root, "lodestone", **options), cloud, lambda: NOW, ask)


def drop_second_letter(root: Path) -> None:
    (root / "magnets/guide/emails/20-second.md").unlink()


def test_a_run_says_what_it_did_and_the_next_that_nothing_differs(root, capsys):
    cloud = Cloud()
    assert run(cloud, root) == 0
    said = capsys.readouterr().out
    assert "stack lodestone (eu-west-1)" in said
    assert "+ guide/index.html" in said
    assert "published to https://press.example; the CDN fetches" in said
    assert run(cloud, root) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "nothing differs",
        "https://press.example is up to date",
    ]


def test_a_dry_run_shows_all_of_the_difference_and_writes_nothing(root, capsys):
    cloud = Cloud()
    assert run(cloud, root, dry_run=True) == 0
    said = capsys.readouterr().out
    assert cloud.writes == []
    for name in ("guide/thanks/index.html", "guide/mail/second", "site/page/preferences", "/guide.txt"):
        assert name in said
    assert said.endswith("dry run: nothing was written\n")


def test_a_build_with_problems_is_refused(root, capsys):
    edit(root, "magnets/guide/magnet.md", "kind: ebook", "kind: ebok")
    cloud = Cloud()
    assert run(cloud, root) == 1
    said = capsys.readouterr().err
    assert "magnets/guide/magnet.md:2:7: error: unknown kind `ebok`" in said
    assert said.endswith("nothing was published\n")
    assert cloud.writes == []


def test_dist_stays_as_it_is(root):
    assert run(Cloud(), root) == 0
    assert not (root / "dist").exists()


def test_links_that_lead_elsewhere_are_warned_of(root, capsys):
    cloud = Cloud({**Cloud().outputs, "SiteUrl": "https://d1.cloudfront.net"})
    assert run(cloud, root) == 0
    said = capsys.readouterr().err
    assert "links in mails lead to https://press.example" in said
    assert "the stack answers at https://d1.cloudfront.net" in said


class TestLeadsInFlight:
    """A changed sequence with a lead on the way."""

    @pytest.fixture
    def cloud(self, root) -> Cloud:
        """The guide published, two leads between its letters, then the second letter dropped."""
        cloud = Cloud()
        assert run(cloud, root) == 0
        cloud.keep_lead("IDA", history("first", days=3))
        cloud.keep_lead("BEN", history(days=3))
        drop_second_letter(root)
        cloud.writes.clear()
        return cloud

    def test_a_dry_run_says_who_gets_what(self, cloud, root, capsys):
        assert run(cloud, root, dry_run=True) == 0
        said = capsys.readouterr().err
        assert "warning: 2 leads in flight affected" in said
        assert "guide: 1 lead: the sequence ends now, without `second`" in said
        assert "guide: 1 lead next gets `first` as before; then nothing more instead of `second`" in said

    def test_with_nobody_to_ask_it_ends_with_the_remedy(self, cloud, root, capsys):
        assert run(cloud, root) == 1
        assert "add --yes" in capsys.readouterr().err
        assert cloud.writes == []

    def test_a_no_writes_nothing(self, cloud, root):
        assert run(cloud, root, ask=lambda question: False) == 1
        assert cloud.writes == []

    @pytest.mark.parametrize("how", [{"ask": lambda question: True}, {"yes": True}])
    def test_a_yes_publishes(self, cloud, root, how):
        assert run(cloud, root, **how) == 0
        assert ("MAGNET#guide", "MAIL#second") not in cloud.items
        cloud.writes.clear()
        assert run(cloud, root) == 0
        assert cloud.writes == []

    def test_programs_get_one_document(self, cloud, root, capsys):
        assert run(cloud, root, as_json=True) == 1
        document = json.loads(capsys.readouterr().out)
        assert document["published"] is False
        assert "--yes" in document["error"]["help"]
        assert {each["leads"] for each in document["leads_in_flight"]} == {1}
        assert {"action": "delete", "kind": "definition", "name": "guide/mail/second"}.items() <= next(
            each for each in document["changes"] if each["action"] == "delete"
        ).items()
        assert run(cloud, root, as_json=True, yes=True) == 0
        assert json.loads(capsys.readouterr().out)["published"] is True

    def test_who_may_not_read_leads_is_told_so_and_asked(self, cloud, root, capsys):
        cloud.refusals["scan"] = refusal("AccessDeniedException", "Scan")
        assert run(cloud, root) == 1
        said = capsys.readouterr().err
        assert "`guide` changed; whom that affects cannot be seen" in said
        assert "dynamodb:Scan" in said
        assert run(cloud, root, yes=True) == 0


def test_a_sequence_that_touches_nobody_asks_nobody(root):
    cloud = Cloud()
    assert run(cloud, root) == 0
    drop_second_letter(root)
    assert run(cloud, root) == 0


def test_leads_are_scanned_once_and_only_where_a_sequence_changed(root):
    cloud = Cloud()
    run(cloud, root)
    cloud.keep_lead("IDA", history("first", days=3))
    edit(root, "magnets/guide/magnet.md", "Read it.", "Read it soon.")
    assert run(cloud, root) == 0
    assert not [read for read in cloud.reads if read.startswith("scan")]
    drop_second_letter(root)
    assert run(cloud, root, yes=True) == 0
    assert sorted(read for read in cloud.reads if read.startswith("scan")) == [f"scan {n}" for n in range(4)]


@pytest.mark.parametrize(
    ("status", "remedy"),
    [("ROLLBACK_COMPLETE", "sam delete"), ("UPDATE_IN_PROGRESS", "wait"), ("UPDATE_FAILED", "events")],
)
def test_a_stack_in_a_bad_state_is_not_published_to(root, status, remedy):
    with pytest.raises(AwsError, match=remedy):
        run(Cloud(status=status), root)


def test_a_stack_that_is_not_ours_is_refused(root):
    with pytest.raises(AwsError, match="no output TableName, AssetsBucketName"):
        run(Cloud({"Other": "x"}), root)


@pytest.mark.parametrize(
    ("method", "operation", "permission"),
    [
        ("list_objects_v2", "ListObjectsV2", "s3:ListBucket"),
        ("put_object", "PutObject", "s3:PutObject"),
        ("query", "Query", "dynamodb:Query"),
        ("put_item", "PutItem", "dynamodb:PutItem"),
        ("create_invalidation", "CreateInvalidation", "cloudfront:CreateInvalidation"),
        ("describe_stacks", "DescribeStacks", "cloudformation:DescribeStacks"),
    ],
)
def test_a_missing_permission_is_named(root, method, operation, permission):
    cloud = Cloud()
    cloud.refusals[method] = refusal("AccessDenied", operation, "Access Denied")
    with pytest.raises(AwsError) as refused:
        run(cloud, root)
    assert refused.value.permission == permission
    assert permission in str(refused.value)


def test_a_run_that_fails_half_way_says_that_it_can_be_taken_up(root):
    cloud = Cloud()
    cloud.refusals["create_invalidation"] = refusal("ThrottlingException", "CreateInvalidation")
    with pytest.raises(AwsError, match="the same command goes on from there"):
        run(cloud, root)
    cloud.refusals.clear()
    cloud.writes.clear()
    assert run(cloud, root) == 0
    assert cloud.writes == ["create_invalidation", "delete_item SITE INVALIDATE"]


def test_a_bucket_that_is_gone_has_a_remedy(root):
    cloud = Cloud()
    cloud.refusals["list_objects_v2"] = refusal("NoSuchBucket", "ListObjectsV2")
    with pytest.raises(AwsError, match="deploy"):
        run(cloud, root)


def test_a_long_difference_is_cut_short_in_a_run(root, capsys):
    cloud = Cloud()
    for number in range(30):
        cloud.buckets["site"][f"old-{number:02}/index.html"] = {"content": b"", "etag": '""'}
    assert run(cloud, root) == 0
    assert "more; --dry-run lists them all" in capsys.readouterr().out
    assert cloud.invalidations[0] == ("/*",)
