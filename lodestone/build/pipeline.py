"""The build: load everything, render what it makes, check it, and swap it into `dist/` whole or not at all.

dist/site/      the public pages and their assets
dist/assets/    the gated files, by the key they have in the private bucket
dist/funnels/   one funnel definition a magnet, with its mails and its form page
dist/site.json      the pages behind the links in mails, and the rules that leads are scored by
dist/build.json    what was built; also the mark of a folder that a build may replace
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jinja2 import TemplateError

from leads.placeholders import encode
from leads.rules import rules_to_json
from lodestone.build.definition import Compiled, compile_magnet, render_card, render_pages, site_rules
from lodestone.build.mail_checks import check_mails
from lodestone.build.output_tree import Tree
from lodestone.build.scan import load_site
from lodestone.content.model import Site
from lodestone.content.problems import Problem, has_errors
from lodestone.render.look import BUNDLED, Look, open_look
from lodestone.render.service import render_service_pages
from lodestone.render.site_pages import render_site_pages
from lodestone.render.template_errors import report

#: Called with (magnets done, magnets in all) as the build goes on.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """What came of a build. With errors among the problems, nothing was written and `pages` is 0."""

    problems: tuple[Problem, ...]
    magnets: int = 0
    pages: int = 0
    mails: int = 0
    site_bytes: int = 0
    gated_bytes: int = 0

    @property
    def failed(self) -> bool:
        return has_errors(self.problems)


def check(root: Path, today: date | None = None) -> Result:
    """Find every problem without writing anything. With `today`, dates that are past are warned of."""
    site, problems = load_site(root, today)
    if site is None or has_errors(problems):
        return Result(tuple(problems), magnets=_count_folders(root))
    look = open_look(site)
    found = [
        each for magnet in site.magnets for each in check_mails(magnet, compile_magnet(look, magnet), root)
    ]
    return Result((*problems, *found), magnets=len(site.magnets))


def build(
    root: Path,
    out: Path,
    base_url: str | None = None,
    progress: Progress = lambda done, total: None,
    today: date | None = None,
) -> Result:
    """Build the site in `root` into `out`. `base_url` stands in for the site's own (a preview's address).

    With `today`, dates that are past are warned of.

    Raises `lodestone.build.output_tree.NotOurs` where `out` holds something that no build made.
    """
    site, problems = load_site(root, today)
    if site is None or has_errors(problems):
        return Result(tuple(problems), magnets=_count_folders(root))
    with Tree(out) as tree:
        try:
            result = _write(open_look(_at(site, base_url)), root, tuple(problems), tree, progress)
        except TemplateError as error:
            found = report(error, root, BUNDLED / "templates")
            return Result((*problems, *found), magnets=len(site.magnets))
        if not result.failed:
            tree.swap_in()
    return result


def _write(look: Look, root: Path, problems: tuple[Problem, ...], tree: Tree, progress: Progress) -> Result:
    found, mails, pages = list(problems), 0, 0
    cards: list[str] = []
    covers: dict[str, bytes] = {}
    magnets = look.site.magnets
    for done, magnet in enumerate(magnets):
        progress(done, len(magnets))
        compiled = compile_magnet(look, magnet)
        found += check_mails(magnet, compiled, root)
        cards.append(render_card(look, magnet, covers))
        mails += len(compiled.mails)
        _write_compiled(compiled, tree)
        pages += _write_site({**render_pages(look, magnet, compiled.funnel), **compiled.pictures}, tree)
    progress(len(magnets), len(magnets))
    pages += _write_site(look.files | covers | render_site_pages(look, cards), tree)
    service = {name: encode(parts) for name, parts in render_service_pages(look).items()}
    tree.write("site.json", _json({"pages": service, "rules": rules_to_json(site_rules(look.site.front))}))
    result = Result(tuple(found), len(magnets), pages, mails, tree.size("site/"), tree.size("assets/"))
    tree.write("build.json", _json({"magnets": result.magnets, "pages": pages, "mails": mails}))
    return result


def _write_compiled(compiled: Compiled, tree: Tree) -> None:
    tree.write(f"funnels/{compiled.funnel.slug}.json", _json(compiled.to_json()))
    for key, content in compiled.files.items():
        tree.write(f"assets/{key}", content if isinstance(content, bytes) else content.read_bytes())


def _write_site(files: dict[str, bytes], tree: Tree) -> int:
    """Write published files; the number of pages among them."""
    for path, content in files.items():
        tree.write(f"site/{path}", content)
    return sum(1 for path in files if path.endswith(".html"))


def _at(site: Site, base_url: str | None) -> Site:
    if base_url is None:
        return site
    return replace(site, front=site.front.model_copy(update={"base_url": base_url}))


def _count_folders(root: Path) -> int:
    folders = (root / "magnets").glob("[!._]*/") if (root / "magnets").is_dir() else ()
    return sum(1 for each in folders if each.is_dir())


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
