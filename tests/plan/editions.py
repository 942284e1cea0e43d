"""Two editions of one sequence, and a plan of them."""

from datetime import UTC, datetime

from leads.funnel import Funnel, Sending, Step
from lodestone.plan.in_flight import InFlight
from lodestone.plan.sequences import SequencePlan, lay_out
from tests.world import DAY, make_funnel

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # a Monday, half past eight in Berlin
CLICKED = ["did", "clicked", "here", 0, {"step": "first"}]

BEFORE = make_funnel(
    steps=(Step("first", 2 * DAY), Step("second", 3 * DAY), Step("third", DAY, "09:00"), Step("old", DAY))
)
AFTER = make_funnel(
    steps=(
        Step("first", 2 * DAY),
        Step("third", DAY, "09:00"),
        Step("second", 5 * DAY, when=["is", "form.first_name", "Ida"], variants=("a", "b")),
        Step("offer", DAY, branch="buyers"),
        Step("renewal", anchor="renewal_date"),
    ),
    branches={"buyers": CLICKED},
    until=["did", "replied", "joined", 0, {}],
    dates={"webinar": "2026-12-16T17:00:00.000Z"},
    sending=Sending(quiet=("21:00", "08:00")),
)


def plan_of(before: Funnel | None, after: Funnel | None, in_flight: InFlight | None = None) -> SequencePlan:
    earlier, later = ({each.slug: each} if each else {} for each in (before, after))
    return SequencePlan("stack press" if before else "", NOW, lay_out(earlier, later, NOW), in_flight)
