"""The reader for whom mails are previewed: a stored lead, or an invented one who confirms at a given instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leads import events
from leads.features import FEATURES
from leads.form import read_fields
from leads.funnel import Funnel
from leads.lead import Lead
from leads.rules import DEFAULT
from lodestone.errors import CommandError
from lodestone.features import FEATURES as BUILD_FEATURES
from lodestone.records.find import find_lead
from lodestone.records.protocol import LeadRecords, funnels_of
from lodestone.records.stored_lead import StoredLead, fold_lead

#: The id of an invented lead: no stored lead has one like it.
INVENTED = "invented"
_ADDRESS = "somebody@example.com"


@dataclass(frozen=True)
class Reader:
    """A lead, at a given time. `funnels` are those of their other magnets."""

    name: str
    stored: StoredLead
    now: datetime
    funnels: Mapping[str, Funnel | None]
    invented: bool = False

    def lead(self, magnet: str) -> Lead:
        """Return the lead for whom a magnet's mails are filled in; an unconfirmed lead as if they confirmed now."""
        enrolment = self.stored.lead.enrolments[magnet]
        if enrolment.status != "unconfirmed":
            return self.stored.lead
        confirmed = events.confirmed(magnet, len(enrolment.asks), self.now)
        return self.stored.with_events(confirmed).lead


def invent(funnel: Funnel, answers: Mapping[str, str], time_zone: str, confirmed: datetime) -> Reader:
    """Invent a lead who gave these answers and their consent, and confirms at that instant.

    Raises CommandError if the form refuses an answer, or there is no such time zone.
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
        "told": _told(funnel, answers),
        "consent": {"given": True},
        "opt_in": funnel.opt_in,
    }
    stored = fold_lead(INVENTED, (events.submitted(funnel.slug, confirmed, data),), DEFAULT)
    return Reader("somebody made up", stored, confirmed, {}, invented=True)


def choose(records: LeadRecords, who: str, magnet: str) -> Reader:
    """Return a stored lead as the reader, by address, number or id.

    Raises CommandError if there is none, if they never asked for this magnet, or left no e-mail address.
    """
    stored = find_lead(records, who)
    lead = stored.lead
    enrolment = lead.enrolments.get(magnet)
    if enrolment is None or not enrolment.asks:
        known = ", ".join(sorted(lead.enrolments)) or "none"
        raise CommandError(f"`{who}` never asked for {magnet}", f"the magnets they asked for: {known}")
    if not lead.email:
        raise CommandError(
            f"`{who}` left no e-mail address", "without --lead the mails are shown for somebody made up"
        )
    return Reader(lead.email, stored, records.now(), funnels_of(records, lead))


def _told(funnel: Funnel, answers: Mapping[str, str]) -> dict[str, Any]:
    """What an invented visitor tells features in their parts of the form, by feature.

    Raises CommandError if a part refuses an answer, or no answers lead to what is asked for.
    """
    told: dict[str, Any] = {}
    for key in funnel.features:
        reader = FEATURES[key].read_form if key in FEATURES else None
        if reader is None:
            continue
        posted = BUILD_FEATURES[key].invent(funnel, answers)
        if posted is None:
            raise CommandError(
                "no answers were found that come to this", "give other answers, or another outcome"
            )
        part = reader(funnel, posted)
        if part.errors:
            told_errors = "; ".join(f"{each.field}: {each.message}" for each in part.errors)
            raise CommandError(
                f"the form would not take this: {told_errors}", "give an answer that is offered"
            )
        told[key] = part.told
    return told


def _check_names(funnel: Funnel, answers: Mapping[str, str]) -> None:
    parts = (BUILD_FEATURES[key].names_to_invent(funnel) for key in funnel.features if key in BUILD_FEATURES)
    known = [*(field.name for field in funnel.fields), *(name for names in parts for name in names)]
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
