"""Split tests: which version of a mail did better, by people who clicked or reached the goal, and how sure that is.

Opens do not count, because mail programs make them by themselves. Clicks that machines made are counted separately.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from leads.conditions import holds
from leads.enrolment import Attempt
from leads.events import GOALS
from leads.facts import SENT, facts_of
from leads.funnel import Funnel, Step
from leads.lead import Activity, Lead
from lodestone.desk.intervals import Count, Interval, leads_to_decide, newcombe, wilson, z_for


@dataclass(frozen=True)
class Version:
    """One version of a mail: the leads it was sent to, those of them who reached the metric, and those for whom a
    machine followed a link."""

    name: str
    sent: int
    reached: int
    machine_activities: int

    @property
    def count(self) -> Count:
        return Count(self.reached, self.sent)

    def interval(self) -> Interval | None:
        """Return the interval of the true share; None if the version was sent to nobody."""
        return wilson(self.count, z_for()) if self.sent else None


@dataclass(frozen=True)
class Comparison:
    """A version compared with the first one: the difference of their shares, and how many more leads decide the test.

    `difference` is None as long as one of them was sent to nobody; `more` is None once the test is decided, and where
    it takes more leads than `MOST_LEADS`.
    """

    version: str
    first: str
    difference: Interval | None
    more: int | None

    @property
    def better(self) -> str:
        """The better version, "" as long as the test is not decided."""
        if self.difference is None or self.difference[0] <= 0 <= self.difference[1]:
            return ""
        return self.version if self.difference[0] > 0 else self.first


@dataclass(frozen=True)
class SplitTest:
    """A split test of one mail. `metric`: `clicks` or `goal`."""

    magnet: str
    step: str
    metric: str
    versions: tuple[Version, ...]

    def comparisons(self) -> tuple[Comparison, ...]:
        """Compare each further version with the first. The more versions, the more certain each comparison must be."""
        first, *others = self.versions
        return tuple(_compare(each, first, z_for(len(others))) for each in others)

    def to_json(self) -> dict[str, Any]:
        """Return the test as `leads tests --json` prints it; shares and differences are from 0 to 1."""
        versions = [asdict(each) | {"interval": each.interval()} for each in self.versions]
        compared = [asdict(each) | {"better": each.better} for each in self.comparisons()]
        return {
            "magnet": self.magnet,
            "step": self.step,
            "metric": self.metric,
            "versions": versions,
            "comparisons": compared,
        }


#: What happened with a version of a mail: magnet, step, version's name, and `sent`, `reached` or `machine_activities`.
_Happening = tuple[str, str, str, str]


def split_tests(
    leads: Iterable[Lead], definition: Callable[[str], Funnel | None], now: datetime
) -> tuple[SplitTest, ...]:
    """Evaluate every split test that is running, by magnet and in sending order.

    `definition` returns a magnet's published definition, None if it was withdrawn.
    """
    funnels: dict[str, Funnel | None] = {}
    counts: Counter[_Happening] = Counter()
    for lead in leads:
        for slug in lead.enrolments:
            if slug not in funnels:
                funnels[slug] = definition(slug)
        counts.update(_happenings(lead, funnels, now))
    return tuple(
        _test(funnel.slug, step, counts)
        for _, funnel in sorted(funnels.items())
        if funnel
        for step in funnel.steps
        if step.variants
    )


def _test(magnet: str, step: Step, counts: Counter[_Happening]) -> SplitTest:
    def version(name: str) -> Version:
        return Version(
            name,
            *(counts[magnet, step.slug, name, what] for what in ("sent", "reached", "machine_activities")),
        )

    return SplitTest(magnet, step.slug, step.metric, tuple(map(version, step.variants)))


def _happenings(lead: Lead, funnels: Mapping[str, Funnel | None], now: datetime) -> Iterator[_Happening]:
    """Yield each at most once for a lead: people count, not clicks."""
    for attempt in _sent_versions(lead):
        magnet, slug = attempt.send.magnet, attempt.send.step
        funnel = funnels[magnet]
        step = next((each for each in funnel.steps if each.slug == slug), None) if funnel else None
        if funnel is None or step is None or step.metric not in _REACHED:
            continue
        version = magnet, slug, attempt.variant
        yield *version, "sent"
        if _REACHED[step.metric](lead, attempt, funnel, now):
            yield *version, "reached"
        if any(_is_click(each, attempt) for each in lead.machine_activities):
            yield *version, "machine_activities"


def _sent_versions(lead: Lead) -> Iterator[Attempt]:
    """Yield the mails under test that were sent to the lead. A mail that was sent again counts once."""
    for enrolment in lead.enrolments.values():
        went_out = {
            each.send.step: each for each in enrolment.attempts if each.outcome in SENT and each.variant
        }
        yield from went_out.values()


def _is_click(activity: Activity, attempt: Attempt) -> bool:
    told = activity.magnet, activity.detail.get("step")
    return activity.type == "clicked" and told == (attempt.send.magnet, attempt.send.step)


def _has_clicked(lead: Lead, attempt: Attempt, funnel: Funnel, now: datetime) -> bool:
    return any(_is_click(each, attempt) for each in lead.activities)


def _has_reached_goal(lead: Lead, attempt: Attempt, funnel: Funnel, now: datetime) -> bool:
    """Whether the sequence's `until` holds now; without one, whether the lead reached any goal since the mail."""
    if funnel.until:
        return holds(funnel.until, facts_of(lead, funnel, now), now)
    return any(each.type in GOALS.values() and each.at >= attempt.at for each in lead.activities)


_REACHED: Mapping[str, Callable[[Lead, Attempt, Funnel, datetime], bool]] = {
    "clicks": _has_clicked,
    "goal": _has_reached_goal,
}


def _compare(version: Version, first: Version, z: float) -> Comparison:
    if not (version.sent and first.sent):
        return Comparison(version.name, first.name, None, None)
    compared = Comparison(version.name, first.name, newcombe(version.count, first.count, z), None)
    if compared.better:
        return compared
    more = leads_to_decide(version.count, first.count, z)
    return Comparison(version.name, first.name, compared.difference, more)
