"""The files of a build as objects of the site bucket, with the headers that browsers and the CDN cache them by."""

import re
from pathlib import Path

from lodestone.media_types import media_type
from lodestone.publish.publication import GatedFile
from lodestone.publish.writes import BuiltFile

#: For files whose name contains the hash of their content: such a file never changes. At most a year: RFC 2616, 14.21.
_IMMUTABLE = "public, max-age=31536000, immutable"
#: A browser asks each time (304 if nothing changed), so that a page never shows a form that the functions do not know.
#: The CDN keeps a page for ten minutes at most. `publish` invalidates what changed, so a page is old for that long only
#: if the invalidation was lost.
_REVALIDATED = "public, max-age=0, s-maxage=600, must-revalidate"
#: For files behind presigned links: no shared cache may store them.
_GATED = "private, max-age=31536000, immutable"

#: What `lodestone.render.look.hashed_path` makes: `assets/site.3f2a9c1b7e.css`, `assets/name.3f2a9c1b7e`.
_HASHED = re.compile(r"assets/.*\.[0-9a-f]{10}(\.[^./]+)?")


def is_lasting(key: str) -> bool:
    """Whether the key changes with the content."""
    return bool(_HASHED.fullmatch(key))


def read_site(out: Path) -> list[BuiltFile]:
    """Read every public file of the build in `out`."""
    folder = out / "site"
    keys = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [_site_file(folder, key) for key in keys]


def gated_file(file: GatedFile) -> BuiltFile:
    """Return a gated file as an object of the private bucket."""
    return BuiltFile(file.key, file.path, file.content_type, _GATED, lasting=True)


def _site_file(folder: Path, key: str) -> BuiltFile:
    lasting = is_lasting(key)
    return BuiltFile(key, folder / key, media_type(key), _IMMUTABLE if lasting else _REVALIDATED, lasting)
