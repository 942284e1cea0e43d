"""The group `build.py leads`, and what its commands share."""

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from lodestone.cli.options import refusals_printed
from lodestone.errors import CommandError


class _LeadsGroup(click.Group):
    """A group whose commands print a refusal and exit with 1."""

    def invoke(self, context: click.Context) -> Any:
        with refusals_printed():
            return super().invoke(context)


@click.group(cls=_LeadsGroup)
def leads() -> None:
    """Look at leads, and do what only an owner may.

    \b
    Examples:
      python build.py leads show ann@example.com --stack lodestone
      python build.py leads note ann@example.com customer --stack lodestone
      python build.py leads unsettled --stack lodestone
      python build.py leads reconcile --stack lodestone
    """


def ask(question: str, yes: bool) -> None:
    """Ask for a confirmation, unless `yes`. Raises CommandError if the answer is no, or there is no terminal."""
    if yes:
        return
    if not is_interactive():
        raise CommandError("nobody is there to be asked", "if that is what you want, add --yes")
    if not click.confirm(question):
        raise CommandError("you said no, and nothing was changed", "`leads show` shows the lead")


def is_interactive() -> bool:
    """Whether a person at a terminal can be asked."""
    return sys.stdin.isatty()


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of text."""
    print("\n".join(lines))


def print_json(value: Any) -> None:
    """Print a JSON document."""
    print(json.dumps(value, indent=2, ensure_ascii=False))
