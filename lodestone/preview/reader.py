"""For whom the mails are shown: a lead there is, or somebody made up who confirms at a given instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leads import events
from leads.events import Event
from leads.folding import fold
from leads.form import read_fields
from leads.funnel import Funnel
from leads.lead import Lead
from leads.rules import DEFAULT
from lodestone.desk.records import CommandError, Records, find_lead, funnels_of

#: The id of somebody made up: no lead has one like it.
INVENTED = "invented"
_ADDRESS = "somebody@example.com"


@dataclass(frozen=True)
class Reader:
    """A lead, their history and the time it is for them. `funnels` are those of their other magnets."""

    name: str
    lead_id: str
    history: tuple[Event, ...]
    now: datetime
    funnels: Mapping[str, Funnel | None]
    invented: bool = False

    def lead(self, magnet: str) -> Lead:
        """The lead as their mails find them: once confirmed, for what comes after that."""
        lead = fold(self.lead_id, self.history, DEFAULT)
        enrolment = lead.enrolments[magnet]
        if enrolment.status != "unconfirmed":
            return lead
        confirmed = events.confirmed(magnet, len(enrolment.asks), self.now)
        return fold(self.lead_id, [*self.history, confirmed], DEFAULT)


def invent(funnel: Funnel, answers: Mapping[str, str], time_zone: str, confirmed: datetime) -> Reader:
    """Somebody who gave these answers and their consent, and confirms at that instant.

    Raises CommandError for an answer that the form would not take, and for a zone that does not exist.
    """
    _check_names(funnel, answers)
    fields = [field for field in funnel.fields if field.name in answers]
    values, errors = read_fields(fields, {name: [value] for name, value in answers.items()}, funnel.country)
    if errors:
        told = "; ".join(f"{each.field}: {each.message}" for each in errors)
        raise CommandError(
            f"the form would not take this: {told}", "give an answer that a visitor could send"
        )
    _check_zone(time_zone)
    types = {field.name: field.type for field in fields}
    contacts = {types[name]: value for name, value in values.items() if types[name] in ("email", "phone")}
    data = {
        "email": contacts.get("email", _ADDRESS),
        "phone": contacts.get("phone", ""),
        "answers": {name: value for name, value in values.items() if types[name] not in contacts and value},
        "time_zone": time_zone,
        "consent": {"given": True},
        "opt_in": funnel.opt_in,
    }
    history = (events.submitted(funnel.slug, confirmed, data),)
    return Reader("somebody made up", INVENTED, history, confirmed, {}, invented=True)


def choose(records: Records, who: str, magnet: str) -> Reader:
    """A lead there is, by address, number or id. Raises CommandError where they never asked for this magnet."""
    lead, history = find_lead(records, who)
    enrolment = lead.enrolments.get(magnet)
    if enrolment is None or not enrolment.asks:
        known = ", ".join(sorted(lead.enrolments)) or "none"
        raise CommandError(f"`{who}` never asked for {magnet}", f"the magnets they asked for: {known}")
    if not lead.email:
        raise CommandError(
            f"`{who}` left no e-mail address", "without --lead the mails are shown for somebody made up"
        )
    return Reader(lead.email, lead.id, tuple(history), records.now(), funnels_of(records, lead))


def _check_names(funnel: Funnel, answers: Mapping[str, str]) -> None:
    known = [field.name for field in funnel.fields]
    for name in answers:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            help = f"did you mean `{near[0]}`?" if near else f"its fields: {', '.join(known)}"
            raise CommandError(f"the form of {funnel.slug} has no field `{name}`", help)


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "write it as the IANA does: Europe/Berlin, America/New_York, UTC"
        raise CommandError(f"there is no time zone `{name}`", remedy) from error
