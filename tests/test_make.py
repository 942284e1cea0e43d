"""Making one magnet: pure, with its reads recorded, so that what it made may be kept."""

import hashlib
import shutil
from pathlib import Path

import pytest

from lodestone.build.make import context_of, make_magnet
from lodestone.build.pipeline import build
from lodestone.build.scan import scan_root
from lodestone.content.model import Site
from lodestone.render.look import open_look
from tests.conftest import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the examples."""
    folder = tmp_path / "root"
    for name in ("magnets", "site"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def make(root: Path, slug: str = "dry-summer-garden"):
    scan = scan_root(root)
    look = open_look(Site(scan.root, scan.site.doc, scan.site.front, scan.pages, ()))
    return make_magnet(root / "magnets" / slug, context_of(scan, look))


def test_the_same_folder_and_context_make_the_same(root):
    one, other = make(root), make(root)
    assert one == other
    assert one.outputs
    assert {path.split("/")[0] for path in one.outputs} == {"site", "assets", "funnels"}


def test_every_file_that_shows_in_what_was_made_is_among_its_reads(root):
    """Whatever file is changed that was not read, nothing is made otherwise; and the other way round."""
    before = make(root)
    folder = root / "magnets" / "dry-summer-garden"
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(root).as_posix()
        content = path.read_bytes()
        path.write_bytes(content + b"\n<!-- changed -->\n")
        after = make(root)
        path.write_bytes(content)
        if name in before.reads:
            assert before.reads[name] == hashlib.sha256(content).hexdigest()
        else:
            assert after.outputs == before.outputs, name
    assert "magnets/dry-summer-garden/magnet.md" in before.reads
    assert "magnets/dry-summer-garden/emails/" in before.reads
    assert any(name.endswith(".pdf") for name in before.reads)


def test_no_other_magnet_is_read(root):
    reads = make(root).reads
    assert not [name for name in reads if "pricing-your-work" in name]
    shutil.rmtree(root / "magnets" / "pricing-your-work")
    assert make(root).reads == reads


def test_a_magnet_with_errors_has_problems_and_a_head_and_no_outputs(root):
    path = root / "magnets" / "dry-summer-garden" / "magnet.md"
    path.write_text(path.read_text().replace("title:", "tittle:", 1))
    made = make(root)
    assert made.problems
    assert made.head.url == "/dry-summer-garden/"
    assert not made.outputs
    assert made.card is None


def test_outputs_are_named_with_the_digest_of_what_is_written(root, tmp_path):
    made = make(root)
    out = tmp_path / "dist"
    assert not build(root, out).failed
    for path, output in made.outputs.items():
        assert hashlib.sha256((out / path).read_bytes()).hexdigest() == output.digest, path


def test_the_machine_s_own_media_types_change_nothing(root, monkeypatch):
    import mimetypes

    before = make(root).outputs
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_, **__: ("application/x-odd", None))
    mimetypes.add_type("application/x-odd", ".csv")
    assert make(root).outputs == before
