"""Changes for leads in flight, as sentences: `12 leads next get `third` instead of `second``."""

from collections.abc import Iterator

from leads.conditions import describe
from leads.funnel import Step
from lodestone.formats.counts import counted
from lodestone.formats.steps import timing
from lodestone.publish.in_flight import Group, Path


def sentence(group: Group, leads: int) -> str:
    """Describe what changes for one group of leads."""
    who = counted(leads, "lead")
    if group.unconfirmed:
        return (
            f"{who} asked and did not confirm yet; the link in the opt-in mail will say that it was withdrawn"
        )
    if not group.after:
        return f"{who}: the sequence ends now, without {_names(group.before)}"
    next_mail = f"{who} next {'gets' if leads == 1 else 'get'} {_name(group.after[0])} {_instead(group)}"
    return "; ".join((next_mail, *_later(group), *_timings(group)))


def _instead(group: Group) -> str:
    if not group.before:
        return "instead of nothing more"
    before, after = group.before[0], group.after[0]
    return "as before" if before.slug == after.slug else f"instead of {_name(before)}"


def _later(group: Group) -> Iterator[str]:
    """Describe the mails behind the next one, if they differ from those before the change."""
    before, after = _slugs(group.before), _slugs(group.after)
    if before[:1] == after[:1] and before != after:
        yield f"then {_names(group.after[1:]) or 'nothing more'} instead of {_names(group.before[1:]) or 'nothing'}"
    elif after[1:] and before[-len(after) :] != after:
        yield f"then {_names(group.after[1:])}"


def _timings(group: Group) -> Iterator[str]:
    known = {step.slug: step for step in group.before}
    for step in group.after:
        old = known.get(step.slug)
        if old and timing(old) != timing(step):
            what = "timing" if old.anchor or step.anchor else "delay"
            yield f"the {what} of `{step.slug}` changes from {timing(old)} to {timing(step)}"
        if old and old.when != step.when:
            yield f"`{step.slug}` is {_readers(step)} instead of {_readers(old)}"


def _readers(step: Step) -> str:
    return f"for those with {describe(step.when)}" if step.when else "for everybody"


def _name(step: Step) -> str:
    """Name a mail, with its conditions."""
    conditions = [f"branch {step.branch}"] if step.branch else []
    conditions += [f"if {describe(step.when)}"] if step.when else []
    return f"`{step.slug}` ({', '.join(conditions)})" if conditions else f"`{step.slug}`"


def _slugs(path: Path) -> list[str]:
    return [step.slug for step in path]


def _names(path: Path) -> str:
    names = [_name(step) for step in path]
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
