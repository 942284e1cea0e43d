"""The files of a build as objects of the site bucket, with the headers that browsers and the CDN go by."""

import re
from pathlib import Path

from lodestone.media_types import media_type
from lodestone.publish.publication import GatedFile
from lodestone.publish.writes import BuiltFile

#: A name with its content's hash in it never means anything else: a year is as long as a header may say.
_FOR_EVER = "public, max-age=31536000, immutable"
#: A browser asks each time (and is told 304), so that it never shows a page whose form is not the one the functions
#: know. The CDN may keep a page for ten minutes: `publish` invalidates what changed, so this is only how long a page
#: could stay old if that invalidation was lost.
_ASK_ANEW = "public, max-age=0, s-maxage=600, must-revalidate"
#: Behind a presigned link: no shared cache may keep it.
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
    return BuiltFile(key, folder / key, media_type(key), _FOR_EVER if lasting else _ASK_ANEW, lasting)
