"""What the `leads` commands print, for people."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from leads.events import Event
from leads.lead import Lead
from lodestone.desk.gaps import Gap
from lodestone.desk.outlook import Next
from lodestone.desk.unsettled import Unsettled
from lodestone.local.panel.wording import day, relative
from lodestone.terminal import counted

#: What a suppression means, and who can lift it.
_SUPPRESSED = {
    "unsubscribed": "unsubscribed from everything; comes back by sending a form and confirming it",
    "unreachable": "five mails in a row came back; comes back by sending a form and confirming it, or `leads readmit`",
    "bounced": "the mailbox does not exist; `leads readmit` lifts it",
    "complained": "reported a mail as spam; `leads readmit` lifts it, or the mailbox provider (not-spam)",
    "erased": "everything stored was erased; comes back by sending a form and confirming it",
}


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> Iterator[str]:
    """The rows as lines, each column as wide as its widest cell."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        padded = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield (indent + "  ".join(padded)).rstrip()


def lines_of_unsettled(found: Sequence[Unsettled], where: str, now: datetime) -> Iterator[str]:
    """The mails of which nobody knows, and what can be done."""
    if not found:
        yield f"of every mail in {where} it is known whether it went out"
        return
    yield f"{counted(len(found), 'mail')} of which nobody knows whether it went out:"
    yield from columns([_row(each, now) for each in found])
    yield "help: SES's console (Mail Manager, Virtual deliverability manager) may show whether it took them; then"
    yield "      `python build.py leads settle LEAD MAGNET STEP --as sent`, or `--as failed`, which sends it again"


def _row(each: Unsettled, now: datetime) -> tuple[str, ...]:
    send = each.attempt.send
    return each.lead_id, f"{send.magnet}/{send.step}", f"claimed {_when(each.attempt.at, now)}", each.then


def lines_of_gaps(gaps: Sequence[Gap], seen: int, where: str, now: datetime) -> Iterator[str]:
    """What reconciling would mend, or has mended."""
    if not gaps:
        yield f"{counted(seen, 'lead')} in {where}: nothing is missing"
        return
    yield f"{counted(len(gaps), 'step')} of {counted(seen, 'lead')} in {where} with nothing to bring it:"
    yield from columns([_gap_row(each, now) for each in gaps])


def _gap_row(gap: Gap, now: datetime) -> tuple[str, ...]:
    step = f"{gap.magnet}/{gap.step}" if gap.step else gap.magnet
    return gap.lead_id, step, gap.what, f"due {_when(gap.at, now)}" if gap.at else ""


def lines_of_lead(
    lead: Lead, history: Iterable[Event], steps: Sequence[Next], now: datetime
) -> Iterator[str]:
    """The lead, what comes next and why, and everything that happened."""
    yield f"{lead.email or lead.phone or 'nobody'} ({lead.id})"
    yield from columns(_about(lead, now))
    if steps:
        yield "next"
        yield from columns([(each.magnet, _next(each, now)) for each in steps])
    yield "what happened"
    ordered = sorted(history, key=lambda each: (each.at, each.key))
    yield from columns([(day(each.at), each.type, each.magnet, _detail(each)) for each in ordered])


def next_of(magnet: str, steps: Iterable[Next], now: datetime) -> str:
    """What comes next in one magnet's funnel."""
    return next((_next(each, now) for each in steps if each.magnet == magnet), "nothing")


def readmission(lead: Lead, now: datetime) -> str:
    """What was said of the address, and what to have heard before it is mailed again."""
    reason = lead.suppression.reason if lead.suppression else ""
    before = "that it was a slip" if reason == "complained" else "that their mailbox works again"
    return f"suppressed {_suppression(lead, now)}.\nBe sure that the person told you {before}."


def _about(lead: Lead, now: datetime) -> list[tuple[str, str]]:
    known = {
        "stage": f"{lead.stage}, score {lead.score}",
        "since": _when(lead.created_at, now) if lead.created_at else "",
        "answers": ", ".join(f"{name}: {value}" for name, value in lead.answers.items()),
        "time zone": lead.time_zone,
        "frequency": "one mail a week at most" if lead.weekly else "",
        "suppressed": _suppression(lead, now),
        "soft bounces": f"{lead.soft_bounces} in a row" if lead.soft_bounces else "",
    }
    magnets = [
        (each.magnet, _standing(each.status, each.finished_at, now)) for each in lead.enrolments.values()
    ]
    return [*((name, value) for name, value in known.items() if value), *magnets]


def _standing(status: str, finished_at: datetime | None, now: datetime) -> str:
    return status + (f", sequence over since {_when(finished_at, now)}" if finished_at else "")


def _suppression(lead: Lead, now: datetime) -> str:
    known = lead.suppression
    return f"since {_when(known.at, now)}: {_SUPPRESSED.get(known.reason, known.reason)}" if known else ""


def _next(step: Next, now: datetime) -> str:
    if not step.step:
        return f"nothing: {step.reason}"
    when = f" {_when(step.until, now)}" if step.until else ""
    return f"{step.step}{when}: {step.reason}"


def _detail(event: Event) -> str:
    data = event.data
    told = (data.get(name) for name in ("step", "kind", "reason", "words", "link", "asset", "scope", "by"))
    return ", ".join(str(each) for each in told if each)


def _when(at: datetime, now: datetime) -> str:
    return f"{day(at)} ({relative(at, now)})"
