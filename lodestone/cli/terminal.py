"""Run the command line, so that an error of the operating system ends it with a message, not with a traceback."""

import os
import sys
from collections.abc import Callable


def run(command: Callable[[], None]) -> None:
    """Run a command. Print an error of the system (a disk, a folder's rights) as a message, and exit with 1."""
    try:
        command()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        print(
            f"error: {error.strerror or error}:{where}\nhelp: check the folder's rights and the disk",
            file=sys.stderr,
        )
        sys.exit(1)
