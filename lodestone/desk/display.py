"""What the commands of `build.py leads` print, for people."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from leads.enrolment import Enrolment
from leads.events import Event
from leads.lead import Lead
from leads.private import Private
from lodestone.desk.missing_wakeups import MissingWakeup
from lodestone.desk.reconcile import Reconciliation
from lodestone.desk.unsettled import Unsettled
from lodestone.forecast.next_steps import NextStep
from lodestone.formats.counts import counted
from lodestone.formats.dates import day_and_hour, with_distance
from lodestone.formats.spans import rounded_span
from lodestone.records.stored_lead import StoredLead

#: By the reason of a suppression: what it means, and how it is lifted.
_SUPPRESSED = {
    "unsubscribed": ("they unsubscribed from everything", "a form that they send and confirm"),
    "unreachable": ("five mails in a row came back", "a form that they send and confirm, or `leads readmit`"),
    "bounced": ("the address does not take mails", "`leads readmit`"),
    "complained": ("they reported a mail as spam", "`leads readmit`, or their provider, which takes it back"),
    "erased": ("everything stored was erased", "a form that they send and confirm"),
}


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> Iterator[str]:
    """Format rows as lines, each column as wide as its widest cell."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        padded = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield (indent + "  ".join(padded)).rstrip()


def lines_of_unsettled(found: Sequence[Unsettled], where: str, now: datetime) -> Iterator[str]:
    """Describe the unsettled mails, and what can be done about them."""
    if not found:
        yield f"of every mail in {where} it is known whether it went out"
        return
    yield f"{counted(len(found), 'mail')} of which nobody knows whether it went out:"
    yield from columns([_row(each, now) for each in found])
    yield "help: Virtual Deliverability Manager, where SES has it on, shows what became of mails to an address; then"
    yield "      `python build.py leads settle LEAD MAGNET STEP --as sent`, or `--as failed`, which sends it again"


def _row(each: Unsettled, now: datetime) -> tuple[str, ...]:
    send = each.attempt.send
    return (
        each.lead_id,
        f"{send.magnet}/{send.step}",
        f"claimed {with_distance(each.attempt.at, now)}",
        each.then,
    )


def lines_of_reconciliation(found: Reconciliation, where: str, now: datetime) -> Iterator[str]:
    """Describe the missing wakeups that reconciling found."""
    if found.backlog:
        ahead = rounded_span(found.backlog)
        yield f"mails of sequences are booked {ahead} ahead: those that are late were not looked at"
    seen, missing_wakeups = counted(found.leads, "lead"), found.missing_wakeups
    if not missing_wakeups:
        yield f"{seen} in {where}: nothing is missing"
        return
    yield f"{counted(len(missing_wakeups), 'step')} of {seen} in {where} with nothing to bring it:"
    yield from columns([_missing_row(each, now) for each in missing_wakeups])


def _missing_row(missing: MissingWakeup, now: datetime) -> tuple[str, ...]:
    step = f"{missing.magnet}/{missing.step}" if missing.step else missing.magnet
    return missing.lead_id, step, missing.what, f"due {with_distance(missing.at, now)}" if missing.at else ""


def lines_of_lead(
    found: StoredLead, steps: Sequence[NextStep], told: Sequence[tuple[str, str]], now: datetime
) -> Iterator[str]:
    """Describe a lead, what features tell of them, the next step of each funnel, and everything that happened."""
    lead = found.lead
    yield f"{lead.email or lead.phone or 'nobody'} ({lead.id})"
    yield from columns([*_about(lead, now), *told])
    yield from lines_of_next(steps, now)
    yield "what happened"
    events = found.history()
    yield from columns([(day_and_hour(each.at), each.type, each.magnet, _detail(each)) for each in events])


def lines_of_private(kept: Sequence[Private], asked: bool, now: datetime) -> Iterator[str]:
    """Describe what is kept apart of a lead: that there is something, and, where it was `asked` for, what."""
    for each in kept:
        yield f"sensitive answers to {each.magnet}, kept until {with_distance(each.until, now)}"
        yield from columns(each.rows) if asked else ("  (`--sensitive` shows them)",)


def lines_of_next(steps: Sequence[NextStep], now: datetime) -> Iterator[str]:
    """Describe the next step of each funnel."""
    if steps:
        yield "next"
        yield from columns([(each.magnet, _next(each, now)) for each in steps])


def readmission(lead: Lead, now: datetime) -> str:
    """Describe the suppression of a lead, and what the owner must know before lifting it."""
    known = lead.suppression
    if known is None:
        return ""
    before = "that it was a slip" if known.reason == "complained" else "that their mailbox works again"
    since = f"No mail since {with_distance(known.at, now)}: {_SUPPRESSED[known.reason][0]}."
    return f"{since}\nBe sure that the person told you {before}."


def _about(lead: Lead, now: datetime) -> list[tuple[str, str]]:
    known = {
        "stage": f"{lead.stage}, score {lead.score}",
        "since": with_distance(lead.created_at, now) if lead.created_at else "",
        "answers": "; ".join(filter(None, map(_answers, lead.enrolments.values()))),
        "time zone": lead.time_zone,
        "frequency": "one mail a week at most" if lead.weekly else "",
        "suppressed": _suppression(lead, now),
        "soft bounces": f"{lead.soft_bounces} in a row" if lead.soft_bounces else "",
    }
    magnets = [
        (each.magnet, _standing(each.status, each.finished_at, now)) for each in lead.enrolments.values()
    ]
    return [*((name, value) for name, value in known.items() if value), *magnets]


def _answers(enrolment: Enrolment) -> str:
    return ", ".join(f"{name}: {value}" for name, value in enrolment.answers.items())


def _standing(status: str, finished_at: datetime | None, now: datetime) -> str:
    return status + (f", sequence over since {with_distance(finished_at, now)}" if finished_at else "")


def _suppression(lead: Lead, now: datetime) -> str:
    known = lead.suppression
    if known is None:
        return ""
    why, way = _SUPPRESSED.get(known.reason, (known.reason, "nothing"))
    return f"since {with_distance(known.at, now)}: {why}; lifted by {way}"


def _next(step: NextStep, now: datetime) -> str:
    if not step.step:
        return f"nothing: {step.reason}"
    if not step.until:
        return f"{step.step}: {step.reason}"
    reason = "" if step.reason == "due then" else f": {step.reason}"
    return f"{step.step} on {with_distance(step.until, now)}{reason}"


def _detail(event: Event) -> str:
    data = event.data
    told = (data.get(name) for name in ("step", "kind", "reason", "words", "link", "asset", "scope", "by"))
    return ", ".join(str(each) for each in told if each)
