"""The second step of a build, once a magnet: makes all that its folder adds to the build.

`make_magnet(folder, context)` is pure: it depends on the files that it reads, which are recorded, and on the
context, which is the same for all magnets. So its result may be kept until one of those changes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lodestone.build.default_mails import Defaults
from lodestone.build.definition import compile_magnet, render_card, render_pages
from lodestone.build.item_sizes import check_sizes
from lodestone.build.join import Head, head_of
from lodestone.build.magnet_folder import read_magnet
from lodestone.build.mail_checks import check_mails
from lodestone.build.scan import Scan
from lodestone.content.files import FileFinder
from lodestone.content.model import Magnet
from lodestone.content.problems import Problem, Problems, has_errors
from lodestone.content.site_file import SiteFile
from lodestone.features import FEATURES
from lodestone.features.feature import DatedNote
from lodestone.render.look import BUNDLED, Look
from lodestone.render.template_errors import reported


@dataclass(frozen=True)
class Context:
    """The input of `make_magnet` apart from the folder.

    `look` is None where site.yaml has problems: then a magnet is only read. If `pages` is false, only its
    definition and mails are made, so that they can be checked.
    """

    root: Path
    site: SiteFile
    defaults: Defaults
    finder: FileFinder
    look: Look | None
    pages: bool = True


@dataclass(frozen=True)
class Output:
    """A file of the build: its content, or the file that it is a copy of, and the digest (SHA-256) of either."""

    content: bytes | Path
    digest: str


@dataclass(frozen=True)
class Card:
    """A magnet as the index page, the page of what is not found and the site map list it."""

    title: str
    url: str
    is_hidden: bool
    html: str


@dataclass(frozen=True)
class Made:
    """All that a magnet adds to a build. `head` is None where it has no readable magnet.md.

    `outputs` are by path in the build; there are none, and no card, where the magnet has errors. `mails` is their
    number, `notes` are lines that `check` tells the author, `reads` what was read, with digests (`FileFinder.reads`).
    """

    problems: tuple[Problem, ...]
    head: Head | None = None
    card: Card | None = None
    mails: int = 0
    notes: tuple[str | DatedNote, ...] = ()
    outputs: Mapping[str, Output] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)

    def without_outputs(self) -> "Made":
        """Return a copy without outputs, to free memory once they are written."""
        return replace(self, outputs={})


def context_of(scan: Scan, look: Look | None, pages: bool = True) -> Context:
    """The context that is the same for all magnets of a root."""
    return Context(scan.root, scan.site, scan.defaults, scan.finder, look, pages)


def make_magnet(folder: Path, context: Context) -> Made:
    """Read and check a magnet's folder, and make its definition, mails, pages and files."""
    problems, finder = Problems(context.root), context.finder.recorder()
    draft = read_magnet(folder, context.site, context.defaults, finder, problems)
    if draft is None:
        return Made(tuple(problems), reads=finder.reads)
    made = Made((), head_of(draft))
    if context.look is not None and not has_errors(problems):
        look = replace(context.look, read=finder.read)
        with reported(problems, context.root, BUNDLED / "templates"):
            made = _render(made, draft.finish(context.defaults), look, context.pages, problems)
    return replace(made, problems=tuple(problems), reads=finder.reads)


def _render(made: Made, magnet: Magnet, look: Look, pages: bool, problems: Problems) -> Made:
    """Add to `made` what a magnet without errors brings. Raises what a failing template raises."""
    compiled = compile_magnet(look, magnet)
    problems += check_mails(magnet, compiled, problems.root)
    check_sizes(magnet, compiled, problems)
    notes = (note for key, content in magnet.features.items() for note in FEATURES[key].notes(content))
    made = replace(
        made, mails=len(compiled.mails), notes=tuple(_of_magnet(each, magnet.slug) for each in notes)
    )
    if not pages or has_errors(problems):
        return made
    outputs: dict[str, bytes | Path] = {f"funnels/{magnet.slug}.json": as_json(compiled.to_json())}
    outputs |= {f"assets/{key}": content for key, content in compiled.files.items()}
    shown = {**render_pages(look, magnet, compiled.funnel), **compiled.pictures}
    card = _card(look, magnet, shown)
    outputs |= {f"site/{path}": content for path, content in shown.items()}
    digested = {path: Output(content, _digest(content, look)) for path, content in outputs.items()}
    return replace(made, card=card, outputs=digested)


def _of_magnet(note: str | DatedNote, slug: str) -> str | DatedNote:
    if isinstance(note, str):
        return f"{slug}: {note}"
    return replace(note, text=f"{slug}: {note.text}", past=f"{slug}: {note.past}")


def _card(look: Look, magnet: Magnet, shown: dict[str, bytes]) -> Card:
    html = render_card(look, magnet, shown)
    return Card(magnet.front.title, magnet.url, magnet.front.seo.noindex, html)


def _digest(content: bytes | Path, look: Look) -> str:
    return hashlib.sha256(look.read(content) if isinstance(content, Path) else content).hexdigest()


def as_json(content: Any) -> bytes:
    """JSON as the build writes it."""
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
