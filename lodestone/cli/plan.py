"""`build.py plan`."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lodestone.cli.options import FILE, confirmed_option, instant, root_option, told_and_ended
from lodestone.desk.group import LeadSource
from lodestone.desk.group import writing_options as place_options

if TYPE_CHECKING:
    from lodestone.plan.source import Source


@click.command()
@root_option
@place_options
@click.option("--magnet", default="", metavar="SLUG", help="One magnet's sequence alone.")
@confirmed_option
@click.option("--out", type=FILE, metavar="FILE.svg", help="Also draw the timeline into this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, for programs.")
def plan(
    root: Path, source: LeadSource, magnet: str, confirmed: str | None, out: Path | None, as_json: bool
) -> None:
    """Show who would get which mail and when, before and after your edits.

    After is the working tree, before is what a stack or the local stack uses now; each lead in flight is asked for
    what comes next. With neither, each sequence is shown as somebody gets it who confirms now. Changes nothing.

    \b
    Examples:
      python build.py plan
      python build.py plan --data .local --out plan.svg
      python build.py plan --stack lodestone --magnet pricing-your-work
    """
    from lodestone.plan.command import PlanRequest
    from lodestone.plan.command import plan as run

    if source.stack and source.data:
        raise click.UsageError("compare with --stack or with --data, not with both")
    with told_and_ended():
        now = datetime.now(UTC)
        source = _source(source, now, as_json)
        at = instant(confirmed, source.now if source else now)
        sys.exit(run(PlanRequest(root, magnet, out, as_json), source, at))


def _source(source: LeadSource, now: datetime, quiet: bool) -> "Source | None":
    from lodestone.plan.source import from_data, from_stack
    from lodestone.publish.stack import open_session

    if source.data:
        return from_data(source.data)
    if not source.stack:
        return None
    return from_stack(source.stack, open_session(source.profile, source.region), now, quiet)
