"""Loads a root folder into a `Site`, or reports why it cannot: for commands that want content and no pages."""

from datetime import date
from pathlib import Path

from lodestone.build.join import head_of, join_heads
from lodestone.build.magnet_folder import read_magnet
from lodestone.build.scan import scan_root
from lodestone.content.model import Site
from lodestone.content.problems import Problem, Problems, has_errors, in_order


def load_site(root: Path, today: date | None = None) -> tuple[Site | None, list[Problem]]:
    """Load the site in `root`. Return it, or None if a problem is an error, and all problems by file and line.

    With `today`, warn of dates of magnets that are past.
    """
    scan = scan_root(root)
    problems = Problems(scan.root)
    read = (read_magnet(each, scan.site, scan.defaults, scan.finder, problems) for each in scan.folders)
    drafts = [each for each in read if each]
    found = in_order(
        [*scan.problems, *problems, *join_heads(scan, [head_of(each) for each in drafts], today)]
    )
    if has_errors(found) or scan.site.doc is None or scan.site.front is None:
        return None, found  # what could not be read is among the errors
    magnets = tuple(each.finish(scan.defaults) for each in drafts)
    return Site(scan.root, scan.site.doc, scan.site.front, scan.pages, magnets), found
