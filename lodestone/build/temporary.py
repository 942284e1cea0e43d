"""A build in a folder of its own, for commands that look at what a build makes and leave `dist/` as it was."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lodestone.build.pipeline import build
from lodestone.cli.terminal import Report


@contextmanager
def temporary_build(root: Path, as_json: bool = False) -> Iterator[Path | None]:
    """Where the build is, while the block runs; None where it had problems, which are printed then.

    Warnings are left to `check`: whoever looks at a plan wants the plan.
    """
    with tempfile.TemporaryDirectory(prefix="lodestone-") as folder:
        out = Path(folder) / "build"
        report = Report(root, out, as_json)
        with report.progress() as progress:
            result = build(root, out, progress=progress)
        if result.failed:
            report.checked(result)
        yield None if result.failed else out
