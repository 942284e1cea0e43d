"""One step of a plan as text, the same in the table, the JSON document and the picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from leads.funnel import Step
from leads.instants import zone
from lodestone.forecast.forecast import Expected
from lodestone.formats.counts import counted
from lodestone.formats.dates import day_and_hour
from lodestone.formats.steps import readers, timing
from lodestone.plan.comparison import CHANGED, GONE, MOVED, NEW, SAME, Row
from lodestone.plan.in_flight import InFlight
from lodestone.plan.outline import Outline
from lodestone.plan.sequences import Sequence

SIGNS = {NEW: "+", GONE: "-", MOVED: "^", CHANGED: "~", SAME: " "}
MEANINGS = {NEW: "new", GONE: "gone", MOVED: "moved", CHANGED: "changed"}


@dataclass(frozen=True)
class Cells:
    """The cells of one step. `goes_out` is for the invented lead, `waiting` counts those in flight."""

    sign: str
    step: str
    when: str
    goes_out: str
    readers: str
    waiting: str


def cells(row: Row, sequence: Sequence, in_flight: InFlight | None) -> Cells:
    """Format a step of a sequence; a difference is written `before → after`."""
    name = row.slug + (f" ({'/'.join(row.after.variants)})" if row.after and row.after.variants else "")
    return Cells(
        SIGNS[row.mark],
        name,
        _arrow(*(timing(each) if each else "" for each in (row.before, row.after))),
        _arrow(*(_goes_out(each, row.slug) for each in (sequence.before, sequence.after))),
        _arrow(_readers(row.before, sequence.before), _readers(row.after, sequence.after)),
        _waiting(row.slug, sequence, in_flight),
    )


def placed(mail: Expected | None, outline: Outline) -> str:
    """Format when a mail goes out for the invented lead, or what that depends on."""
    if mail is None:
        return ""
    if mail.at is None:
        return mail.why_not
    return moment(mail.at, outline)


def moment(at: datetime, outline: Outline) -> str:
    """Format an instant in the sequence's time zone, without the year in which the plan begins."""
    where = zone(outline.funnel.time_zone)
    return day_and_hour(at, where, outline.confirmed.astimezone(where).year)


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}" if before and after and before != after else after or before


def _goes_out(outline: Outline | None, slug: str) -> str:
    return placed(outline.find(slug), outline) if outline else ""


def _readers(step: Step | None, outline: Outline | None) -> str:
    if step is None or outline is None:
        return ""
    words = readers(step, outline.funnel)
    branch = f"branch {step.branch}: " if step.branch else ""
    return f"{branch}if {words}" if words else "everybody"


def _waiting(slug: str, sequence: Sequence, in_flight: InFlight | None) -> str:
    return ", ".join(_waiting_words(slug, sequence, in_flight)) if in_flight else ""


def _waiting_words(slug: str, sequence: Sequence, in_flight: InFlight) -> Iterator[str]:
    name = sequence.slug, slug
    if in_flight.waiting[name]:
        yield counted(in_flight.waiting[name], "lead")
        yield f"from {moment(in_flight.first[name], sequence.shown)}"
    if in_flight.shifted[name]:
        yield f"{in_flight.shifted[name]:,} at another time than before"
