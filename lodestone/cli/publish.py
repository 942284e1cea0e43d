"""`build.py publish`."""

import sys
from pathlib import Path

import click

from lodestone.cli.options import json_option, profile_option, refusals_printed, region_option, root_option


@click.command()
@root_option
@click.option("--stack", required=True, help="The CloudFormation stack to publish to.")
@region_option
@profile_option
@click.option("--dry-run", is_flag=True, help="Show the difference and write nothing.")
@click.option("--prune", is_flag=True, help="Also delete gated files that no magnet has any more.")
@click.option("--yes", is_flag=True, help="Do not ask where leads in flight are affected.")
@json_option()
def publish(
    root: Path,
    stack: str,
    region: str | None,
    profile: str | None,
    dry_run: bool,
    prune: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Build, and bring a deployed stack to what was built.

    Only what differs is written, in an order that keeps the site whole; a run that was cut goes on where it
    stopped. A build with problems is refused.

    \b
    Examples:
      python build.py publish --stack lodestone --dry-run
      python build.py publish --stack lodestone
      python build.py publish --stack lodestone --region eu-west-1 --profile press --yes
    """
    from datetime import UTC, datetime

    from lodestone.publish.command import PublishRequest
    from lodestone.publish.command import publish as run
    from lodestone.stack.outputs import open_session

    request = PublishRequest(root, stack, dry_run, prune, yes, as_json)
    with refusals_printed():
        ask = click.confirm if sys.stdin.isatty() and not as_json else None
        sys.exit(run(request, open_session(profile, region), lambda: datetime.now(UTC), ask))
