"""Run every benchmark and print one table. Nothing here passes or fails by a time: ratios are for people.

Usage: python -m bench [name …]   names: build, capture, drip, imports, package, cost
"""

import sys
from collections.abc import Callable, Iterator

from bench import build, capture, cost, drip, imports, package

BENCHMARKS: dict[str, Callable[[], Iterator[str]]] = {
    "build": build.run,
    "capture": capture.run,
    "drip": drip.run,
    "imports": imports.run,
    "package": package.run,
    "cost": cost.run,
}


def main(names: list[str]) -> int:
    unknown = [each for each in names if each not in BENCHMARKS]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(f"── {name} ".ljust(78, "─"))
        for line in BENCHMARKS[name]():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
