"""A progress bar on a terminal. Nothing is drawn where standard error is no terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def progress_bar(what: str, total: int | None, quiet: bool = False) -> Iterator[Callable[[], None]]:
    """Draw a bar while the block runs. Each call of the function that it yields advances the bar by one.

    `total` is None where it is unknown; `quiet` draws nothing.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def track(items: Iterable[T], what: str, quiet: bool = False) -> Iterator[T]:
    """Yield the items while a bar counts them."""
    with progress_bar(what, None, quiet) as advance:
        for each in items:
            yield each
            advance()
