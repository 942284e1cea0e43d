"""A step of a sequence in words: `2 days, at 09:00, on weekdays`, `1 day before webinar`."""

from collections.abc import Iterator

from leads.conditions import describe
from leads.funnel import Funnel, Step
from lodestone.cli.terminal import counted

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SEVERAL = {(0, 1, 2, 3, 4): "weekdays", (5, 6): "weekends"}


def span(seconds: int) -> str:
    """`2 days`, `36 hours`: in the largest unit that needs no fraction."""
    size, unit = next(each for each in _UNITS if seconds % each[0] == 0)
    return counted(seconds // size, unit)


def timing(step: Step) -> str:
    """When the step is due: its delay from the mail before, or where it stands by its date."""
    base = _by_date(step) if step.anchor else span(step.after) if step.after else "none"
    return ", ".join((base, *_on_the_clock(step)))


def readers(step: Step, funnel: Funnel) -> str:
    """Who the step is for: the conditions of its branch and its own, in words; "" for everybody."""
    return " and ".join(describe(each) for each in (funnel.branches.get(step.branch), step.when) if each)


def _by_date(step: Step) -> str:
    if not step.offset:
        return f"on {step.anchor}"
    side = "before" if step.offset < 0 else "after"
    return f"{span(abs(step.offset))} {side} {step.anchor}"


def _on_the_clock(step: Step) -> Iterator[str]:
    if step.at:
        yield f"at {step.at}"
    if step.days:
        days = tuple(sorted(step.days))
        yield f"on {_SEVERAL.get(days) or ', '.join(_DAYS[day] for day in days)}"
