"""The build: scan the root, make each magnet, join them, and swap `dist/` in whole or not at all.

dist/site/      the public pages and their assets
dist/assets/    the gated files, by the key they have in the private bucket
dist/funnels/   one funnel definition a magnet, with its mails and its form page
dist/site.json      the pages behind the links in mails, and the rules that leads are scored by
dist/build.json    what was built; also the mark of a folder that a build may replace
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import TemplateError

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
from lodestone.render.template_errors import report

#: Called with (magnets done, magnets in all) as the build goes on.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """The result of a build. If problems are errors, nothing was written and `pages` is 0."""

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
    scan = scan_root(root)
    context = context_of(scan, _open_look(scan, None), pages=False)
    made = [make_magnet(folder, context) for folder in scan.folders]
    return Result(_problems(scan, made, today), magnets=len(scan.folders))


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
        try:
            look = _open_look(scan, base_url)
            made = _make(context_of(scan, look), scan.folders, tree, progress)
            problems = _problems(scan, made, today)
            if has_errors(problems) or look is None:
                return Result(problems, magnets=len(scan.folders))
            result = _finish(look, made, problems, tree)
        except TemplateError as error:
            found = report(error, scan.root, BUNDLED / "templates")
            return Result((*scan.problems, *found), magnets=len(scan.folders))
        tree.swap_in()
    return result


def _open_look(scan: Scan, base_url: str | None) -> Look | None:
    """The site's look; None where site.yaml has problems, so that magnets are only read."""
    doc, front = scan.site.doc, scan.site.front
    if doc is None or front is None:
        return None
    if base_url is not None:
        front = front.model_copy(update={"base_url": base_url})
    return open_look(Site(scan.root, doc, front, scan.pages, ()))


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


def _problems(scan: Scan, made: Sequence[Made], today: date | None) -> tuple[Problem, ...]:
    """Collect the problems of the site's own files, of each magnet and between them, by file and line."""
    joined = join_heads(scan, [each.head for each in made if each.head], today)
    return tuple(in_order([*scan.problems, *(each for magnet in made for each in magnet.problems), *joined]))


def _finish(look: Look, made: Sequence[Made], problems: tuple[Problem, ...], tree: Tree) -> Result:
    """Write what belongs to the site as a whole, and count what was built."""
    cards = [each.card for each in made if each.card]
    for path, content in (look.files | render_site_pages(look, cards)).items():
        tree.write(f"site/{path}", content)
    service = {name: encode(parts) for name, parts in render_service_pages(look).items()}
    tree.write("site.json", as_json({"pages": service, "rules": rules_to_json(site_rules(look.site.front))}))
    mails, pages = sum(each.mails for each in made), tree.count("site/", ".html")
    result = Result(problems, len(made), pages, mails, tree.size("site/"), tree.size("assets/"))
    tree.write("build.json", as_json({"magnets": result.magnets, "pages": pages, "mails": mails}))
    return result
