"""The command: what it prints, what it writes, how it exits."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lodestone.build.output_tree import NotOurs, Tree
from lodestone.build.pipeline import build
from lodestone.publish.publication import read_publication

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    command = [sys.executable, str(ROOT / "build.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A site that builds: what `new` writes into an empty folder."""
    made = run("new", "ebook", "my-guide", "--root", tmp_path)
    assert made.returncode == 0, made.stderr
    return tmp_path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def spoil(root: Path) -> None:
    """Misspell a key."""
    magnet = root / "magnets" / "my-guide" / "magnet.md"
    magnet.write_text(magnet.read_text("utf-8").replace("\nkind: ebook", "\nkind: ebok", 1), "utf-8")


def test_new_writes_a_starter_that_builds_as_it_is(root):
    built = run("build", "--root", root)
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    assert built.stdout.startswith(f"built {root}/dist/ in ")
    assert "1 magnet" in built.stdout
    assert (root / "dist" / "site" / "my-guide" / "index.html").is_file()


def test_new_never_overwrites_and_says_what_is_wrong(root):
    before = snapshot(root)
    again = run("new", "ebook", "my-guide", "--root", root)
    assert again.returncode == 2
    assert "my-guide" in again.stderr
    unknown = run("new", "ebok", "other", "--root", root)
    assert unknown.returncode == 2
    assert "ebook" in unknown.stderr
    assert run("new", "ebook", "../evil", "--root", root).returncode == 2
    assert snapshot(root) == before


def test_a_problem_is_told_with_its_place_and_leaves_dist_as_it_was(root):
    assert run("build", "--root", root).returncode == 0
    before = snapshot(root / "dist")
    spoil(root)
    broken = run("build", "--root", root)
    assert broken.returncode == 1
    assert "magnets/my-guide/magnet.md:" in broken.stderr
    assert "did you mean `ebook`" in broken.stderr
    assert "1 problem in 1 of 1 magnet" in broken.stderr
    assert "left unchanged" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert snapshot(root / "dist") == before


def test_check_writes_nothing(root):
    fine = run("check", "--root", root)
    assert (fine.returncode, fine.stdout) == (0, "no problems\n")
    assert not (root / "dist").exists()
    spoil(root)
    assert run("check", "--root", root).returncode == 1


def test_problems_as_json_are_for_editors(root):
    assert json.loads(run("check", "--root", root, "--json").stdout) == []
    spoil(root)
    for command in ("check", "build"):
        broken = run(command, "--root", root, "--json")
        assert broken.returncode == 1
        (problem,) = json.loads(broken.stdout)
        assert problem["file"] == "magnets/my-guide/magnet.md"
        assert {"line", "column", "length", "severity", "message", "help"} <= set(problem)


