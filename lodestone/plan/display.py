"""A plan for people, as tables on a terminal, and for programs, as one JSON document."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from leads.conditions import describe
from leads.instants import iso
from lodestone.formats.counts import counted
from lodestone.plan.cells import MEANINGS, SIGNS, Cells, cells, moment
from lodestone.plan.comparison import ENDS, GONE, NEW, Row
from lodestone.plan.sequences import Sequence, SequencePlan
from lodestone.publish.in_flight import largest_first
from lodestone.publish.in_flight_words import sentence

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_STYLES = {NEW: "green", GONE: "red"}
_NOTHING = "no sequence differs from what is in use"
_RENAMED = "a file that is renamed is a new mail: who had it under its old name may get it again"


def print_plan(plan: SequencePlan, console: "Console") -> None:
    """Print every sequence as a table, with the leads in flight below it."""
    if plan.source:
        console.print(f"before: {plan.source}\nafter:  the working tree\n", soft_wrap=True)
    for sequence in plan.sequences:
        for part in _shown(plan, sequence):
            console.print(part, soft_wrap=isinstance(part, str))
    marks = {row.mark for sequence in plan.sequences for row in sequence.rows} - {""}
    if marks:
        console.print("  ".join(f"{SIGNS[each]} {MEANINGS[each]}" for each in MEANINGS if each in marks))
    elif plan.source and not any(sequence.rules for sequence in plan.sequences):
        console.print(_NOTHING)


def plan_document(plan: SequencePlan) -> str:
    """Return the plan as a JSON document."""
    document = {
        "before": plan.source or None,
        "confirmed": iso(plan.confirmed),
        "sequences": [_sequence_json(plan, each) for each in plan.sequences],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def warnings(sequence: Sequence) -> Iterator[str]:
    """Yield what the author may not have intended."""
    marks = {row.mark for row in sequence.rows}
    if sequence.before and {NEW, GONE} <= marks:
        yield _RENAMED


def _shown(plan: SequencePlan, sequence: Sequence) -> Iterator["RenderableType"]:
    from rich.padding import Padding
    from rich.text import Text

    yield Text(_heading(plan, sequence), style="bold")
    if sequence.rows:
        yield _table(plan, sequence)
    for line in (*_beside(sequence), *sequence.rules, *_until(sequence), *_leads(plan, sequence)):
        yield Padding(Text(line), (0, 0, 0, 2))
    for line in warnings(sequence):
        yield Padding(Text(f"note: {line}", style="yellow"), (0, 0, 0, 2))
    yield ""


def _heading(plan: SequencePlan, sequence: Sequence) -> str:
    news = " (new)" if plan.source and not sequence.before else " (withdrawn)" if not sequence.after else ""
    steps = counted(len(sequence.shown.funnel.steps), "mail")
    who = f"for somebody who confirms on {moment(plan.confirmed, sequence.shown)}"
    return f"{sequence.slug}{news}: {steps}, {who} ({sequence.shown.funnel.time_zone})"


def _table(plan: SequencePlan, sequence: Sequence) -> "RenderableType":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    found = [(row, cells(row, sequence, plan.in_flight)) for row in sequence.rows]
    waits = any(each.waiting for _, each in found)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for name in ("", "mail", "when", "goes out", "for", *(["next for"] if waits else [])):
        table.add_column(name)
    for row, each in found:
        style = _STYLES.get(row.mark, "")
        table.add_row(*(Text(cell, style) for cell in _in_order(each, waits)))
    return table


def _in_order(each: Cells, waits: bool) -> tuple[str, ...]:
    told = (each.sign, each.step, each.when, each.goes_out, each.readers)
    return (*told, each.waiting) if waits else told


def _beside(sequence: Sequence) -> Iterator[str]:
    """The mails of features that go out by their time alone, such as a reminder of whoever does nothing."""
    shown = sequence.shown
    steps = {each.slug for each in shown.funnel.steps}
    for mail in shown.lanes[0].mails:
        if mail.step not in steps and mail.at:
            yield f"beside the sequence: {mail.step}, {moment(mail.at, shown)}"


def _until(sequence: Sequence) -> Iterator[str]:
    until = sequence.shown.funnel.until
    if until and not any(rule.startswith(ENDS) for rule in sequence.rules):
        yield f"{ENDS}: {describe(until)}"


def _leads(plan: SequencePlan, sequence: Sequence) -> Iterator[str]:
    if plan.in_flight:
        for group, leads in largest_first(plan.in_flight.groups).items():
            if group.magnet == sequence.slug:
                yield sentence(group, leads)


def _sequence_json(plan: SequencePlan, sequence: Sequence) -> dict[str, Any]:
    return {
        "magnet": sequence.slug,
        "published": sequence.before is not None,
        "withdrawn": sequence.after is None,
        "time_zone": sequence.shown.funnel.time_zone,
        "changes": list(sequence.rules),
        "notes": list(warnings(sequence)),
        "mails": [_row_json(plan, sequence, row) for row in sequence.rows],
        "leads_in_flight": None if plan.in_flight is None else list(_leads(plan, sequence)),
    }


def _row_json(plan: SequencePlan, sequence: Sequence, row: Row) -> dict[str, Any]:
    told, name = cells(row, sequence, plan.in_flight), (sequence.slug, row.slug)
    mails = (each.find(row.slug) if each else None for each in (sequence.before, sequence.after))
    before, after = (iso(mail.at) if mail else None for mail in mails)
    found, step = plan.in_flight, row.step
    return {
        "step": row.slug,
        "mark": row.mark or "same",
        "changes": list(row.changes),
        "when": told.when,
        "for": told.readers,
        "branch": step.branch,
        "versions": list(step.variants),
        "goes_out_before": before,
        "goes_out": after,
        "next_for": found.waiting[name] if found else None,
        "first_at": iso(found.first.get(name)) if found else None,
    }
