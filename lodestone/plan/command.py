"""`build.py plan`: build aside, compare with what is in use, ask the drip for every lead in flight, say so."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from leads.funnel import Funnel
from lodestone.built_aside import built_aside
from lodestone.plan.display import plan_document, print_plan
from lodestone.plan.in_flight import InFlight, count_in_flight
from lodestone.plan.sequences import Plan, lay_out
from lodestone.plan.source import Source
from lodestone.plan.timeline import draw
from lodestone.publish.aws_errors import AwsRefused
from lodestone.publish.difference import read_built
from lodestone.publish.folded_leads import History
from lodestone.publish.in_flight import Change, changed_sequences


@dataclass(frozen=True)
class Order:
    """What was asked for. `picture` is where the timeline is to be written; `magnet` "" for all."""

    root: Path
    magnet: str = ""
    picture: Path | None = None
    as_json: bool = False


def plan(order: Order, source: Source | None, confirmed: datetime) -> int:
    """Print who would get what and when, before and after; the exit code. Raises AwsRefused.

    `confirmed` is when the lead confirms for whom each sequence is laid out. Writes nothing but the picture.
    """
    with built_aside(order.root, order.as_json) as out:
        if out is None:
            return 1
        after = dict(read_built(out).funnels)
    before = dict(source.funnels) if source else {}
    if order.magnet and order.magnet not in {*before, *after}:
        return _unknown(order.magnet, sorted({*before, *after}))
    in_flight = _count(source, before, after, confirmed, order) if source else None
    sequences = lay_out(_wanted(before, order.magnet), _wanted(after, order.magnet), confirmed)
    found = Plan(source.name if source else "", confirmed, sequences, in_flight)
    _show(found, order)
    return 0


def _wanted(funnels: Mapping[str, Funnel], magnet: str) -> dict[str, Funnel]:
    return {slug: each for slug, each in funnels.items() if magnet in ("", slug)}


def _count(
    source: Source, before: Mapping[str, Funnel], after: Mapping[str, Funnel], now: datetime, order: Order
) -> InFlight | None:
    """The leads in flight; None, with a word why, where whoever asks may not read leads."""
    changes = _wanted_changes(before, after, order.magnet)

    def count(histories: Iterator[History]) -> InFlight:
        return count_in_flight(histories, before, after, changes, source.now)

    try:
        return source.count_leads(_wanted({**before, **after}, order.magnet), count)
    except AwsRefused as refused:
        if not refused.permission:
            raise
        print(f"warning: leads in flight cannot be seen: {refused}", file=sys.stderr)
        return None


def _wanted_changes(
    before: Mapping[str, Funnel], after: Mapping[str, Funnel], magnet: str
) -> dict[str, Change]:
    changes = changed_sequences(before, after)
    return {slug: each for slug, each in changes.items() if magnet in ("", slug)}


def _show(found: Plan, order: Order) -> None:
    if order.picture:
        order.picture.parent.mkdir(parents=True, exist_ok=True)
        order.picture.write_text(draw(found), "utf-8")
    if order.as_json:
        print(plan_document(found))
        return
    from rich.console import Console

    print_plan(found, Console(highlight=False))
    if order.picture:
        print(f"wrote {order.picture}")


def _unknown(magnet: str, known: list[str]) -> int:
    near = get_close_matches(magnet, known, n=1)
    help = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known) or 'none'}"
    print(f"error: there is no magnet `{magnet}`\nhelp: {help}", file=sys.stderr)
    return 2
