"""SAM's own verdict on the template."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import missing

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def test_sam_finds_no_fault_with_the_template():
    sam = Path(sys.executable).with_name("sam")
    if not sam.exists():
        missing("sam", "aws-sam-cli is not installed beside this Python")
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": "eu-central-1"}
    command = [sam, "validate", "--lint", "--template", ROOT / "template.yaml"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
