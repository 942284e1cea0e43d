"""The lives here meet a feature too: the example among them."""

from collections.abc import Iterator

import pytest

from tests import example_feature


@pytest.fixture(autouse=True, scope="package")
def _example_feature() -> Iterator[None]:
    with example_feature.registered():
        yield
