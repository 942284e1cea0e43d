"""`build.py build` and `build.py check`."""

import sys
from pathlib import Path

import click

from lodestone.cli.options import FOLDER, json_option, root_option

_json_option = json_option("Print problems as JSON, for editors.")


@click.command()
@root_option
@click.option("--out", type=FOLDER, help="Where to build.  [default: dist/ in the root]")
@_json_option
def build(root: Path, out: Path | None, as_json: bool) -> None:
    """Build the site and the funnel definitions into dist/.

    dist/ is swapped in whole, or, where there is a problem, left as it was.

    \b
    Examples:
      python build.py build
      python build.py build --root ~/acme --out /tmp/preview
    """
    from datetime import UTC, datetime

    from lodestone.build.output_tree import NotOurs
    from lodestone.build.pipeline import build as build_site
    from lodestone.build.report import Report

    out = out or root / "dist"
    report = Report(root, out, as_json)
    try:
        with report.progress() as progress:
            result = build_site(root, out, progress=progress, today=datetime.now(UTC).date())
    except NotOurs as error:
        raise click.UsageError(
            f"{error}.\nhelp: choose an empty folder with --out, or empty this one"
        ) from error
    sys.exit(report.built(result))


@click.command()
@root_option
@_json_option
def check(root: Path, as_json: bool) -> None:
    """Find every problem in the content, and write nothing.

    \b
    Examples:
      python build.py check
      python build.py check --json | jq '.[].message'
    """
    from datetime import UTC, datetime

    from lodestone.build.pipeline import check as check_site
    from lodestone.build.report import Report

    result = check_site(root, datetime.now(UTC).date())
    sys.exit(Report(root, root / "dist", as_json).checked(result))
