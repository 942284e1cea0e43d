"""CONTRIBUTING.md names files, folders, make targets and headings that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

#: Named already, and still to come. A name that has come must leave this list.
NOT_YET: set[str] = set()

#: What is named by a place of its own: where a command is made, and what it makes.
_ELSEWHERE = {"dist/"}

_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.<>-]*/[\w./<>-]*|[\w<>-]+\.(?:py|md|toml|txt|yaml)")


def named_paths() -> list[str]:
    """Everything in backticks, on lines and in blocks, that is a path; `<name>` stands for any name."""
    words = (word for code in _CODE.findall(TEXT) for word in code.split())
    paths = {word.partition("=")[2] or word for word in words}
    return sorted(each for each in paths if _PATH.fullmatch(each) and each not in _ELSEWHERE)


def is_there(path: str) -> bool:
    return any(ROOT.glob(re.sub(r"<\w+>", "*", path.rstrip("/"))))


def test_paths_are_found_in_the_text():
    assert {"functions/leads/facts.py", "site/pages/<name>.md", "template.yaml", "tests/golden/"} <= set(
        named_paths()
    )


@pytest.mark.parametrize("path", named_paths())
def test_a_file_that_is_named_is_there_or_is_known_to_be_still_to_come(path):
    assert is_there(path) != (path in NOT_YET), f"{path}: mend CONTRIBUTING.md, or NOT_YET where it has come"


def test_nothing_is_still_to_come_that_is_not_named():
    assert set(named_paths()) >= NOT_YET


def test_every_make_target_that_is_named_is_one_and_the_help_tells_of_it():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake (\w+)", " ".join(_CODE.findall(TEXT)) + TEXT))
    assert {"quick", "test", "lint"} <= named <= targets
    assert named - {"help"} <= set(re.findall(r"make (\w+)", makefile))


def test_every_link_leads_to_a_file_and_a_heading():
    for path, anchor in re.findall(r"\]\(([\w./-]+)(?:#([\w-]+))?\)", TEXT):
        assert (ROOT / path).is_file(), path
        headings = re.findall(r"^#+ (.+)$", (ROOT / path).read_text("utf-8"), re.MULTILINE)
        assert not anchor or anchor in {each.lower().replace(" ", "-") for each in headings}
