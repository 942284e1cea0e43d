"""`build.py doctor`: read the stack, run the checks, print the findings."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from lodestone.build.pipeline import Result
from lodestone.build.report import Report
from lodestone.build.scan import magnet_folders
from lodestone.content.files import FileFinder
from lodestone.content.problems import Problems, has_errors, in_order
from lodestone.content.site_file import load_site_file
from lodestone.doctor import display
from lodestone.doctor.examination import examine
from lodestone.doctor.findings import Section, Severity, count
from lodestone.doctor.reach import Aws, Dns, Https
from lodestone.doctor.sources import Names, SiteFacts, Sources, Web
from lodestone.stack.outputs import read_stack


def diagnose(
    root: Path,
    stack: str,
    session: Any,
    now: Callable[[], datetime],
    as_json: bool = False,
    names: Names | None = None,
    web: Web | None = None,
) -> int:
    """Examine a stack and compare it with the site in `root`; the exit code, 1 if a finding is an error.

    `session` is a boto3 session; `names` and `web` are this machine's DNS and HTTPS unless given. Writes nothing.
    Raises AwsError if there is no such stack or AWS cannot be reached.
    """
    site = read_site(root, as_json)
    if site is None:
        return 1
    deployed, aws = read_stack(stack, session), Aws(session)
    sources = Sources(deployed, site, aws.ask, names or Dns(), web or Https(), now, aws.emulated)
    with _spinner(stack, as_json):
        sections = examine(sources)
    if as_json:
        print(display.as_json(deployed.name, deployed.region, sections))
    else:
        _print(deployed.name, deployed.region, sections)
    return int(count(sections, Severity.ERROR) > 0)


def read_site(root: Path, as_json: bool = False) -> SiteFacts | None:
    """Read site.yaml and the magnets' names; print the problems and return None if site.yaml has errors."""
    root = root.absolute()
    problems, finder = Problems(root), FileFinder(root)
    front = load_site_file(root, finder, problems).front
    if front is None or has_errors(problems):
        Report(root, root / "dist", as_json).checked(Result(tuple(in_order(problems))))
        return None
    magnets = tuple(each.name for each in magnet_folders(root, finder, problems))
    return SiteFacts(front.base_url, front.sender.email, magnets)


def _spinner(stack: str, as_json: bool) -> Any:
    """Show a spinner while AWS and DNS are asked; none without a terminal."""
    if as_json or not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"looking at {stack} …")


def _print(stack: str, region: str, sections: tuple[Section, ...]) -> None:
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(display.styled(stack, region, sections, console.width))
