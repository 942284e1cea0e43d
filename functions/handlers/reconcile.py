"""Daily, and when the local stack starts: whatever a crash swallowed is derived anew from the leads' events."""

from typing import Any

from handlers.chain import see_to
from handlers.entry import LOGGER, on_lambda
from handlers.wiring import Wiring
from leads.drip import decide
from leads.lead import fold
from leads.rules import SendingPolicy


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Fold every lead, store its profile, and re-create the message or schedule that should exist.

    One lead that fails does not keep the others waiting; that any failed is an error in the end.
    """
    seen = broken = 0
    for lead_id in wiring.ledger.lead_ids():
        seen += 1
        try:
            reconcile_lead(lead_id, wiring)
        except Exception:
            broken += 1
            LOGGER.exception("a lead could not be reconciled", lead=lead_id)
    if broken:
        raise RuntimeError(f"{broken} of {seen} leads could not be reconciled; the log names them")
    return {"leads": seen}


def reconcile_lead(lead_id: str, wiring: Wiring) -> None:
    """One lead: the profile, and what comes next in each of its funnels."""
    lead = fold(lead_id, wiring.ledger.events(lead_id))
    wiring.ledger.store_profile(lead)
    for magnet in lead.enrolments:
        funnels = wiring.funnels_of(lead, magnet)
        decision = decide(lead, funnels, magnet, wiring.now(), SendingPolicy())
        see_to(decision, lead_id, magnet, wiring)


handler = on_lambda(respond, "ledger", "funnels")
