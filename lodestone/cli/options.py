"""Options that several commands take, and how what they refuse is told. Light: imported by every command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

#: The checkout: where magnets/ and site/ are looked for unless another root is named.
HERE = Path(__file__).resolve().parents[2]

ROOT = click.Path(exists=True, file_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)

root_option = click.option(
    "--root",
    type=ROOT,
    default=HERE,
    show_default="this checkout",
    help="The folder that holds magnets/ and site/.",
)
confirmed_option = click.option(
    "--confirmed",
    metavar="INSTANT",
    help='When an invented lead confirms: "2026-12-01 09:00", in UTC unless it names an offset.  [default: now]',
)


def instant(text: str | None, now: datetime) -> datetime:
    """What `--confirmed` says, else now."""
    from lodestone.formats.dates import read_instant

    try:
        return read_instant(text, ZoneInfo("UTC")) if text else now
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f'`{text}` is no instant; write "2026-12-01 09:00" or "2026-12-01 09:00+01:00"',
            param_hint="--confirmed",
        ) from error


@contextmanager
def told_and_ended() -> Iterator[None]:
    """What AWS, the data directory or the leads' records refuse is printed, and ends the command with 1."""
    from lodestone.desk.records import CommandError
    from lodestone.local.problem import CannotServe
    from lodestone.publish.aws_errors import AwsError

    try:
        yield
    except (AwsError, CannotServe, CommandError) as refused:
        sys.exit(f"error: {refused}")
