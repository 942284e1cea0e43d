"""`build.py doctor`."""

import sys
from pathlib import Path

import click

from lodestone.cli.options import json_option, profile_option, refusals_printed, region_option, root_option


@click.command()
@root_option
@click.option("--stack", required=True, help="The CloudFormation stack to examine.")
@region_option
@profile_option
@json_option()
def doctor(root: Path, stack: str, region: str | None, profile: str | None, as_json: bool) -> None:
    """Find what would keep a deployed stack's mails from arriving.

    Looks at SES, the sender's domain in DNS, queues, alarms, quotas and the site, and says of each finding what it
    means for the leads and what to do. Changes nothing. Exits with 1 where something is an error.

    \b
    Examples:
      python build.py doctor --stack lodestone
      python build.py doctor --stack lodestone --region eu-west-1 --profile press
      python build.py doctor --stack lodestone --json | jq '.findings[] | select(.severity == "error")'
    """
    from datetime import UTC, datetime

    from lodestone.doctor.command import diagnose
    from lodestone.stack.outputs import open_session

    with refusals_printed():
        session = open_session(profile, region)
        sys.exit(diagnose(root, stack, session, lambda: datetime.now(UTC), as_json))
