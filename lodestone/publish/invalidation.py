"""Which paths the CDN is to fetch anew once these objects changed."""

from collections.abc import Iterable
from urllib.parse import quote

#: CloudFront takes 15 wildcard paths at once and 1,000 paths a month without a charge; more than this many are joined.
MOST_PATHS = 15


def paths_of(keys: Iterable[str]) -> set[str]:
    """The paths under which these objects are reached: a page at its clean URL and by its file's name."""
    return {path for key in keys for path in _paths(key)}


def join(paths: Iterable[str]) -> tuple[str, ...]:
    """The same paths, or the fewest prefixes that cover them where there are many."""
    known = set(paths)
    if len(known) > MOST_PATHS:
        known = {_folder(path) for path in known}
    everything = "/*" in known or len(known) > MOST_PATHS
    return ("/*",) if everything else tuple(sorted(known))


def _paths(key: str) -> tuple[str, ...]:
    path = "/" + quote(key)
    return (path.removesuffix("index.html"), path) if path.endswith("/index.html") else (path,)


def _folder(path: str) -> str:
    """`/guide/thanks/` is covered by `/guide/*`; what lies at the top stands for itself."""
    top, slash, _ = path[1:].partition("/")
    return f"/{top}/*" if slash else path
