"""A plan: every sequence as it is in use and as it stands in the working tree, with the leads in flight."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leads.funnel import Funnel
from lodestone.plan.comparison import Row, compare_rules, compare_steps
from lodestone.plan.in_flight import InFlight
from lodestone.plan.outline import Outline, outline


@dataclass(frozen=True)
class Sequence:
    """One magnet's sequence in both editions; `before` or `after` is None where that edition has no such magnet."""

    slug: str
    before: Outline | None
    after: Outline | None
    rows: tuple[Row, ...]
    rules: tuple[str, ...]

    @property
    def shown(self) -> Outline:
        """The edition that is to come, else the one there was."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class SequencePlan:
    """`source` names what is in use, "" where nothing was compared; `in_flight` is None where leads could not be read.

    `confirmed` is the instant from which sequences are laid out in time.
    """

    source: str
    confirmed: datetime
    sequences: tuple[Sequence, ...]
    in_flight: InFlight | None


def lay_out(
    before: Mapping[str, Funnel], after: Mapping[str, Funnel], confirmed: datetime
) -> tuple[Sequence, ...]:
    """The sequences of both editions, by slug."""
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
