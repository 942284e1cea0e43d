"""A site that ends sequences after a silence has to be able to hear its readers."""

from pathlib import Path

import pytest

from lodestone.build.load import load_site
from tests.content.conftest import MAGNET, SITE, put

#: What site.yaml says of sending, what the magnet says, and where the author is told that clicks are missing.
CASES = [
    ("sunset: 180 days", "", ["site/site.yaml"]),
    ("sunset: 180 days, clicks: true", "", []),
    ("sunset: 180 days, clicks: true", "clicks: false", ["magnets/tides/magnet.md"]),
    ("sunset: 180 days", "clicks: true", ["site/site.yaml"]),
    ("clicks: false", "clicks: false", []),
]


@pytest.mark.parametrize(("sending", "magnet", "told"), CASES)
def test_silence_that_cannot_be_told_from_reading_is_warned_of(root: Path, sending, magnet, told):
    files = {
        "site/site.yaml": f"{SITE}sending: {{{sending}}}\n",
        "magnets/tides/magnet.md": MAGNET.replace("files:", f"{magnet}\nfiles:"),
    }
    put(root, files)
    site, problems = load_site(root)
    assert site
    assert [each.path for each in problems] == told
    assert all(each.severity == "warning" and "silent" in each.message for each in problems)


def test_a_silence_of_hours_is_warned_of(root: Path):
    put(root, {"site/site.yaml": f"{SITE}sending: {{sunset: 1 hour, clicks: true}}\n"})
    site, (problem,) = load_site(root)
    assert site
    assert (problem.severity, problem.path) == ("warning", "site/site.yaml")
    assert "so short a silence" in problem.message
