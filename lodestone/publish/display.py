"""What `publish` prints: the difference, the leads in flight, the result. For people, or as one JSON document."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from leads.sizes import describe_size
from lodestone.formats.counts import counted
from lodestone.publish.in_flight import Group
from lodestone.publish.in_flight_words import sentence
from lodestone.publish.write_plan import WritePlan
from lodestone.publish.writes import ADD, CHANGE, DELETE, Shown
from lodestone.stack.errors import AwsError
from lodestone.stack.outputs import StackOutputs

_SIGNS = {ADD: "+", CHANGE: "~", DELETE: "-"}
_DONE = {ADD: "added", CHANGE: "changed", DELETE: "deleted"}

#: A run shows this many lines of a kind; a dry run shows all.
_MOST_LINES = 20


class Display:
    """The output of one run. Warnings go to standard error; with `as_json` everything is one document at the end."""

    def __init__(self, stack: StackOutputs, dry_run: bool, as_json: bool):
        self._stack = stack
        self._dry_run = dry_run
        self._as_json = as_json
        self._document: dict[str, Any] = {"stack": stack.name, "region": stack.region, "dry_run": dry_run}
        self._document |= {"published": False, "warnings": [], "leads_in_flight": []}

    def warn(self, message: str, remedy: str) -> None:
        """Print a warning."""
        self._document["warnings"].append({"message": message, "help": remedy})
        if not self._as_json:
            print(f"warning: {message}\nhelp: {remedy}", file=sys.stderr)

    def difference(self, plan: WritePlan) -> None:
        """Print the difference between the build and the stack."""
        self._document |= {
            "changes": [asdict(each) for each in plan.shown],
            "invalidates": list(plan.paths),
            "kept": dict(plan.kept),
        }
        if not self._as_json:
            print("\n".join(_described(plan, self._stack, None if self._dry_run else _MOST_LINES)))

    def leads(self, groups: Mapping[Group, int]) -> None:
        """Print which leads in flight get other mails than before."""
        told = [
            {"magnet": group.magnet, "leads": leads, "what": sentence(group, leads)}
            for group, leads in groups.items()
        ]
        self._document["leads_in_flight"] = told
        if told and not self._as_json:
            print(f"warning: {counted(sum(groups.values()), 'lead')} in flight affected", file=sys.stderr)
            for each in told:
                print(f"  {each['magnet']}: {each['what']}", file=sys.stderr)

    def unseen_leads(self, magnets: list[str], refused: AwsError) -> None:
        """Warn that these credentials may not read the leads of a sequence that changed."""
        names = ", ".join(f"`{each}`" for each in magnets)
        self._document["leads_in_flight"] = None
        self.warn(
            f"the sequence of {names} changed; whom that affects cannot be seen: {refused.message}",
            refused.remedy,
        )

    def refuse(self, reason: str, remedy: str) -> int:
        """Print why nothing is written; the exit code."""
        self._document["error"] = {"message": reason, "help": remedy}
        if self._as_json:
            self._print_document()
        else:
            print(f"error: nothing was published: {reason}\nhelp: {remedy}", file=sys.stderr)
        return 1

    def published(self) -> None:
        """Note that everything is written."""
        self._document["published"] = True

    def noted(self, paths: Iterable[Path]) -> None:
        """Print the files of the root that now say what visitors were told."""
        self._document["noted"] = [each.as_posix() for each in paths]
        for path in self._document["noted"] if not self._as_json else ():
            print(f"noted in {path}: commit it")

    def end(self, plan: WritePlan) -> int:
        """Print the last line, or the document; the exit code."""
        if self._as_json:
            self._print_document()
        else:
            print(self._outcome(plan))
        return 0

    def _print_document(self) -> None:
        print(json.dumps(self._document, indent=2, ensure_ascii=False))

    def _outcome(self, plan: WritePlan) -> str:
        if self._dry_run:
            return "dry run: nothing was written"
        if not plan.phases:
            return f"{self._stack.site_url or self._stack.name} is up to date"
        told = f"; the CDN fetches {counted(len(plan.paths), 'path')} anew" if plan.paths else ""
        return f"published to {self._stack.site_url or self._stack.name}{told}"


def _described(plan: WritePlan, stack: StackOutputs, most: int | None) -> Iterator[str]:
    yield f"stack {stack.name} ({stack.region})"
    for kind in ("page", "site file", "gated file", "definition"):
        changes = sorted((each for each in plan.shown if each.kind == kind), key=lambda each: each.name)
        if changes:
            yield _summed_up(kind, changes)
            yield from (
                f"  {_SIGNS[each.action]} {each.name} ({describe_size(each.size)})" for each in changes[:most]
            )
            if most is not None and len(changes) > most:
                yield f"  … and {len(changes) - most:,} more; --dry-run lists them all"
    if not plan.shown:
        yield "nothing differs"
    if plan.kept:
        files = f"{counted(len(plan.kept), 'gated file')} of earlier builds ({describe_size(sum(plan.kept.values()))})"
        yield f"kept, for links that are already mailed: {files}; --prune deletes them"


def _summed_up(kind: str, changes: list[Shown]) -> str:
    """Format the writes of one kind: `pages: 2 added, 1 changed, 14 kB`."""
    counts = Counter(each.action for each in changes)
    parts = [f"{counts[action]:,} {done}" for action, done in _DONE.items() if counts[action]]
    written = sum(each.size for each in changes if each.action != DELETE)
    return f"{kind}s: {', '.join(parts)}" + (f", {describe_size(written)}" if written else "")
