"""What the commands print: progress, problems, a summary. Colours turn off by themselves."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from leads.sizes import describe_size

if TYPE_CHECKING:
    from lodestone.build.pipeline import Progress, Result

#: A build of more magnets than this shows a progress bar.
_LONG = 20


class Report:
    """One command's output. Problems go to standard error, or as JSON to standard output."""

    def __init__(self, root: Path, out: Path, as_json: bool, clock: Callable[[], float] = time.monotonic):
        self._root = root
        self._out = out
        self._as_json = as_json
        self._clock = clock
        self._started = clock()

    @contextmanager
    def progress(self) -> Iterator["Progress"]:
        """A bar for long builds, on a terminal."""
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

    def built(self, result: "Result") -> int:
        """Print the outcome of a build; the exit code."""
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

    def checked(self, result: "Result") -> int:
        """Print the outcome of a check; the exit code."""
        self._problems(result)
        if not self._as_json:
            self._summary(result, "")
        return int(result.failed)

    def _problems(self, result: "Result") -> None:
        from lodestone.content import problems

        if self._as_json:
            print(json.dumps(problems.as_json(result.problems), indent=2, ensure_ascii=False))
        elif result.problems:
            from rich.console import Console

            Console(stderr=True, highlight=False, soft_wrap=True).print(problems.styled(result.problems))

    def _summary(self, result: "Result", tail: str) -> None:
        from lodestone.content.problems import summarise

        print(
            f"{summarise(result.problems, result.magnets)}{tail}",
            file=sys.stderr if result.failed else sys.stdout,
        )


def list_written(root: Path, written: list[Path]) -> None:
    """What `new` wrote, and what to do next."""
    for path in written:
        print(f"wrote {path.relative_to(root)}")
    print("next: python build.py serve" + ("" if root == Path(__file__).parents[2] else f" --root {root}"))


def run(command: Callable[[], None]) -> None:
    """Run a command so that a user never meets a traceback for what is not our fault."""
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


@contextmanager
def progress_bar(what: str, total: int | None, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, none where it is to be `quiet`. What it yields is called once for each of `total`,
    which is None where nobody knows it.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def _name(path: Path) -> str:
    """A path as one would type it here, with a slash: it is a folder."""
    try:
        path = path.absolute().relative_to(Path.cwd())
    except ValueError:
        path = path.absolute()
    return f"{path}/"


def counted(number: int, noun: str) -> str:
    """`1 page`, `2,000 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
