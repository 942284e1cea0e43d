"""A build in a temporary folder, for commands that read what a build makes and leave `dist/` as it was."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from lodestone.build.pipeline import build
from lodestone.build.report import Report


@contextmanager
def temporary_build(
    root: Path, as_json: bool = False, today: date | None = None, warnings: bool = False
) -> Iterator[Path | None]:
    """Build `root` and yield the folder of the build; None where it failed, with its problems printed.

    `warnings` prints the warnings of a build that succeeded, but never into the output of `as_json`.
    """
    with tempfile.TemporaryDirectory(prefix="lodestone-") as folder:
        out = Path(folder) / "build"
        report = Report(root, out, as_json)
        with report.progress() as progress:
            result = build(root, out, progress=progress, today=today)
        if result.failed or (warnings and result.problems and not as_json):
            report.checked(result)
        yield None if result.failed else out
