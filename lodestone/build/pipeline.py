"""The build: scan the root, make each magnet, join them, and swap `dist/` in whole or not at all.

dist/site/      the public pages and their assets
dist/assets/    the gated files, by the key they have in the private bucket
dist/funnels/   one funnel definition a magnet, with its mails and its form page
dist/site.json      the pages behind the links in mails, and the rules that leads are scored by
dist/build.json    what was built; also the mark of a folder that a build may replace
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leads.placeholders import encode
from leads.rules import rules_to_json
from lodestone.build.definition import site_rules
from lodestone.build.join import join_heads
from lodestone.build.make import Context, Made, as_json, context_of, make_magnet
from lodestone.build.output_tree import Tree
from lodestone.build.scan import Scan, scan_root
from lodestone.content.model import Site
from lodestone.content.problems import Problem, has_errors, in_order
from lodestone.render.look import BUNDLED, Look, open_look
from lodestone.render.service import render_service_pages
from lodestone.render.site_pages import render_site_pages
from lodestone.render.template_errors import reported

#: Called with (magnets done, magnets in all) as the build goes on.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """The result of a build. If problems are errors, nothing was written and `pages` is 0.

    `notes` are lines for the author about content without problems.
    """

    problems: tuple[Problem, ...]
    magnets: int = 0
    pages: int = 0
    mails: int = 0
    site_bytes: int = 0
    gated_bytes: int = 0
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return has_errors(self.problems)


def check(root: Path, today: date | None = None) -> Result:
    """Find every problem without writing anything. With `today`, warn of dates that are past.

    Pages are rendered where the site has templates of its own: only then can a template fail.
    """
    scan = scan_root(root)
    look, problems = _open_look(scan, None)
    pages = (scan.root / "site" / "templates").is_dir()
    context = context_of(scan, look, pages)
    made = [make_magnet(folder, context).without_outputs() for folder in scan.folders]
    problems += _problems(scan, made, today)
    if pages and look is not None:
        problems += _render_site(look, made)[1]
    found = (note for each in made for note in each.notes)
    notes = tuple(each if isinstance(each, str) else each.on(today) for each in found)
    return Result(tuple(in_order(problems)), magnets=len(scan.folders), notes=notes)


def build(
    root: Path,
    out: Path,
    base_url: str | None = None,
    progress: Progress = lambda done, total: None,
    today: date | None = None,
) -> Result:
    """Build the site in `root` into `out`. `base_url` replaces the site's own (a preview's address).

    With `today`, warn of dates that are past.

    Raises `lodestone.build.output_tree.NotOurs` if `out` holds something that no build made.
    """
    scan = scan_root(root)
    with Tree(out) as tree:
        look, problems = _open_look(scan, base_url)
        made = _make(context_of(scan, look), scan.folders, tree, progress)
        problems += _problems(scan, made, today)
        files, found = _render_site(look, made) if look else ({}, [])
        problems += found
        if look is None or has_errors(problems):
            return Result(tuple(in_order(problems)), magnets=len(scan.folders))
        result = _finish(files, made, tuple(in_order(problems)), tree)
        tree.swap_in()
    return result


def _open_look(scan: Scan, base_url: str | None) -> tuple[Look | None, list[Problem]]:
    """Return the site's look, and the problems of its templates.

    There is none if site.yaml has problems, or a template fails that the look needs: then magnets are only read.
    """
    doc, front = scan.site.doc, scan.site.front
    if doc is None or front is None:
        return None, []
    if base_url is not None:
        front = front.model_copy(update={"base_url": base_url})
    look, problems = None, list[Problem]()
    with reported(problems, scan.root, BUNDLED / "templates"):
        look = open_look(Site(scan.root, doc, front, scan.pages, ()))
    return look, problems


def _make(context: Context, folders: Sequence[Path], tree: Tree, progress: Progress) -> list[Made]:
    """Make each magnet and write its files at once, so that those of one alone are held in memory."""
    made = []
    for done, folder in enumerate(folders):
        progress(done, len(folders))
        magnet = make_magnet(folder, context)
        for path, output in magnet.outputs.items():
            content = output.content
            tree.write(path, content if isinstance(content, bytes) else content.read_bytes())
        made.append(magnet.without_outputs())
    progress(len(folders), len(folders))
    return made


def _problems(scan: Scan, made: Sequence[Made], today: date | None) -> list[Problem]:
    """Return the problems of the site's own files, of each magnet and between them."""
    joined = join_heads(scan, [each.head for each in made if each.head], today)
    return [*scan.problems, *(each for magnet in made for each in magnet.problems), *joined]


def _render_site(look: Look, made: Sequence[Made]) -> tuple[dict[str, bytes], list[Problem]]:
    """Render what belongs to the site as a whole, by path in the build; none if a template fails."""
    cards = [each.card for each in made if each.card]
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    rules = rules_to_json(site_rules(look.site.front))
    with reported(problems, look.site.root, BUNDLED / "templates"):
        pages = look.files | render_site_pages(look, cards)
        service = {name: encode(parts) for name, parts in render_service_pages(look).items()}
        files = {f"site/{path}": content for path, content in pages.items()}
        files["site.json"] = as_json({"pages": service, "rules": rules})
    return files, problems


def _finish(
    files: Mapping[str, bytes], made: Sequence[Made], problems: tuple[Problem, ...], tree: Tree
) -> Result:
    """Write what belongs to the site as a whole, and count what was built."""
    for path, content in files.items():
        tree.write(path, content)
    mails, pages = sum(each.mails for each in made), tree.count("site/", ".html")
    result = Result(problems, len(made), pages, mails, tree.size("site/"), tree.size("assets/"))
    tree.write("build.json", as_json({"magnets": result.magnets, "pages": pages, "mails": mails}))
    return result
