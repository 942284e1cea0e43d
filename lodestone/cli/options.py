"""The options that several commands take, and how a refusal is printed. Every command imports this."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from lodestone.errors import CommandError

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
region_option = click.option("--region", help="Its AWS region.  [default: as the AWS command line has it]")
profile_option = click.option(
    "--profile", help="The AWS profile to use.  [default: as the AWS command line has it]"
)
confirmed_option = click.option(
    "--confirmed",
    metavar="INSTANT",
    help='When an invented lead confirms: "2026-12-01 09:00", in UTC unless it names an offset.  [default: now]',
)


def json_option(help: str = "Print one JSON document, for programs.") -> Callable[[Any], Any]:
    """Return the option --json, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=help)


def instant(text: str | None, now: datetime) -> datetime:
    """Return the instant that `--confirmed` names, else now. Raises BadParameter if it names none."""
    from lodestone.formats.dates import read_instant

    try:
        return read_instant(text, ZoneInfo("UTC")) if text else now
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f'`{text}` is no instant; write "2026-12-01 09:00" or "2026-12-01 09:00+01:00"',
            param_hint="--confirmed",
        ) from error


@contextmanager
def refusals_printed() -> Iterator[None]:
    """Print a refusal (of AWS, of the local stack, of the command itself), and exit with 1."""
    try:
        yield
    except CommandError as refused:
        sys.exit(f"error: {refused}")
