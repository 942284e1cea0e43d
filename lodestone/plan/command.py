"""`build.py plan`: build, compare with the definitions in use, ask the drip for every lead in flight, print it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from leads.funnel import Funnel
from lodestone.build.temporary import temporary_build
from lodestone.plan.display import plan_document, print_plan
from lodestone.plan.in_flight import InFlight, count_in_flight
from lodestone.plan.sequences import SequencePlan, lay_out
from lodestone.plan.timeline import draw
from lodestone.progress import track
from lodestone.publish.difference import read_built
from lodestone.publish.in_flight import changed_sequences
from lodestone.records.protocol import LeadRecords
from lodestone.stack.errors import AwsError


@dataclass(frozen=True)
class PlanRequest:
    """What was asked for. `magnet` is "" for all magnets, `picture` the file for the timeline."""

    root: Path
    magnet: str = ""
    picture: Path | None = None
    as_json: bool = False


def plan(request: PlanRequest, records: LeadRecords | None, confirmed: datetime) -> int:
    """Print who would get what and when, before and after the edits; the exit code.

    `records` hold the definitions in use and the leads, None for neither; `confirmed` is when the invented lead
    confirms for whom each sequence is laid out. Writes nothing but the picture. Raises AwsError if AWS refuses a call.
    """
    with temporary_build(request.root, request.as_json) as out:
        if out is None:
            return 1
        after = dict(read_built(out).funnels)
    before = dict(records.funnels()) if records else {}
    if request.magnet and request.magnet not in {*before, *after}:
        return _unknown(request.magnet, sorted({*before, *after}))
    in_flight = _count(records, before, after, request) if records else None
    sequences = lay_out(_wanted(before, request), _wanted(after, request), confirmed)
    found = SequencePlan(records.name if records else "", confirmed, sequences, in_flight)
    _show(found, request)
    return 0


def _wanted(funnels: Mapping[str, Funnel], request: PlanRequest) -> dict[str, Funnel]:
    return {slug: each for slug, each in funnels.items() if request.magnet in ("", slug)}


def _count(
    records: LeadRecords, before: Mapping[str, Funnel], after: Mapping[str, Funnel], request: PlanRequest
) -> InFlight | None:
    """Count the leads in flight; None, with a warning, if these credentials may not read leads."""
    changes = changed_sequences(_wanted(before, request), after)
    magnets = _wanted({**before, **after}, request)
    try:
        leads = track(records.leads(magnets), "reading leads", request.as_json)
        return count_in_flight(leads, before, after, changes, records.now())
    except AwsError as refused:
        if not refused.permission:
            raise
        print(f"warning: leads in flight cannot be seen: {refused}", file=sys.stderr)
        return None


def _show(found: SequencePlan, request: PlanRequest) -> None:
    if request.picture:
        request.picture.parent.mkdir(parents=True, exist_ok=True)
        request.picture.write_text(draw(found), "utf-8")
    if request.as_json:
        print(plan_document(found))
        return
    from rich.console import Console

    print_plan(found, Console(highlight=False))
    if request.picture:
        print(f"wrote {request.picture}")


def _unknown(magnet: str, known: list[str]) -> int:
    near = get_close_matches(magnet, known, n=1)
    help = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known) or 'none'}"
    print(f"error: there is no magnet `{magnet}`\nhelp: {help}", file=sys.stderr)
    return 2
