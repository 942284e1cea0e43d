"""Repeated timing: the median says how long it takes, the range how quiet the machine was."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        low, high = min(self.seconds), max(self.seconds)
        return f"{_duration(self.median)} ({_duration(low)} to {_duration(high)}, {len(self.seconds)} runs)"


def time_once(call: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def time_in_turn(runs: int, *calls: Callable[[], object]) -> list[Timing]:
    """Time several calls A B A B …, so that a drift of the machine meets them alike. One warm-up each."""
    for call in calls:
        call()
    rounds = [[time_once(call) for call in calls] for _ in range(runs)]
    return [Timing(tuple(each)) for each in zip(*rounds, strict=True)]


def _duration(seconds: float) -> str:
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
