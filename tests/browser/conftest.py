"""axe-core, for the tests that ask what is wrong with a page."""

import importlib.util
from pathlib import Path

import pytest

from tests.conftest import missing


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script: the package brings it along, and nothing else of it is used."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        missing("browser", "axe-playwright-python is not installed")
        raise AssertionError("unreachable")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")
