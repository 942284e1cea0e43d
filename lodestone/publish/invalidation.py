"""The paths that the CDN must invalidate when objects change."""

from collections.abc import Iterable
from urllib.parse import quote

#: More paths than this are joined: CloudFront takes 15 wildcard paths at once, and 1,000 paths a month are free.
MOST_PATHS = 15


def paths_of(keys: Iterable[str]) -> set[str]:
    """Return the paths of these objects. A page has two: its clean URL, and the one with its file's name."""
    return {path for key in keys for path in _paths(key)}


def join(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the paths, or, where there are many, the fewest prefixes that cover them."""
    known = set(paths)
    if len(known) > MOST_PATHS:
        known = {_folder(path) for path in known}
    everything = "/*" in known or len(known) > MOST_PATHS
    return ("/*",) if everything else tuple(sorted(known))


def _paths(key: str) -> tuple[str, ...]:
    path = "/" + quote(key)
    return (path.removesuffix("index.html"), path) if path.endswith("/index.html") else (path,)


def _folder(path: str) -> str:
    """Return the prefix that covers a path: `/guide/*` for `/guide/thanks/`, the path itself at the top."""
    top, slash, _ = path[1:].partition("/")
    return f"/{top}/*" if slash else path
