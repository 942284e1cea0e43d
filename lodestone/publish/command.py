"""`build.py publish`: build, compare with what is deployed, print the difference, write it."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lodestone.build.temporary import temporary_build
from lodestone.progress import progress_bar, track
from lodestone.publish.apply import Publisher
from lodestone.publish.deployed import read_deployed
from lodestone.publish.difference import Built, compare, read_built
from lodestone.publish.display import Display
from lodestone.publish.in_flight import Change, affected, changed_sequences, largest_first
from lodestone.publish.told import contradiction, note_published
from lodestone.publish.write_plan import WritePlan, make_write_plan
from lodestone.records.stack import StackRecords
from lodestone.stack.clients import Clients
from lodestone.stack.definitions import funnels_of
from lodestone.stack.errors import AwsError
from lodestone.stack.outputs import StackOutputs, read_stack


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
    """Publish a build of the root to the stack; the exit code.

    `session` is a boto3 session; `ask` asks the person at the terminal, None if there is none. The build is temporary,
    so `dist/` stays as it was. Raises AwsError if AWS refuses a call.
    """
    stack = _checked(read_stack(request.stack, session))
    with temporary_build(request.root, request.as_json, now().date(), warnings=True) as out:
        if out is None:
            print("nothing was published", file=sys.stderr)
            return 1
        return _Run(request, stack, session, now).bring(read_built(out), ask)


class _Run:
    """One run of `publish` for one stack."""

    def __init__(
        self,
        request: PublishRequest,
        stack: StackOutputs,
        session: Any,
        now: Callable[[], datetime],
    ):
        self._request = request
        self._stack = stack
        self._clients = Clients(session)
        self._records = StackRecords(stack, session, now)
        self._now = now
        self._display = Display(stack, request.dry_run, request.as_json)

    def bring(self, built: Built, ask: Callable[[str], bool] | None) -> int:
        """Print the difference, warn, ask, write; the exit code."""
        display, stack = self._display, self._stack
        deployed = read_deployed(stack, self._clients, built.slugs)
        plan = make_write_plan(
            compare(built, deployed, stack), deployed.pending_paths, stack, self._request.prune
        )
        _warn_of_addresses(built, stack, display)
        display.difference(plan)
        if refused := contradiction(funnels_of(deployed.items), built.funnels):
            return display.refuse(*refused)
        touched = self._warn_of_leads(changed_sequences(funnels_of(deployed.items), built.funnels))
        if self._request.dry_run:
            return display.end(plan)
        if not plan.phases:
            self._note(built)
            return display.end(plan)
        if touched and not self._request.yes:
            if ask is None:
                return display.refuse("nobody is there to be asked", "if that is what you want, add --yes")
            if not ask("Publish?"):
                return display.refuse("you said no", "--dry-run shows the difference again")
        self._write(plan)
        self._note(built)
        return display.end(plan)

    def _note(self, built: Built) -> None:
        """Have features write down in the root what visitors have now been told."""
        self._display.noted(note_published(self._request.root, built.funnels, self._now().date()))

    def _warn_of_leads(self, changes: Mapping[str, Change]) -> bool:
        """Print which leads in flight get other mails; whether there are any, or may be."""
        if not changes:
            return False
        try:
            leads = track(self._records.leads(changes), "reading leads", self._request.as_json)
            groups = largest_first(affected((each.lead for each in leads), changes, self._now()))
        except AwsError as refused:
            if not refused.permission:
                raise
            self._display.unseen_leads(sorted(changes), refused)
            return True
        self._display.leads(groups)
        return bool(groups)

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
    """Return the stack. Raises AwsError if template.yaml did not make it."""
    missing = {"TableName": stack.table, "AssetsBucketName": stack.assets_bucket}
    names = ", ".join(name for name, value in missing.items() if not value)
    if names:
        remedy = "name the stack that template.yaml made, or deploy it again: `make deploy`"
        raise AwsError(f"the stack `{stack.name}` has no output {names}", remedy)
    return stack


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
