"""`build.py publish`: build, compare with what is deployed, say so, write what differs."""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from leads.lead import Lead
from lodestone.build.pipeline import Result, build
from lodestone.cli.terminal import Report, progress_bar
from lodestone.publish.apply import Publisher
from lodestone.publish.aws_errors import AwsError
from lodestone.publish.clients import Clients
from lodestone.publish.deployed import read_deployed
from lodestone.publish.difference import Built, compare, funnels_of, read_built
from lodestone.publish.display import Display
from lodestone.publish.folded_leads import count_leads
from lodestone.publish.in_flight import Change, Group, affected, changed_sequences, largest_first
from lodestone.publish.stack import StackOutputs, read_stack
from lodestone.publish.write_plan import WritePlan, make_write_plan


@dataclass(frozen=True)
class PublishRequest:
    """What was asked for. `yes`: go on without a question; `prune`: delete gated files of earlier builds."""

    root: Path
    stack: str
    dry_run: bool = False
    prune: bool = False
    yes: bool = False
    as_json: bool = False


def publish(
    request: PublishRequest,
    session: Any,
    now: Callable[[], datetime],
    ask: Callable[[str], bool] | None = None,
) -> int:
    """Bring the stack to what the root builds; the exit code. Raises AwsError.

    `session` is a boto3 session; `ask` puts a question to whoever sits there, None where nobody does. The
    build is made in a folder of its own, so that `dist/` stays as it was.
    """
    stack = _checked(read_stack(request.stack, session))
    with tempfile.TemporaryDirectory(prefix="lodestone-") as folder:
        out = Path(folder) / "build"
        report = Report(request.root, out, request.as_json)
        with report.progress() as progress:
            result = build(request.root, out, progress=progress, today=now().date())
        if result.failed:
            return _refuse(report, result)
        if result.problems and not request.as_json:
            report.checked(result)
        run = _Run(request, stack, Clients(session), now, Display(stack, request.dry_run, request.as_json))
        return run.bring(read_built(out), ask)


class _Run:
    """One run against one stack."""

    def __init__(
        self,
        request: PublishRequest,
        stack: StackOutputs,
        clients: Clients,
        now: Callable[[], datetime],
        display: Display,
    ):
        self._request = request
        self._stack = stack
        self._clients = clients
        self._now = now
        self._display = display

    def bring(self, built: Built, ask: Callable[[str], bool] | None) -> int:
        """Show the difference, warn, ask, write; the exit code."""
        display, stack = self._display, self._stack
        deployed = read_deployed(stack, self._clients, built.slugs)
        plan = make_write_plan(compare(built, deployed, stack), deployed.untold, stack, self._request.prune)
        _warn_of_addresses(built, stack, display)
        display.difference(plan)
        touched = self._warn_of_leads(changed_sequences(funnels_of(deployed.items), built.funnels))
        if self._request.dry_run or not plan.phases:
            return display.end(plan)
        if touched and not self._request.yes:
            if ask is None:
                return display.refuse("nobody is there to be asked", "if that is what you want, add --yes")
            if not ask("Publish?"):
                return display.refuse("you said no", "--dry-run shows the difference again")
        self._write(plan)
        return display.end(plan)

    def _warn_of_leads(self, changes: Mapping[str, Change]) -> bool:
        """Say which leads in flight get other mails; whether there are any, or may be."""
        if not changes:
            return False
        try:
            with progress_bar("reading leads", None, self._request.as_json) as seen:
                groups = self._count(changes, seen)
        except AwsError as refused:
            if not refused.permission:
                raise
            self._display.unseen_leads(sorted(changes), refused)
            return True
        self._display.leads(groups)
        return bool(groups)

    def _count(self, changes: Mapping[str, Change], seen: Callable[[], None]) -> dict[Group, int]:
        now = self._now()

        def tally(leads: Iterator[Lead]) -> Counter[Group]:
            return affected(leads, changes, now)

        return largest_first(count_leads(self._clients.dynamodb, self._stack.table, changes, tally, seen))

    def _write(self, plan: WritePlan) -> None:
        try:
            with progress_bar("publishing", len(plan.writes), self._request.as_json) as wrote:
                Publisher(self._clients, self._now).apply(plan, wrote)
        except AwsError as refused:
            again = "what is written so far is in use and whole; the same command goes on from there"
            refused.remedy = f"{refused.remedy}\n      {again}"
            raise
        self._display.published()


def _checked(stack: StackOutputs) -> StackOutputs:
    """A stack that is one of ours."""
    missing = {"TableName": stack.table, "AssetsBucketName": stack.assets_bucket}
    names = ", ".join(name for name, value in missing.items() if not value)
    if names:
        remedy = "name the stack that template.yaml made, or deploy it again: `make deploy`"
        raise AwsError(f"the stack `{stack.name}` has no output {names}", remedy)
    return stack


def _refuse(report: Report, result: Result) -> int:
    report.checked(result)
    print("nothing was published", file=sys.stderr)
    return 1


def _warn_of_addresses(built: Built, stack: StackOutputs, display: Display) -> None:
    base_url = built.base_url
    if base_url and stack.site_url and base_url != stack.site_url.rstrip("/"):
        display.warn(
            f"links in mails lead to {base_url}, and the stack answers at {stack.site_url}",
            "set `base_url` in site/site.yaml to the address that visitors use, or point that name at the stack",
        )
    if not stack.site_bucket:
        display.warn(
            "the stack has no site bucket: mails and definitions are published, pages are not",
            "deploy the stack of this version: `make deploy`",
        )