@pytest.mark.parametrize(
    "arguments",
    [
        ("bild",),
        ("build", "--rot", "."),
        ("build", "--root", "/nowhere"),
        ("new", "ebook"),
        ("serve", "--port", "x"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_how_to_call(arguments):
    wrong = run(*arguments)
    assert wrong.returncode == 2
    assert "Usage" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_every_command_and_option_is_documented_with_an_example():
    commands = ("build", "check", "doctor", "new", "publish", "serve")
    readme = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs" / "operating.md").read_text("utf-8")
    for command in commands:
        text = run(command, "--help").stdout
        assert "Examples:" in text
        assert f"build.py {command}" in readme
        for option in {word for word in text.split() if word.startswith("--")} - {"--help"}:
            assert option.strip(".,") in readme, option


def test_a_folder_that_no_build_made_is_never_replaced(root, tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("ten years")
    refused = run("build", "--root", root, "--out", precious)
    assert refused.returncode == 2
    assert (precious / "thesis.txt").read_text() == "ten years"


def test_two_builds_of_the_same_content_are_the_same(root, tmp_path):
    build(root, tmp_path / "one")
    build(root, tmp_path / "two")
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


def test_a_build_that_fails_half_way_leaves_nothing_behind(tmp_path):
    target = tmp_path / "dist"
    with Tree(target) as tree:
        tree.write("build.json", b"{}")
        tree.swap_in()
    with pytest.raises(RuntimeError), Tree(target) as tree:  # noqa: PT012  the error comes while it writes
        tree.write("site/index.html", b"half")
        raise RuntimeError("disk full")
    assert snapshot(tmp_path) == {"dist/build.json": b"{}"}


def test_a_build_killed_between_its_renames_is_mended_by_the_next(tmp_path):
    target, aside = tmp_path / "dist", tmp_path / ".dist-old"
    aside.mkdir()
    (aside / "build.json").write_text("{}")
    with Tree(target):
        pass
    assert snapshot(tmp_path) == {"dist/build.json": b"{}"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "dist").write_text("mine")
    with pytest.raises(NotOurs):
        Tree(tmp_path / "dist").__enter__()


def test_gated_files_stay_out_of_the_public_site(root):
    build(root, root / "dist")
    publication = read_publication(root / "dist")
    assert publication.files
    public = [path.read_bytes() for path in (root / "dist" / "site").rglob("*") if path.is_file()]
    for gated in publication.files:
        assert gated.path.is_file()
        assert gated.path.read_bytes() not in public


def test_a_template_that_leaves_the_law_out_is_a_problem(root):
    templates = root / "site" / "templates"
    templates.mkdir(parents=True)
    original = (ROOT / "site" / "templates" / "mail.html").read_text("utf-8")
    (templates / "mail.html").write_text(original.replace("{{ unsubscribe_url }}", "#"), "utf-8")
    result = build(root, root / "dist")
    assert result.failed
    assert {"unsubscribe" in each.message for each in result.problems} == {True}


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ("{% if %}", "cannot be read"),
        ("{{ nonsense.deep }}", "not there"),
        ('{% include "no.html" %}', "no such template"),
    ],
)
def test_a_mistake_in_a_template_is_a_problem_with_its_line(root, spoilt, message):
    templates = root / "site" / "templates"
    templates.mkdir(parents=True)
    original = (ROOT / "site" / "templates" / "thanks.html").read_text("utf-8")
    broken = original.replace("{% block main %}", "{% block main %}\n" + spoilt)
    (templates / "thanks.html").write_text(broken, "utf-8")
    line = broken[: broken.index(spoilt)].count("\n") + 1
    told = run("build", "--root", root)
    assert told.returncode == 1
    assert f"site/templates/thanks.html:{line}:" in told.stderr
    assert message in told.stderr
    assert "Traceback" not in told.stderr


def test_the_guide_of_a_government_becomes_an_ebook_as_it_is(tmp_path):
    guide = ROOT.parent / "shared" / "real" / "product-guide"
    if not guide.is_dir():
        pytest.skip("the real guide is not on this machine")
    assert run("new", "ebook", "product-guide", "--root", tmp_path).returncode == 0
    folder = tmp_path / "magnets" / "product-guide"
    shutil.rmtree(folder / "emails")
    shutil.copytree(guide, folder / "guide")
    parts = {
        "discover": ("index", "users", "stakeholders", "technical", "compliance"),
        "define": ("index", "problem", "vision", "strategy", "roadmap"),
        "deliver": ("index", "build", "collaborate", "measure"),
        "partners": ("index", "capacity", "coach", "vendor", "transition"),
    }
    listed = [
        {"part": part.title(), "chapters": [f"{part}/{each}.md" for each in names]}
        for part, names in parts.items()
    ]
    head = f"""---
kind: ebook
title: The Product Guide
summary: How product managers in government find out what is needed, and see it built.
book:
  folder: guide
  chapters: {json.dumps(["index.md", *listed, "resources.md"])}
---
The guide, whole.
"""
    (folder / "magnet.md").write_text(head, "utf-8")
    built = run("build", "--root", tmp_path)
    assert built.returncode == 0, built.stderr
    book = next((tmp_path / "dist" / "assets").rglob("*.html")).read_text("utf-8")
    assert "{{" not in book
    assert "site.baseurl" not in book
    assert 'href="/discover' not in book
    assert "Understand users" in book
