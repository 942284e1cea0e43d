"""`build.py plan`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from lodestone.cli.lead_source import LeadSource, open_records, source_options
from lodestone.cli.options import FILE, confirmed_option, instant, json_option, refusals_printed, root_option


@click.command()
@root_option
@source_options
@click.option("--magnet", default="", metavar="SLUG", help="One magnet's sequence alone.")
@confirmed_option
@click.option("--out", type=FILE, metavar="FILE.svg", help="Also draw the timeline into this file.")
@json_option()
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
    with refusals_printed():
        records = open_records(source) if source.stack or source.data else None
        at = instant(confirmed, records.now() if records else datetime.now(UTC))
        sys.exit(run(PlanRequest(root, magnet, out, as_json), records, at))
