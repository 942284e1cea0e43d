"""A run leaves the stack as it was built; one that was cut is made good by the next; one without changes writes
nothing. At every moment in between, what is there fits together."""

import re

import pytest

from lodestone.publish.write_plan import WritePlan
from lodestone.publish.writes import DELETE
from tests.publish.cloud import Cloud, Crash
from tests.publish.conftest import bring, plan_for

#: From each of these states of a stack (None: empty) to the next.
WAYS = [(None, "first"), ("first", "next"), ("next", "last"), ("last", "first")]


def cloud_at(editions, name: str | None) -> Cloud:
    cloud = Cloud()
    if name:
        bring(cloud, editions[name])
        cloud.writes.clear()
        cloud.invalidations.clear()
    return cloud


def assert_holds(cloud: Cloud, built) -> None:
    """The stack is what was built: no more, no less."""
    site = {key: each["content"] for key, each in cloud.buckets["site"].items()}
    assert site == {file.key: file.path.read_bytes() for file in built.site}
    assert {file.key for file in built.gated} <= cloud.buckets["assets"].keys()
    assert cloud.items == built.items


def assert_fits_together(cloud: Cloud) -> None:
    """Pages have their files and their definition, definitions their mails, form page and gated files."""
    for key, each in cloud.buckets["site"].items():
        if key.endswith(".html"):
            page = each["content"].decode()
            named = set(re.findall(r'(?:href|src)="/(assets/[^"]+)"', page))
            assert named <= cloud.buckets["site"].keys(), key
            for magnet in re.findall(r'action="/api/leads/([^"]+)"', page):
                assert (f"MAGNET#{magnet}", "FUNNEL") in cloud.items, key
    for pk, sk in list(cloud.items):
        if sk == "FUNNEL":
            funnel = cloud.body(pk, sk)
            for step in ("opt-in", "delivery", *(step["slug"] for step in funnel["steps"])):
                assert (pk, f"MAIL#{step}") in cloud.items
            assert (pk, "PAGE#form") in cloud.items
            assert {asset["key"] for asset in funnel["assets"]} <= cloud.buckets["assets"].keys()
        if pk.startswith("MAGNET#"):
            assert ("SITE", pk) in cloud.items, "a magnet that no later run would find"


def changed_paths(plan: WritePlan) -> set[str]:
    return {"/" + each.name.removesuffix("index.html") for each in plan.shown if each.kind == "page"}


def covered(path: str, told: tuple[str, ...]) -> bool:
    return any(path == each or (each.endswith("*") and path.startswith(each[:-1])) for each in told)


@pytest.mark.parametrize(("before", "after"), WAYS)
def test_a_run_brings_the_stack_to_what_was_built_and_the_next_writes_nothing(editions, before, after):
    cloud = cloud_at(editions, before)
    bring(cloud, editions[after], workers=8)
    assert_holds(cloud, editions[after])
    assert len(cloud.invalidations) == 1

    cloud.writes.clear()
    bring(cloud, editions[after])
    assert cloud.writes == []
    assert len(cloud.invalidations) == 1


@pytest.mark.parametrize(("before", "after"), WAYS)
def test_what_is_there_fits_together_after_every_single_write(editions, before, after):
    cloud = cloud_at(editions, before)
    cloud.after_write = lambda: assert_fits_together(cloud)
    bring(cloud, editions[after])
    assert cloud.writes


@pytest.mark.parametrize(("before", "after"), WAYS)
def test_a_run_that_was_cut_anywhere_is_made_good_by_the_next_which_does_only_what_is_left(
    editions, before, after
):
    whole = cloud_at(editions, before)
    plan = bring(whole, editions[after])
    bookkeeping = {"put_item SITE INVALIDATE", "delete_item SITE INVALIDATE", "create_invalidation"}
    for point in range(2 * len(plan.writes)):
        cloud = cloud_at(editions, before)
        cloud.arm(point)
        with pytest.raises(Crash):
            bring(cloud, editions[after])
        done, cloud.writes = set(cloud.writes), []
        cloud.arm(10**6)
        bring(cloud, editions[after])
        assert_holds(cloud, editions[after])
        assert not done & set(cloud.writes) - bookkeeping
        told = tuple(path for each in cloud.invalidations for path in each)
        assert all(covered(path, told) for path in changed_paths(plan))
        cloud.writes.clear()
        bring(cloud, editions[after])
        assert cloud.writes == []


@pytest.mark.parametrize("point", [0, 3, 9, 20, 31])
def test_a_run_that_was_cut_with_writes_side_by_side_is_made_good_too(editions, point):
    cloud = cloud_at(editions, "first")
    cloud.arm(point)
    with pytest.raises(Crash):
        bring(cloud, editions["next"], workers=8)
    cloud.arm(10**6)
    bring(cloud, editions["next"], workers=8)
    assert_holds(cloud, editions["next"])


def test_the_cdn_is_told_after_the_last_page_and_before_older_files_go(editions):
    cloud = cloud_at(editions, "first")
    bring(cloud, editions["next"])
    told = cloud.writes.index("create_invalidation")
    pages = [
        place
        for place, write in enumerate(cloud.writes)
        if " site/" in write and write.split(" site/")[1].endswith(".html")
    ]
    gone = [
        place
        for place, write in enumerate(cloud.writes)
        if write.startswith("delete_object site/assets/") or write == "delete_item MAGNET#guide MAIL#second"
    ]
    assert pages
    assert gone
    assert max(pages) < told < min(gone)


def test_an_edit_of_one_page_uploads_and_invalidates_that_page_alone(editions):
    cloud = cloud_at(editions, "first")
    cloud.buckets["site"]["guide/thanks/index.html"]["etag"] = '"another"'
    bring(cloud, editions["first"])
    (upload,) = (write for write in cloud.writes if write.startswith("put_object"))
    assert upload == "put_object site/guide/thanks/index.html"
    assert cloud.invalidations == [("/guide/thanks/", "/guide/thanks/index.html")]


def test_gated_files_of_earlier_builds_stay_until_they_are_asked_to_go(editions):
    cloud = cloud_at(editions, "first")
    plan = bring(cloud, editions["next"])
    (key,) = plan.kept
    assert key.startswith("guide/")
    assert key.endswith("/guide.txt")
    assert key in cloud.buckets["assets"]
    pruned = bring(cloud, editions["next"], prune=True)
    assert [(each.action, each.name) for each in pruned.shown] == [(DELETE, key)]
    assert cloud.buckets["assets"].keys() == {file.key for file in editions["next"].gated}


def test_without_an_edge_nothing_is_invalidated_and_no_note_is_made(editions):
    cloud = Cloud()
    cloud.outputs = {key: value for key, value in cloud.outputs.items() if key != "DistributionId"}
    bring(cloud, editions["first"])
    assert_holds(cloud, editions["first"])
    assert not cloud.invalidations
    assert not [write for write in cloud.writes if "INVALIDATE" in write]


def test_without_a_site_bucket_mails_and_definitions_are_published_all_the_same(editions):
    cloud = Cloud()
    cloud.outputs = {key: cloud.outputs[key] for key in ("TableName", "AssetsBucketName")}
    bring(cloud, editions["first"])
    assert cloud.items == editions["first"].items
    assert not cloud.buckets["site"]


def test_leads_are_never_looked_at_where_no_sequence_changed(editions):
    cloud = cloud_at(editions, "first")
    plan_for(cloud, editions["first"])
    assert not [read for read in cloud.reads if read.startswith(("scan", "query LEAD"))]
