"""What docs/architecture.md and docs/operating.md name is there, and what is there is named."""

import re
from pathlib import Path

import pytest

from leads.event_table import EVENT_TYPES
from leads.event_types import MAILS

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")

#: Names of metrics that a handler puts together, or picks from two.
_PICKED = {"SeriesEnded", "Unsubscribed", "DataRequested", "MailRefused", "ReportIgnored"}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:leads|aws|handlers)/\w+\.py)`", ARCHITECTURE))))
def test_a_file_of_the_functions_that_the_architecture_names_is_there(path):
    assert (ROOT / "functions" / path).is_file()


def test_every_package_has_its_line_in_the_architecture():
    folders = {path.parent.name for path in (ROOT / "lodestone").glob("*/__init__.py")}
    assert folders
    assert {each for each in folders if f"`lodestone/{each}/`" not in ARCHITECTURE} == set()


def test_every_metric_of_ours_is_in_the_table_and_no_other():
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "functions").rglob("*.py"))
    counted = set(re.findall(r'count\("(\w+)"', sources)) | _PICKED
    counted = {each for each in counted if each != "Mail"} | {
        "Mail" + "".join(map(str.capitalize, name.split("_")))
        for name, row in EVENT_TYPES.items()
        if row.told_in == MAILS and name not in ("claimed", "mailed", "failed")
    }
    table = OPERATING.partition("### What is counted")[2].partition("###")[0]
    rows = re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == counted
