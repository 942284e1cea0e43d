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
    """Add an ask to the enrolment, unless the lead asked too often, and take what the form says."""
    data, touch = event.data, event.data.get("touch") or {}
    current = lead.enrolments.get(event.magnet) or Enrolment(event.magnet)
    opens = event.magnet not in lead.enrolments
    if not _asked_too_often(lead, event.at, rules):
        proof_needed = lead.suppression is not None
        lead = lead.with_enrolment(enrolments.ask(current, event, rules, proof_needed))
    # Anybody who knows an address can send a form with it. Once the person has proven that it is theirs, a
    # form's answers count only when they confirm it, so that nobody else can change what their mails say. The
    # form that opens an enrolment counts: with single opt-in nothing is confirmed. Its links are left out.
    if not lead.proven:
        lead = _with_answers(_with_contacts(lead, data), event.magnet, data)
    elif opens:
        lead = _with_answers(lead, event.magnet, data)
    return replace(
        lead,
        email=data.get("email") or lead.email,
        first_touch=lead.first_touch or touch,
        last_touch=touch or lead.last_touch,
    )


def _with_contacts(lead: Lead, data: Mapping[str, Any]) -> Lead:
    """Take phone and time zone from a form: they belong to the person."""
    return replace(
        lead,
        phone=data.get("phone") or lead.phone,
        time_zone=data.get("time_zone") or lead.time_zone,
    )


def _with_answers(lead: Lead, magnet: str, data: Mapping[str, Any]) -> Lead:
    """Take the answers from a form, and what it told to features: they belong to the enrolment."""
    current = lead.enrolments.get(magnet)
    if current is None:
        return lead
    current = current.with_told(data.get("told") or {})
    return lead.with_enrolment(current.with_answers(data.get("answers") or {}))


def _asked_too_often(lead: Lead, at: datetime, rules: Rules) -> bool:
    """Whether the maximum over all magnets is reached, so that many forms cannot flood a mailbox."""
    asks = (ask for each in lead.enrolments.values() for ask in each.asks)
    return sum(1 for ask in asks if at - ask.at < timedelta(days=1)) >= rules.asks_a_day_in_all


def confirm(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Confirm the enrolment: the address is proven, and the consent and answers of that ask count."""
    current = lead.enrolments.get(event.magnet)
    if current is None or not enrolments.may_confirm(current, event.data["ask"]):
        return lead
    ask = current.asks[event.data["ask"] - 1]
    known = lead.suppression
    if known and known.reason in WAY_BACK and ask.at > known.at:
        lead = replace(lead, suppression=None, soft_bounces=0)
    if not lead.proven:
        lead = replace(lead, phone="", time_zone="")
    if not current.proven:  # what other forms said of the lead was perhaps a stranger's
        lead = lead.with_enrolment(replace(current, answers={}, told={}, proven=True))
    lead = replace(_with_answers(_with_contacts(lead, ask.told), event.magnet, ask.told), proven=True)
    return lead.with_enrolment(enrolments.confirm(lead.enrolments[event.magnet], event))


def unsubscribe(lead: Lead, event: Event, rules: Rules) -> Lead:
    """End one sequence, or end all of them and suppress the address."""
    if event.data.get("scope") == "sequence":
        current = lead.enrolments.get(event.magnet)
        return lead.with_enrolment(enrolments.end(current, event.at)) if current else lead
    ended = {slug: enrolments.end(each, event.at) for slug, each in lead.enrolments.items()}
    known = lead.suppression
    # "unreachable" may pass (a full mailbox), so the lead's own choice replaces it.
    stronger = known if known and known.reason != "unreachable" else None
    return replace(lead, enrolments=ended, suppression=stronger or Suppression("unsubscribed", event.at))


def note_bounce(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Suppress the address after a hard bounce, or after `soft_bounces_in_a_row` soft ones."""
    before, lead = lead, record_attempt(lead, event, rules)
    if event.data.get("kind") == "hard":
        return _suppressed(lead, "bounced", event.at)
    if event.data.get("kind") == "mail" or _had_bounced(before, event):
        return lead  # it concerns the mail and not the address, or this mail's bounce was counted before
    lead = replace(lead, soft_bounces=lead.soft_bounces + 1)
    if lead.soft_bounces < rules.soft_bounces_in_a_row:
        return lead
    return replace(lead, suppression=lead.suppression or Suppression("unreachable", event.at))


def _had_bounced(lead: Lead, event: Event) -> bool:
    """Whether the mail that an event speaks of had bounced before."""
    current = lead.enrolments.get(event.magnet, Enrolment(event.magnet))
    return any(each.send == send_of(event) and each.outcome == "bounced" for each in current.attempts)


def note_complaint(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Suppress the address after a complaint."""
    return _suppressed(record_attempt(lead, event, rules), "complained", event.at)


def take_back_complaint(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Lift the suppression of a complaint that the reader or their provider took back."""
    return _lifted(record_attempt(lead, event, rules), "complained")


def readmit(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Lift a suppression for a bounce, a complaint or an unreachable mailbox."""
    return replace(_lifted(lead, "bounced", "complained", "unreachable"), soft_bounces=0)


def note_delivery(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Record that the mail arrived, and reset the count of soft bounces."""
    return replace(record_attempt(lead, event, rules), soft_bounces=0)


def _suppressed(lead: Lead, reason: str, at: datetime) -> Lead:
    """Suppress the lead. It replaces a suppression that the lead can lift (`WAY_BACK`), and no other."""
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
        return lead  # the report is about a mail whose record was erased
    return lead.with_enrolment(enrolments.record(current, event))


def set_frequency(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Set how often the lead wants mail."""
    return replace(lead, weekly=event.data.get("frequency") == "weekly")


def correct(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Take the lead's corrections, as the mailed link proves the address. An empty answer deletes one."""
    data = event.data
    lead = _with_answers(_with_contacts(lead, data), event.magnet, data)
    current = lead.enrolments.get(event.magnet)
    lead = lead.with_enrolment(replace(current, proven=True)) if current else lead
    return replace(lead, phone=data.get("phone", lead.phone), proven=True)


def erase(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Reset the lead to an erased one, also while older events are yet to be deleted.

    A suppression for a bounce or a complaint is kept: the address may sign up again, and must still not be
    mailed.
    """
    known = lead.suppression
    final = known if known and known.reason not in WAY_BACK else None
    suppression = final or Suppression(event.data.get("suppression", "erased"), event.at)
    # A fold of the older events must not replace this one, however many events it has.
    version = int(event.at.timestamp())
    return Lead(lead.id, suppression=suppression, erased_at=event.at, version=version)


def request_data(lead: Lead, event: Event, rules: Rules) -> Lead:
    """Record that the lead asked for the link to their data."""
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
