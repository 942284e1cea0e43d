"""The options that name where leads are stored: a deployed stack, or a data directory. Every command imports this."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lodestone.cli.options import FOLDER, json_option, profile_option, region_option

if TYPE_CHECKING:
    from lodestone.records.local import LocalRecords
    from lodestone.records.stack import StackRecords

_STACK = (
    click.option("--stack", help="The CloudFormation stack that has the leads."),
    region_option,
    profile_option,
)
_DATA = click.option(
    "--data",
    type=FOLDER,
    help="Instead of a stack: where `serve` keeps leads on this machine, such as .local.",
)

Command = Callable[..., Any]

_JSON: Callable[[Command], Command] = json_option("Print JSON, for programs.")


class LeadSource(NamedTuple):
    """Where the command line says that leads are stored: a stack, or a data directory."""

    stack: str | None
    region: str | None
    profile: str | None
    data: Path | None


def source_options(command: Command) -> Command:
    """Add the options that name a stack or a data directory. They are passed as one `source`."""
    return _with_options(command, *_STACK, _DATA)


def reading_options(command: Command) -> Command:
    """Add the options of `source_options`, and --json."""
    return _JSON(source_options(command))


def stack_options(command: Command) -> Command:
    """Add the options that name a stack. They are passed as one `source`."""
    return _with_options(command, *_STACK)


def _with_options(command: Command, *options: Command) -> Command:
    @wraps(command)
    def collected(
        stack: str | None = None,
        region: str | None = None,
        profile: str | None = None,
        data: Path | None = None,
        **others: Any,
    ) -> Any:
        return command(source=LeadSource(stack, region, profile, data), **others)

    for option in reversed(options):
        collected = option(collected)
    return collected


def open_records(source: LeadSource) -> "StackRecords | LocalRecords":
    """Open the records of the stack or the directory that was named.

    Raises AwsError if AWS refuses a call, CannotServe if the directory has no local stack, and UsageError if neither or
    both are named.
    """
    if bool(source.stack) == bool(source.data):
        message = "name where the leads are: --stack NAME, or --data DIR for those on this machine"
        raise click.UsageError(message)
    if source.data:
        from lodestone.records.local import LocalRecords

        return LocalRecords(source.data)
    return open_stack(source)


def open_stack(source: LeadSource) -> "StackRecords":
    """Open the records of the stack that was named. Raises AwsError if AWS refuses a call, UsageError if none is."""
    from lodestone.records.stack import StackRecords
    from lodestone.stack.outputs import open_session, read_stack

    if not source.stack:
        raise click.UsageError("name the stack: --stack NAME")
    session = open_session(source.profile, source.region)
    return StackRecords(read_stack(source.stack, session), session, lambda: datetime.now(UTC))
