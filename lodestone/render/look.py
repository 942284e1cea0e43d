"""How a site looks: its templates and its published assets, a root's own files before the bundled ones.

A root needs nothing but site/site.yaml. A file in its site/templates or site/assets replaces the bundled file
of the same name.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateSyntaxError,
    UndefinedError,
    select_autoescape,
)
from jinja2.bccache import Bucket

from lodestone.content.model import Site
from lodestone.formats.counts import counted
from lodestone.render.colour import light_accent, theme_stylesheet
from lodestone.render.direction import direction_of

#: The look that comes with Lodestone.
BUNDLED = Path(__file__).resolve().parents[2] / "site"

#: File systems take 255 bytes; the digest and the type come behind.
_LONGEST_STEM = 200
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_INDENT = re.compile(r"\s*\n\s*")
_CSS_URL = re.compile(r"""url\(["']?(?!data:)([^"')]+)["']?\)""")


@dataclass(frozen=True)
class Look:
    """A site's templates, and its assets under content-hashed names.

    `assets` maps a name in site/assets ("site.css") to its URL; `files` maps a path in the published site to
    its bytes. `read` gives the content of what a magnet shows or delivers; the build has one that records it.
    """

    site: Site
    environment: Environment
    assets: dict[str, str]
    files: dict[str, bytes]
    read: Callable[[Path], bytes] = Path.read_bytes

    def render(self, template: str, **context: object) -> str:
        """Render a template, with the site and its assets as variables."""
        return self.environment.get_template(template).render(context)


def open_look(site: Site) -> Look:
    """Read and hash a site's assets, and make its templates ready."""
    environment = _make_environment(site.root)
    sources = _asset_sources(site)
    sources.setdefault("favicon.svg", _favicon(site, environment))
    assets: dict[str, str] = {}
    files: dict[str, bytes] = {}
    # Style sheets last: they name the other files by their hashed names.
    for name in sorted(sources, key=lambda each: (each.endswith(".css"), each)):
        content = sources[name]
        if name.endswith(".css"):
            text = _finish_stylesheet(_decoded(content, name, site.root), name, assets)
            content = (theme_stylesheet(site.front.theme) + text if name == "site.css" else text).encode()
        path = hashed_path("assets", name, content)
        assets[name], files[path] = f"/{path}", content
    environment.globals.update(
        site=site.front,
        pages=site.pages,
        asset=_address_of(assets),
        origin=urlsplit(site.front.base_url).netloc,
    )
    return Look(site, environment, assets, files)


def _address_of(assets: Mapping[str, str]) -> Callable[[str], str]:
    def address(name: str) -> str:
        if name not in assets:
            raise UndefinedError(f"there is no `{name}` in site/assets/")
        return assets[name]

    return address


def hashed_path(folder: str, name: str, content: bytes) -> str:
    """`folder/name.<hash>.ext`: a path that changes with the content, so that it may be cached for ever."""
    stem, dot, suffix = name.rpartition(".")
    stem = stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    digest = hashlib.sha256(content).hexdigest()[:10]
    return f"{folder}/{stem}.{digest}.{suffix}" if dot else f"{folder}/{name}.{digest}"


class _Compiled(BytecodeCache):
    """Templates compiled before in this process: a rebuild after an edit compiles the edited one alone.

    Jinja names a bucket by the template's file and checks its source by a checksum.
    """

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class _Loader(FileSystemLoader):
    """Reads templates; one that is not UTF-8 is a syntax error of its line."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            raise _not_utf8(error, template, Path(self.searchpath[0]) / template) from None


def _not_utf8(error: UnicodeDecodeError, name: str, path: Path) -> TemplateSyntaxError:
    line = error.object.count(b"\n", 0, error.start) + 1
    return TemplateSyntaxError("it is not UTF-8 text; save it as UTF-8", line, name, str(path))


def _decoded(content: bytes, name: str, root: Path) -> str:
    """The text of a style sheet. Raises TemplateSyntaxError if it is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(error, name, root / "site" / "assets" / name) from None


def _make_environment(root: Path) -> Environment:
    folders = [root / "site" / "templates", BUNDLED / "templates"]
    environment = Environment(
        loader=ChoiceLoader([_Loader(folder) for folder in folders]),
        autoescape=select_autoescape(("html", "xml", "svg"), default=False),
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["direction"] = direction_of
    environment.filters["counted"] = counted
    return environment


def _asset_sources(site: Site) -> dict[str, bytes]:
    sources = {}
    for folder in (BUNDLED / "assets", site.root / "site" / "assets"):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                sources[path.relative_to(folder).as_posix()] = path.read_bytes()
    return sources


def _favicon(site: Site, environment: Environment) -> bytes:
    """The site's initial on its accent; a favicon.svg in the site's own assets replaces it."""
    accent = light_accent(site.front.theme)
    return environment.get_template("favicon.svg").render(initial=site.front.name[0], accent=accent).encode()


def _finish_stylesheet(text: str, name: str, assets: dict[str, str]) -> str:
    """Replace names of assets by their published addresses, and remove comments and indentation."""
    folder = name.rpartition("/")[0]

    def published(match: re.Match) -> str:
        target = f"{folder}/{match[1]}".lstrip("/")
        return f"url({assets.get(target, match[1])})"

    return _CSS_INDENT.sub("\n", _CSS_COMMENT.sub("", _CSS_URL.sub(published, text))).strip() + "\n"
