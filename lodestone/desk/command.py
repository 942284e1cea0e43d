"""`build.py leads …`: the owner looks at leads, and does what only an owner may."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lodestone.desk.records import Records
    from lodestone.desk.stack_records import StackRecords

stack_options = (
    click.option("--stack", help="The CloudFormation stack that has the leads."),
    click.option("--region", help="Its AWS region.  [default: as the AWS command line has it]"),
    click.option("--profile", help="The AWS profile to use.  [default: as the AWS command line has it]"),
)
data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Instead of a stack: where `serve` keeps leads on this machine, such as .local.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


class _Desk(click.Group):
    """What AWS or the data directory refuses is told, and ends with 1."""

    def invoke(self, context: click.Context) -> Any:
        from lodestone.desk.records import Refused
        from lodestone.local.problem import CannotServe
        from lodestone.publish.aws_errors import AwsRefused

        try:
            return super().invoke(context)
        except (AwsRefused, CannotServe, Refused) as refused:
            sys.exit(f"error: {refused}")


def looking(command: Callable) -> Callable:
    """The options of a command that only reads."""
    for option in (json_option, data_option, *reversed(stack_options)):
        command = option(command)
    return command


def changing(command: Callable) -> Callable:
    """The options of a command that writes, to a deployed stack alone."""
    for option in reversed(stack_options):
        command = option(command)
    return command


@click.group(cls=_Desk)
def leads() -> None:
    """Look at leads, and do what only an owner may.

    \b
    Examples:
      python build.py leads show ann@example.com --stack lodestone
      python build.py leads note ann@example.com customer --stack lodestone
      python build.py leads unsettled --stack lodestone
      python build.py leads reconcile --stack lodestone
    """


@leads.command()
@click.argument("lead")
@looking
def show(
    lead: str, stack: str | None, region: str | None, profile: str | None, data: Path | None, as_json: bool
):
    """Show a lead: where they stand, what comes next and why, and all that happened.

    LEAD is an e-mail address, a phone number with its country code, or a lead's id.

    \b
    Examples:
      python build.py leads show ann@example.com --stack lodestone
      python build.py leads show ann@example.com --data .local
    """
    from leads.lead_json import to_json
    from lodestone.desk.display import lines_of_lead
    from lodestone.desk.outlook import outlook
    from lodestone.desk.records import find_lead, funnels_of

    records = open_records(stack, region, profile, data)
    found, history = find_lead(records, lead)
    if as_json:
        _print_json(to_json(found))
    else:
        steps = outlook(found, funnels_of(records, found), records.now())
        _print(lines_of_lead(found, history, steps, records.now()))


@leads.command()
@looking
def unsettled(stack: str | None, region: str | None, profile: str | None, data: Path | None, as_json: bool):
    """List the mails of which nobody knows whether they went out.

    A worker that dies between handing a mail to SES and noting it leaves such a mail, unless SES's reports tell.

    \b
    Examples:
      python build.py leads unsettled --stack lodestone
      python build.py leads unsettled --stack lodestone --json | jq -r '.[].lead'
    """
    from lodestone.desk.display import lines_of_unsettled
    from lodestone.desk.unsettled import find_unsettled

    records = open_records(stack, region, profile, data)
    now = records.now()
    with _looking_through(as_json) as seen:
        found = [mail for lead in records.leads(seen) for mail in find_unsettled(lead, records, now)]
    if as_json:
        _print_json([each.to_json() for each in found])
    else:
        _print(lines_of_unsettled(found, records.where, now))


def open_records(stack: str | None, region: str | None, profile: str | None, data: Path | None) -> "Records":
    """The leads of the stack or the directory that was named. Raises AwsRefused and CannotServe."""
    if bool(stack) == bool(data):
        raise click.UsageError(
            "name where the leads are: --stack NAME, or --data DIR for those on this machine"
        )
    if data:
        from lodestone.desk.local_records import LocalRecords

        return LocalRecords(data)
    return open_stack(stack, region, profile)


def open_stack(stack: str | None, region: str | None, profile: str | None) -> "StackRecords":
    """The leads of a deployed stack. Raises AwsRefused."""
    from lodestone.desk.stack_records import StackRecords
    from lodestone.publish.stack import open_session, read_stack

    if not stack:
        raise click.UsageError("name the stack: --stack NAME")
    session = open_session(profile, region)
    return StackRecords(read_stack(stack, session), session, lambda: datetime.now(UTC))


def _looking_through(quiet: bool):
    from lodestone.terminal import progress_bar

    return progress_bar("reading leads", None, quiet)


def _print(lines) -> None:
    print("\n".join(lines))


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
