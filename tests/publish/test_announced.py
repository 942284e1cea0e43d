"""What visitors were told of an offer's end: noted beside the magnet, and never taken back by a later run."""

from pathlib import Path

import pytest

from lodestone.build.load import load_site
from lodestone.build.pipeline import build
from lodestone.cli.starter import write_starter
from lodestone.content.announced import read_announced
from lodestone.publish.command import PublishRequest, publish
from tests.publish.cloud import NOW, Cloud
from tests.publish.conftest import edit

MAGNET = "magnets/spring/magnet.md"
NOTE = "magnets/spring/announced.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An offer with one end for all."""
    write_starter(tmp_path, "offer", "spring")
    edit(tmp_path, MAGNET, "window: 7 days", "ends: 2099-06-30 18:00Z")
    edit(tmp_path, MAGNET, "code: WELCOME\n", "codes: codes.txt\n")
    (tmp_path / "magnets/spring/codes.txt").write_text("AAA-1\nBBB-2\n")
    return tmp_path


def run(cloud: Cloud, root: Path, **options) -> int:
    return publish(PublishRequest(root, "lodestone", **options), cloud, lambda: NOW, None)


def test_a_run_notes_the_end_and_the_next_run_adds_nothing(root, capsys):
    cloud = Cloud()
    assert run(cloud, root) == 0
    assert f"noted in {NOTE}: commit it" in capsys.readouterr().out
    text = (root / NOTE).read_text()
    (noted,) = read_announced(text)
    assert (noted.offer, noted.ends.isoformat()) == ("spring", "2099-06-30T18:00:00+00:00")
    assert run(cloud, root) == 0
    assert (root / NOTE).read_text() == text
    assert "noted" not in capsys.readouterr().out
    assert load_site(root)[1] == []


def test_a_dry_run_notes_nothing(root):
    assert run(Cloud(), root, dry_run=True) == 0
    assert not (root / NOTE).exists()


def test_a_later_end_is_refused_by_check_and_without_the_note_by_publish(root, capsys):
    cloud = Cloud()
    run(cloud, root)
    edit(root, MAGNET, "ends: 2099-06-30", "ends: 2099-07-15")
    (problem,) = load_site(root)[1]
    assert "Annex I, point 7" in problem.help
    (root / NOTE).unlink()
    before = list(cloud.writes)
    assert run(cloud, root) == 1
    assert cloud.writes == before
    assert "visitors were told that this offer ends at 2099-06-30T18:00:00.000Z" in capsys.readouterr().err
    assert not (root / NOTE).exists()


def test_an_end_that_is_put_off_with_a_reason_is_published_and_noted(root):
    cloud = Cloud()
    run(cloud, root)
    said = "ends: 2099-07-15 18:00Z\nextended:\n  was: 2099-06-30 18:00Z\n  reason: the shop was shut.\n"
    edit(root, MAGNET, "ends: 2099-06-30 18:00Z\n", said)
    assert load_site(root)[1] == []
    assert run(cloud, root) == 0
    assert [each.ends.day for each in read_announced((root / NOTE).read_text())] == [30, 15]
    assert load_site(root)[1] == []
    # The words stay on the page: without them, the end would have been put off in silence after all.
    edit(root, MAGNET, "extended:\n  was: 2099-06-30 18:00Z\n  reason: the shop was shut.\n", "")
    assert len(load_site(root)[1]) == 1


def test_an_end_for_all_does_not_become_a_time_of_each_readers_own(root, capsys):
    cloud = Cloud()
    run(cloud, root)
    edit(root, MAGNET, "ends: 2099-06-30 18:00Z", "window: 3 days")
    (root / NOTE).unlink()
    assert run(cloud, root) == 1
    assert "Annex I, point 7" in capsys.readouterr().err


def test_codes_go_to_the_table_apart_from_the_definition_and_to_no_page(root, tmp_path):
    cloud = Cloud()
    run(cloud, root)
    assert cloud.body("MAGNET#spring", "STOCK#0") == ["AAA-1", "BBB-2"]
    assert "AAA-1" not in str(cloud.body("MAGNET#spring", "FUNNEL"))
    assert not build(root, tmp_path / "dist").failed
    files = [path for path in (tmp_path / "dist" / "site").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"AAA-1" in path.read_bytes()]
