"""The cost table of docs/operating.md is what the benchmark prints."""

from pathlib import Path

from bench import cost

ROOT = Path(__file__).resolve().parents[1]


def test_the_documented_costs_are_those_that_the_script_prints():
    assert "\n".join(cost.run()) in (ROOT / "docs" / "operating.md").read_text("utf-8")
