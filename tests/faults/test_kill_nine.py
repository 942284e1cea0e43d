"""kill -9, for real: processes of the local stack die at AWS calls, others go on with what they left."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.small_site import write_small_site

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PARTS = 2
#: All functions that a lead meets.
LIVED = {"capture", "click", "confirm", "data", "download", "drip", "feedback", "react", "reconcile"}
LIVED |= {"keep_subscribed", "unsubscribe"}


@pytest.mark.parametrize("part", range(PARTS))
def test_a_process_killed_at_any_kind_of_call_leaves_what_another_finishes(part, tmp_path, record_property):
    site = write_small_site(tmp_path / "site")
    command = [sys.executable, "-m", "tests.faults.kill_nine", site, tmp_path / "work", str(PARTS), str(part)]
    paths = f"{ROOT / 'functions'}:{ROOT}"
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": paths, "HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    whole, *deaths = [json.loads(line) for line in done.stdout.splitlines()]
    assert (whole["ended"], whole["wrong"]) == (0, [])
    assert set(whole["functions"]) == LIVED
    assert len(deaths) == whole["moments"]
    assert [each for each in deaths if not each["killed"]] == []
    assert [each for each in deaths if each["wrong"]] == []
    record_property("processes killed with signal 9", len(deaths))
