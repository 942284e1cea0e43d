"""What a build or a check prints: progress, problems, a summary. Colours turn off by themselves."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from leads.sizes import describe_size
from lodestone.build.pipeline import Progress, Result
from lodestone.formats.counts import counted

#: A build of more magnets than this shows a progress bar.
_LONG = 20


class Report:
    """The output of one build or check. Problems go to standard error, or as JSON to standard output."""

    def __init__(self, root: Path, out: Path, as_json: bool, clock: Callable[[], float] = time.monotonic):
        self._root = root
        self._out = out
        self._as_json = as_json
        self._clock = clock
        self._started = clock()

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Draw a progress bar for a long build, on a terminal."""
        if self._as_json or not sys.stderr.isatty():
            yield lambda done, total: None
            return
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("building", total=None, visible=False)
            yield lambda done, total: bar.update(
                task,
                completed=done,
                total=total,
                description=f"{done} of {total} magnets",
                visible=total > _LONG,
            )

    def built(self, result: Result) -> int:
        """Print the outcome of a build; return the exit code."""
        self._problems(result)
        if self._as_json:
            return int(result.failed)
        if result.failed:
            self._summary(result, f"; {_name(self._out)} left unchanged")
            return 1
        seconds = self._clock() - self._started
        made = ", ".join(
            (
                counted(result.magnets, "magnet"),
                counted(result.pages, "page"),
                counted(result.mails, "mail"),
                f"site {describe_size(result.site_bytes)}",
                f"gated files {describe_size(result.gated_bytes)}",
            )
        )
        print(f"built {_name(self._out)} in {seconds:.2f} s: {made}")
        return 0

    def checked(self, result: Result) -> int:
        """Print the outcome of a check; return the exit code."""
        self._problems(result)
        if not self._as_json:
            for note in result.notes:
                print(note)
            self._summary(result, "")
        return int(result.failed)

    def _problems(self, result: Result) -> None:
        from lodestone.content import problems

        if self._as_json:
            print(json.dumps(problems.as_json(result.problems), indent=2, ensure_ascii=False))
        elif result.problems:
            from rich.console import Console

            Console(stderr=True, highlight=False, soft_wrap=True).print(problems.styled(result.problems))

    def _summary(self, result: Result, tail: str) -> None:
        from lodestone.content.problems import summarise

        print(
            f"{summarise(result.problems, result.magnets)}{tail}",
            file=sys.stderr if result.failed else sys.stdout,
        )


def _name(path: Path) -> str:
    """Format a folder's path relative to the working directory, with a slash."""
    try:
        path = path.absolute().relative_to(Path.cwd())
    except ValueError:
        path = path.absolute()
    return f"{path}/"
