"""`build.py leads`: the group, the options that its commands share, and how they begin and end."""

import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from lodestone.desk.local_records import LocalRecords
    from lodestone.desk.stack_records import StackRecords

_STACK = (
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


class _Desk(click.Group):
    """What AWS or the data directory refuses is told, and ends with 1."""

    def invoke(self, context: click.Context) -> Any:
        from lodestone.desk.records import CommandError
        from lodestone.local.problem import CannotServe
        from lodestone.publish.aws_errors import AwsError

        try:
            return super().invoke(context)
        except (AwsError, CannotServe, CommandError) as refused:
            sys.exit(f"error: {refused}")


class LeadSource(NamedTuple):
    """Where the command line says that the leads are."""

    stack: str | None
    region: str | None
    profile: str | None
    data: Path | None


def reading_options(command: Callable) -> Callable:
    """The options of a command that only reads."""
    return json_option(writing_options(command))


def writing_options(command: Callable) -> Callable:
    """The options of a command for leads anywhere. They come as one `source`."""
    return _with_place(command, *_STACK, data_option)


def stack_options(command: Callable) -> Callable:
    """The options of a command for deployed stacks alone. They come as one `source`."""
    return _with_place(command, *_STACK)


def _with_place(command: Callable, *options: Callable) -> Callable:
    @wraps(command)
    def placed(stack=None, region=None, profile=None, data=None, **others: Any) -> Any:
        return command(source=LeadSource(stack, region, profile, data), **others)

    for option in reversed(options):
        placed = option(placed)
    return placed


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


def open_records(source: LeadSource) -> "StackRecords | LocalRecords":
    """The leads of the stack or the directory that was named. Raises AwsError and CannotServe."""
    if bool(source.stack) == bool(source.data):
        message = "name where the leads are: --stack NAME, or --data DIR for those on this machine"
        raise click.UsageError(message)
    if source.data:
        from lodestone.desk.local_records import LocalRecords

        return LocalRecords(source.data)
    return open_stack(source)


def open_stack(source: LeadSource) -> "StackRecords":
    """The leads of a deployed stack. Raises AwsError."""
    from lodestone.desk.stack_records import StackRecords
    from lodestone.publish.stack import open_session, read_stack

    if not source.stack:
        raise click.UsageError("name the stack: --stack NAME")
    session = open_session(source.profile, source.region)
    return StackRecords(read_stack(source.stack, session), session, lambda: datetime.now(UTC))


def ask(question: str, yes: bool) -> None:
    """Go on only if whoever sits there says so. Raises CommandError."""
    from lodestone.desk.records import CommandError

    if yes:
        return
    if not somebody_is_there():
        raise CommandError("nobody is there to be asked", "if that is what you want, add --yes")
    if not click.confirm(question):
        raise CommandError("you said no, and nothing was changed", "`leads show` shows the lead")


def somebody_is_there() -> bool:
    """Whether there is a person at the terminal to be asked."""
    return sys.stdin.isatty()


def looking_through(quiet: bool):
    from lodestone.cli.terminal import progress_bar

    return progress_bar("reading leads", None, quiet)


def print_lines(lines: Iterable[str]) -> None:
    print("\n".join(lines))


def print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
