"""`build.py serve`."""

import sys
from pathlib import Path

import click

from lodestone.cli.options import FOLDER, root_option


@click.command()
@root_option
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port on 127.0.0.1.  [default: 8000, or the next free]"
)
@click.option(
    "--data", type=FOLDER, help="Where leads, mails and the clock are kept.  [default: .local/ in the root]"
)
def serve(root: Path, port: int | None, data: Path | None) -> None:
    """Run the whole funnel on this machine.

    Edits to magnets/ and site/ show in the open page within a second. Leads and mails survive a restart.
    The panel at /_local/ shows them, and moves the clock.

    \b
    Examples:
      python build.py serve
      python build.py serve --port 9000 --data /tmp/try-out
    """
    from lodestone.local import serve as run

    sys.exit(run(root, data or root / ".local", port))
