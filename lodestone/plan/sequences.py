"""A plan: every sequence as published and as in the working tree, with the leads in flight."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leads.funnel import Funnel
from lodestone.plan.comparison import Row, compare_rules, compare_steps
from lodestone.plan.in_flight import InFlight
from lodestone.plan.outline import Outline, outline


@dataclass(frozen=True)
class Sequence:
    """A magnet's sequence in both editions; `before` or `after` is None if the edition does not have the magnet."""

    slug: str
    before: Outline | None
    after: Outline | None
    rows: tuple[Row, ...]
    rules: tuple[str, ...]

    @property
    def shown(self) -> Outline:
        """The sequence of `after`, or that of `before` if it is withdrawn."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class SequencePlan:
    """`source` names the records that were compared with, "" for none; `in_flight` is None if leads could not be read.

    `confirmed` is the instant at which each sequence begins.
    """

    source: str
    confirmed: datetime
    sequences: tuple[Sequence, ...]
    in_flight: InFlight | None


def lay_out(
    before: Mapping[str, Funnel], after: Mapping[str, Funnel], confirmed: datetime
) -> tuple[Sequence, ...]:
    """Lay out the sequences of both editions, by slug."""
    slugs = sorted({*before, *after})
    return tuple(_sequence(slug, before.get(slug), after.get(slug), confirmed) for slug in slugs)


def _sequence(slug: str, before: Funnel | None, after: Funnel | None, confirmed: datetime) -> Sequence:
    return Sequence(
        slug,
        outline(before, confirmed) if before else None,
        outline(after, confirmed) if after else None,
        compare_steps(before, after),
        compare_rules(before, after) if before and after else (),
    )
