"""The difference between two editions of a sequence, step by step: new, gone, moved or changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from leads.conditions import describe
from leads.funnel import Funnel, Step
from leads.instants import parse_iso, zone
from lodestone.formats.dates import day_and_hour
from lodestone.formats.steps import readers, timing

NEW, GONE, MOVED, CHANGED, SAME = "new", "gone", "moved", "changed", ""
ENDS = "ends once"


@dataclass(frozen=True)
class Row:
    """A step in both editions; `before` or `after` is None where the edition does not have it.

    `mark` is one of the constants above; `changes` are the differences, for people.
    """

    slug: str
    mark: str
    before: Step | None
    after: Step | None
    changes: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        """The step of `after`, or that of `before` if it is gone."""
        found = self.after or self.before
        assert found is not None
        return found


def compare_steps(before: Funnel | None, after: Funnel | None) -> tuple[Row, ...]:
    """Compare the steps, in the order of `after`. A step that is gone follows the step that it followed before."""
    old = {step.slug: step for step in before.steps} if before else {}
    new = {step.slug: step for step in after.steps} if after else {}
    kept = _kept(list(old), list(new))
    rows = [_row(slug, old.get(slug), step, slug in kept, before, after) for slug, step in new.items()]
    for place, slug in enumerate(old):
        if slug not in new:
            behind = list(old)[place - 1] if place else None
            at = next((n + 1 for n, row in enumerate(rows) if row.slug == behind), 0)
            rows.insert(at, Row(slug, GONE if before and after else SAME, old[slug], None))
    return tuple(rows)


def compare_rules(before: Funnel, after: Funnel) -> tuple[str, ...]:
    """Describe the differences of the sequence as a whole."""
    return tuple(_rules(before, after))


def _kept(old: list[str], new: list[str]) -> set[str]:
    """Return the steps that keep their order."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {new[n] for block in blocks for n in range(block.b, block.b + block.size)}


def _row(
    slug: str, old: Step | None, new: Step, kept: bool, before: Funnel | None, after: Funnel | None
) -> Row:
    if old is None or before is None or after is None:
        return Row(slug, NEW if before else SAME, None, new)
    changes = tuple(_differences(old, new, before, after))
    if not kept:
        return Row(slug, MOVED, old, new, ("at another place", *changes))
    return Row(slug, CHANGED if changes else SAME, old, new, changes)


def _differences(old: Step, new: Step, before: Funnel, after: Funnel) -> Iterator[str]:
    if timing(old) != timing(new):
        yield f"{timing(old)} → {timing(new)}"
    if (old.branch, readers(old, before)) != (new.branch, readers(new, after)):
        yield f"{_readers(old, before)} → {_readers(new, after)}"
    if old.variants != new.variants:
        yield f"{_versions(old)} → {_versions(new)}"


def _readers(step: Step, funnel: Funnel) -> str:
    words = readers(step, funnel)
    return f"if {words}" if words else "for everybody"


def _versions(step: Step) -> str:
    return f"versions {', '.join(step.variants)}" if step.variants else "one version"


def _rules(before: Funnel, after: Funnel) -> Iterator[str]:
    for what, old, new in _compared(before, after):
        if old != new:
            yield f"{what}: {old or 'none'} → {new or 'none'}"


def _compared(before: Funnel, after: Funnel) -> Iterator[tuple[str, str, str]]:
    old, new = _described(before), _described(after)
    dates = (f"date {name}" for name in (*before.dates, *after.dates))
    for what in dict.fromkeys((ENDS, *dates, *old)):
        yield what, old.get(what, ""), new.get(what, "")


def _described(funnel: Funnel) -> dict[str, str]:
    sending = funnel.sending
    return {
        ENDS: describe(funnel.until) if funnel.until else "",
        **{f"date {name}": _date(funnel, name) for name in funnel.dates},
        "quiet hours": "-".join(sending.quiet or ()),
        "mails a day": str(sending.a_day or "any"),
        "mails a week": str(sending.a_week or "any"),
        "priority": str(funnel.priority),
    }


def _date(funnel: Funnel, name: str) -> str:
    text = funnel.dates.get(name, "")
    return day_and_hour(parse_iso(text), zone(funnel.time_zone)) if "T" in text else text
