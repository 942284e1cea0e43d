"""A plan as a picture: days from left to right, the edition before above the edition after, a mark for each mail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from leads.instants import zone
from lodestone.forecast.forecast import Expected
from lodestone.formats.dates import short_day
from lodestone.plan import svg
from lodestone.plan.cells import MEANINGS, moment, placed
from lodestone.plan.comparison import GONE, NEW, SAME
from lodestone.plan.labels import Label, place, shorten
from lodestone.plan.outline import Lane, Outline
from lodestone.plan.sequences import Sequence, SequencePlan

WIDTH = 1120
_LEFT, _RIGHT = 48.0, WIDTH - 48.0
_LEVEL, _LINE = 34.0, 14.0  # pixels from one level of labels to the next, and from line to line
_TICKS = (1, 2, 7, 14, 28, 91, 182, 364, 728, 1820)  # days
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Scale:
    """Maps instants to x."""

    start: datetime
    span: timedelta

    def x(self, at: datetime) -> float:
        return _LEFT + (_RIGHT - _LEFT) * ((at - self.start) / self.span)


Places = dict[str, tuple[float, float]]


def draw(plan: SequencePlan) -> str:
    """Draw the plan as a self-contained SVG document."""
    names = ", ".join(each.slug for each in plan.sequences)
    title = "Before and after" if plan.source else "Sequences"
    picture = svg.canvas(WIDTH, f"{title}: {names}", "Each mail by the day on which it goes out.")
    y = 24.0
    for sequence in plan.sequences:
        y = _draw_sequence(picture, plan, sequence, y)
    y = _draw_legend(picture, plan, y)
    return svg.close(picture, y)


def _draw_sequence(picture: Element, plan: SequencePlan, sequence: Sequence, y: float) -> float:
    shown = sequence.shown
    scale = _scale(sequence, plan.confirmed)
    svg.text(picture, _LEFT - 24, y + 14, sequence.slug, "title")
    about = f"for somebody who confirms on {moment(plan.confirmed, shown)} ({shown.funnel.time_zone})"
    svg.text(picture, _LEFT - 24, y + 32, about, "soft")
    y += 46
    bands, shifts, content = (svg.layer(picture, kind) for kind in ("", "", "on-band"))
    drawn: list[Places] = []
    for name, outline in _editions(plan, sequence):
        top = y
        y, places = _draw_edition(content, plan, sequence, name, outline, scale, y)
        svg.box(bands, _LEFT - 24, top, _RIGHT - _LEFT + 48, y - top, "band")
        y += 8
        drawn.append(places)
    if len(drawn) == 2:
        _draw_shifts(shifts, *drawn)
    return _draw_axis(picture, shown, scale, y) + 28


def _editions(plan: SequencePlan, sequence: Sequence) -> Iterator[tuple[str, Outline]]:
    """Yield both editions if they differ, else one."""
    before, after = sequence.before, sequence.after
    if before and after and before.lanes == after.lanes and not any(row.mark for row in sequence.rows):
        yield "as before", after
        return
    if before:
        yield "before", before
    if after:
        yield "after" if plan.source else "", after


def _scale(sequence: Sequence, confirmed: datetime) -> _Scale:
    """Return the scale from the confirmation to the last mail of either edition."""
    outlines = filter(None, (sequence.before, sequence.after))
    mails = (mail.at for each in outlines for lane in each.lanes for mail in lane.mails if mail.at)
    last = max(mails, default=confirmed)
    return _Scale(confirmed, max(last - confirmed, _DAY))


def _draw_edition(
    content: Element,
    plan: SequencePlan,
    sequence: Sequence,
    name: str,
    outline: Outline,
    scale: _Scale,
    y: float,
) -> tuple[float, Places]:
    """Draw the lanes of one edition. Return the y at which they end, and the places of the marks of the first lane."""
    first: Places = {}
    y += 18
    if name:
        svg.text(content, _LEFT - 12, y, name, "edition")
    for number, lane in enumerate(outline.lanes):
        y, places = _draw_lane(content, sequence, name, outline, lane, scale, y)
        if name != "before":
            _draw_waiting(content, plan, sequence, places)
        first = places if number == 0 else first
    return y, first


def _draw_lane(
    content: Element, sequence: Sequence, edition: str, outline: Outline, lane: Lane, scale: _Scale, y: float
) -> tuple[float, Places]:
    marks = {row.slug: row.mark for row in sequence.rows}
    mails = sorted(((scale.x(mail.at), mail) for mail in lane.mails if mail.at), key=lambda each: each[0])
    labels = place(((x - 5, _lines(mail)) for x, mail in mails), _RIGHT + 12)
    if lane.branch:
        svg.text(content, _LEFT - 12, y + 16, f"branch {lane.branch}: if {lane.condition}", "edition")
        y += 20
    line = y + 42 + _LEVEL * max((label.level for label in labels), default=0)
    svg.line(content, _LEFT, line, _RIGHT, line, "lane")
    places = {}
    for (x, mail), label in zip(mails, labels, strict=True):
        places[mail.step] = (x, line)
        kind = _kind(marks.get(mail.step, SAME), edition)
        _draw_mail(content, mail, label, places[mail.step], kind, outline)
    return _draw_unplaced(content, lane, line + 26), places


def _draw_waiting(content: Element, plan: SequencePlan, sequence: Sequence, places: Places) -> None:
    """Write beneath each mark how many leads in flight get that mail next."""
    waiting = plan.in_flight.waiting if plan.in_flight else {}
    for step, (x, line) in places.items():
        leads = waiting.get((sequence.slug, step))
        if leads:
            svg.text(content, x, line + 19, f"{leads:,} next", "soft", "middle")


def _draw_mail(
    picture: Element, mail: Expected, label: Label, at: tuple[float, float], kind: str, outline: Outline
) -> None:
    x, line = at
    foot = line - 14 - _LEVEL * label.level
    if label.level:
        svg.line(picture, x, foot + 3, x, line - 8, "rule")
    for number, words in enumerate(reversed(label.lines)):
        style = "soft" if number < len(label.lines) - 1 else ""
        svg.text(
            picture, x + 5 if label.ends_at_x else x - 5, foot - _LINE * number, words, style, _anchor(label)
        )
    told = ", ".join((mail.step, placed(mail, outline), *_meaning(kind), *map("if {}".format, mail.supposed)))
    svg.mark(picture, x, line, kind, bool(mail.supposed), told)


def _anchor(label: Label) -> str:
    return "end" if label.ends_at_x else "start"


def _draw_unplaced(picture: Element, lane: Lane, y: float) -> float:
    """List the mails that have no instant for the invented lead."""
    for mail in lane.mails:
        if mail.at is None:
            svg.text(picture, _LEFT, y + 8, f"{mail.step}: {mail.why_not}", "soft")
            y += 18
    return y


def _draw_shifts(picture: Element, before: Places, after: Places) -> None:
    """Draw a line from the place of each mail before to its place after."""
    for step in before.keys() & after.keys():
        (x1, y1), (x2, y2) = before[step], after[step]
        if abs(x1 - x2) > 1:
            svg.line(picture, x1, y1 + 9, x2, y2 - 9, "shift")


def _draw_axis(picture: Element, outline: Outline, scale: _Scale, y: float) -> float:
    days = scale.span / _DAY
    step = next((each for each in _TICKS if days / each <= 10), _TICKS[-1])
    where = zone(outline.funnel.time_zone)
    svg.line(picture, _LEFT, y + 4, _RIGHT, y + 4, "rule")
    for day in range(0, int(days) + 1, step):
        at = scale.start + day * _DAY
        x = scale.x(at)
        svg.line(picture, x, y, x, y + 8, "rule")
        svg.text(picture, x, y + 22, f"day {day}", "", "middle")
        svg.text(picture, x, y + 36, short_day(at, where), "soft", "middle")
    return y + 42


def _draw_legend(picture: Element, plan: SequencePlan, y: float) -> float:
    kinds = {row.mark for each in plan.sequences for row in each.rows}
    x = _LEFT - 18
    for kind in (each for each in MEANINGS if each in kinds):
        svg.mark(picture, x, y, kind, False, MEANINGS[kind])
        svg.text(picture, x + 14, y + 4, MEANINGS[kind])
        x += 100
    if any(mail.supposed for each in plan.sequences for lane in each.shown.lanes for mail in lane.mails):
        svg.mark(picture, x, y, SAME, True, "only if something is so by then")
        svg.text(picture, x + 14, y + 4, "only if something is so by then")
    return y + 24


def _kind(mark: str, edition: str) -> str:
    """Return the kind of mark. In the edition before no mail is new, in the edition after none is gone."""
    return SAME if (mark, edition) in ((NEW, "before"), (GONE, "after")) or not edition else mark


def _meaning(kind: str) -> Iterator[str]:
    if kind:
        yield MEANINGS[kind]


def _lines(mail: Expected) -> tuple[str, ...]:
    return (mail.step, *(shorten(f"if {' and '.join(mail.supposed)}") for _ in mail.supposed[:1]))
