"""`build.py plan`: build aside, compare with what is in use, ask the drip for every lead in flight, say so."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from leads.funnel import Funnel
from lodestone.build.temporary import temporary_build
from lodestone.plan.display import plan_document, print_plan
from lodestone.plan.in_flight import InFlight, count_in_flight
from lodestone.plan.sequences import SequencePlan, lay_out
from lodestone.plan.source import Source
from lodestone.plan.timeline import draw
from lodestone.publish.aws_errors import AwsError
from lodestone.publish.difference import read_built
from lodestone.publish.folded_leads import History
from lodestone.publish.in_flight import Change, changed_sequences


@dataclass(frozen=True)
class PlanRequest:
    """What was asked for. `picture` is where the timeline is to be written; `magnet` "" for all."""

    root: Path
    magnet: str = ""
    picture: Path | None = None
    as_json: bool = False


def plan(request: PlanRequest, source: Source | None, confirmed: datetime) -> int:
    """Print who would get what and when, before and after; the exit code. Raises AwsError.

    `confirmed` is when the lead confirms for whom each sequence is laid out. Writes nothing but the picture.
    """
    with temporary_build(request.root, request.as_json) as out:
        if out is None:
            return 1
        after = dict(read_built(out).funnels)
    before = dict(source.funnels) if source else {}
    if request.magnet and request.magnet not in {*before, *after}:
        return _unknown(request.magnet, sorted({*before, *after}))
    in_flight = _count(source, before, after, confirmed, request) if source else None
    sequences = lay_out(_wanted(before, request.magnet), _wanted(after, request.magnet), confirmed)
    found = SequencePlan(source.name if source else "", confirmed, sequences, in_flight)
    _show(found, request)
    return 0


def _wanted(funnels: Mapping[str, Funnel], magnet: str) -> dict[str, Funnel]:
    return {slug: each for slug, each in funnels.items() if magnet in ("", slug)}


def _count(
    source: Source,
    before: Mapping[str, Funnel],
    after: Mapping[str, Funnel],
    now: datetime,
    request: PlanRequest,
) -> InFlight | None:
    """The leads in flight; None, with a word why, where whoever asks may not read leads."""
    changes = _wanted_changes(before, after, request.magnet)

    def count(histories: Iterator[History]) -> InFlight:
        return count_in_flight(histories, before, after, changes, source.now)

    try:
        return source.count_leads(_wanted({**before, **after}, request.magnet), count)
    except AwsError as refused:
        if not refused.permission:
            raise
        print(f"warning: leads in flight cannot be seen: {refused}", file=sys.stderr)
        return None


def _wanted_changes(
    before: Mapping[str, Funnel], after: Mapping[str, Funnel], magnet: str
) -> dict[str, Change]:
    changes = changed_sequences(before, after)
    return {slug: each for slug, each in changes.items() if magnet in ("", slug)}


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
