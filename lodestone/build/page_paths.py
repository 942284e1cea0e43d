"""The addresses of a magnet's pages beside its landing page, by name (`Funnel.pages`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from lodestone.features.feature import Feature

#: The pages that every magnet has.
_COMMON = ("thanks", "call", "confirmed")


def page_paths(url: str, features: Iterable[Feature], content: Mapping[str, Any]) -> dict[str, str]:
    """Name each page's path: those that every magnet has, and those of its features. `content` is by feature's key."""
    paths = {name: f"{url}{name}/" for name in _COMMON}
    for each in features:
        paths |= each.page_paths(url, content[each.key])
    return paths
