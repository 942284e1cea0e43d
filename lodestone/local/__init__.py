"""The whole stack on one machine: embedded AWS from template.yaml, HTTP, a clock to move, an inbox, live reload."""

from pathlib import Path


def serve(root: Path, data: Path, port: int | None = None) -> int:
    """Run everything on 127.0.0.1 until Ctrl-C or SIGTERM; the exit code (0, or 1 with the reason printed).

    `root` holds magnets/ and site/; `data` keeps leads, mails and the clock between runs. Without a `port`
    it is 8000 or the next one free.
    """
    # Imported here, so that importing `lodestone.local.template` does not load a web server.
    from lodestone.local.server import run

    return run(root, data, port)
