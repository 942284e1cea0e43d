"""How each of the core's events changes a lead: the functions that `leads.event_table` names in its rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from leads import enrolment as enrolments
from leads.enrolment import Enrolment
from leads.events import Event, send_of
from leads.lead import WAY_BACK, Lead, Suppression
from leads.rules import Rules


def accept_submission(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Enrol the lead: a new ask, unless they asked too often; and what the form says of them."""
    data, touch = event.data, event.data.get("touch") or {}
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    if not _asked_too_often(lead, event.at, rules):
        proof_needed = lead.suppression is not None
        lead = lead.with_enrolment(enrolments.ask(current, event, rules, proof_needed))
    # Whoever knows an address can send a form with it. Once the person has proven that it is theirs, what a
    # form says of them counts only when they confirm it: nobody else puts words into their mails.
    lead = lead if lead.proven else _told(lead, event.magnet, data)
    return replace(
        lead,
        email=data.get("email") or lead.email,
        first_touch=lead.first_touch or touch,
        last_touch=touch or lead.last_touch,
    )


def _told(lead: Lead, magnet: str, data: Mapping[str, Any]) -> Lead:
    """Take what a form says of the lead: number and zone are the person's, answers belong to the enrolment."""
    lead = replace(
        lead,
        phone=data.get("phone") or lead.phone,
        time_zone=data.get("time_zone") or lead.time_zone,
    )
    current = lead.enrolments.get(magnet)
    return lead.with_enrolment(current.with_answers(data.get("answers") or {})) if current else lead


def _asked_too_often(lead: Lead, at: datetime, rules: Rules) -> bool:
    """Over all magnets, so that many forms bomb a mailbox no better than one."""
    asks = (ask for each in lead.enrolments.values() for ask in each.asks)
    return sum(1 for ask in asks if at - ask.at < timedelta(days=1)) >= rules.asks_a_day_in_all


def confirm(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Take the lead's word that the address is theirs: what they agreed to and told in that ask counts."""
    current = lead.enrolments.get(event.magnet)
    if current is None or not enrolments.may_confirm(current, event.data["ask"]):
        return lead
    ask = current.asks[event.data["ask"] - 1]
    known = lead.suppression
    if known and known.reason in WAY_BACK and ask.at > known.at:
        lead = replace(lead, suppression=None, soft_bounces=0)
    lead = replace(_told(lead, event.magnet, ask.told), proven=True)
    return lead.with_enrolment(enrolments.confirm(lead.enrolments[event.magnet], event))


def unsubscribe(lead: Lead, event: Event, rules: Rules) -> Lead:
    """End one sequence, or all of them and every mail."""
    if event.data.get("scope") == "sequence":
        current = lead.enrolments.get(event.magnet)
        return lead.with_enrolment(enrolments.end(current, event.at)) if current else lead
    ended = {slug: enrolments.end(each, event.at) for slug, each in lead.enrolments.items()}
    known = lead.suppression
    # A mailbox that is full today may work tomorrow; what its reader said holds all the same.
    stronger = known if known and known.reason != "unreachable" else None
    return replace(lead, enrolments=ended, suppression=stronger or Suppression("unsubscribed", event.at))


def note_bounce(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Suppress the address at a hard bounce, and after so many soft ones in a row."""
    before, lead = lead, record_attempt(lead, event, rules)
    if event.data.get("kind") == "hard":
        return _suppressed(lead, "bounced", event.at)
    if event.data.get("kind") == "mail" or _came_back(before, event):
        return lead  # what was wrong with one mail says nothing of the address, and twice no more than once
    lead = replace(lead, soft_bounces=lead.soft_bounces + 1)
    if lead.soft_bounces < rules.soft_bounces_in_a_row:
        return lead
    return replace(lead, suppression=lead.suppression or Suppression("unreachable", event.at))


def _came_back(lead: Lead, event: Event) -> bool:
    """Whether the mail that an event speaks of had bounced before."""
    current = lead.enrolments.get(event.magnet, Enrolment(event.magnet))
    return any(each.send == send_of(event) and each.outcome == "bounced" for each in current.attempts)


def note_complaint(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Suppress the address."""
    return _suppressed(record_attempt(lead, event, rules), "complained", event.at)


def take_back_complaint(lead: Lead, event: Event, rules: Rules) -> Lead:
    """The reader, or their provider, took the complaint back."""
    return _lifted(record_attempt(lead, event, rules), "complained")


def readmit(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Lift what the owner may lift."""
    return replace(_lifted(lead, "bounced", "complained", "unreachable"), soft_bounces=0)


def note_delivery(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Record that the mail arrived, which ends a row of soft bounces."""
    return replace(record_attempt(lead, event, rules), soft_bounces=0)


def _suppressed(lead: Lead, reason: str, at: datetime) -> Lead:
    """For good: over a suppression that has a way back, never over an earlier final one."""
    known = lead.suppression
    return (
        lead if known and known.reason not in WAY_BACK else replace(lead, suppression=Suppression(reason, at))
    )


def _lifted(lead: Lead, *reasons: str) -> Lead:
    known = lead.suppression
    return replace(lead, suppression=None) if known and known.reason in reasons else lead


def record_attempt(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Record what became of an attempt to send a mail."""
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    if lead.erased_at and event.type != "claimed" and not enrolments.knows(current, event):
        return lead  # a report of a mail whose record is gone says nothing of those that come after
    return lead.with_enrolment(enrolments.record(current, event))


def set_frequency(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Set how often the lead wants mail."""
    return replace(lead, weekly=event.data.get("frequency") == "weekly")


def correct(lead: Lead, event: Event, rules: Rules) -> Lead:
    """What they say by the link in a mail counts at once, and that an answer is to go."""
    data = event.data
    told = _told(lead, event.magnet, data)
    return replace(told, phone=data.get("phone", lead.phone), proven=True)


def erase(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Whatever came before is no more, also while some of it still waits to be deleted.

    A bounce or a complaint outlives it: the address may come back, and must not be mailed all the same.
    """
    known = lead.suppression
    final = known if known and known.reason not in WAY_BACK else None
    suppression = final or Suppression(event.data.get("suppression", "erased"), event.at)
    # No fold of what was known before may take the place of this one, however many events it had.
    version = int(event.at.timestamp())
    return Lead(lead.id, suppression=suppression, erased_at=event.at, version=version)


def request_data(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Record that the lead asked for the link to what is stored of them."""
    current = lead.enrolments.get(event.magnet)
    return lead.with_enrolment(enrolments.request(current, event.at, rules)) if current else lead


def skip_step(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Record that a step is not for this lead."""
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    return lead.with_enrolment(enrolments.skip(current, event))


def finish(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Close the sequence."""
    current = lead.enrolments.get(event.magnet)
    return lead if current is None else lead.with_enrolment(replace(current, finished_at=event.at))
