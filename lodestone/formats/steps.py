"""Steps of a sequence, for people: `2 days, at 09:00, on weekdays`, `1 day before webinar`."""

from collections.abc import Iterator

from leads.conditions import describe
from leads.funnel import Funnel, Step
from lodestone.formats.spans import exact_span

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SEVERAL = {(0, 1, 2, 3, 4): "weekdays", (5, 6): "weekends"}


def timing(step: Step) -> str:
    """Format when a step is due: its delay after the previous mail, or its distance from its date."""
    base = _by_date(step) if step.anchor else exact_span(step.after) if step.after else "none"
    limit = (f"not after {step.not_after}",) if step.not_after else ()
    return ", ".join((base, *_on_the_clock(step), *limit))


def readers(step: Step, funnel: Funnel) -> str:
    """Format whom a step is for: the conditions of its branch and its own; "" for everybody."""
    return " and ".join(describe(each) for each in (funnel.branches.get(step.branch), step.when) if each)


def _by_date(step: Step) -> str:
    if not step.offset:
        return f"on {step.anchor}"
    side = "before" if step.offset < 0 else "after"
    return f"{exact_span(abs(step.offset))} {side} {step.anchor}"


def _on_the_clock(step: Step) -> Iterator[str]:
    if step.at:
        yield f"at {step.at}"
    if step.days:
        days = tuple(sorted(step.days))
        yield f"on {_SEVERAL.get(days) or ', '.join(_DAYS[day] for day in days)}"
