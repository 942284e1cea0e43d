"""Append the events that what is known of a lead entails (`leads.feature.Feature.follows`)."""

from collections.abc import Iterable

from handlers.wiring import Wiring
from leads.events import Event
from leads.facts import entailed_events
from leads.lead import Lead


def with_entailed(lead: Lead, history: list[Event], magnets: Iterable[str], wiring: Wiring) -> Lead:
    """Append what is entailed in these magnets, and return the lead with it.

    Each event is stored once, by its key; of two that claim one key, the earlier counts.
    """
    funnels = {slug: wiring.funnels.funnel(slug) for slug in magnets if slug in lead.enrolments}
    keys = {each.key for each in history}
    new = [each for each in entailed_events(lead, funnels) if each.key not in keys]
    if not new:
        return lead
    for each in sorted(new, key=lambda event: event.at):
        wiring.ledger.append(lead.id, each)
    return wiring.read_lead(lead.id)
