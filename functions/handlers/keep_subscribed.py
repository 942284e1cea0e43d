"""/api/stay: answers the mail that asks whether to go on. GET shows a button, POST keeps the subscription."""

from typing import Any

from handlers.entry import on_lambda
from handlers.http import page
from handlers.pages import Unreadable, message, nothing_stored, read_link
from handlers.wiring import Wiring
from leads import events
from leads.preferences import is_running


def respond(event: dict[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Show the page behind the mail's link, or store the "yes" when its button posts."""
    try:
        request, token, (lead_id, magnet, _) = read_link(event, wiring, "stay")
    except Unreadable as unreadable:
        return unreadable.answer
    lead = wiring.read_lead(lead_id)
    if not lead.enrolments:
        return nothing_stored(wiring)
    # The answer counts for all magnets: the one that asked may have ended or been withdrawn since.
    running = (slug for slug in (magnet, *lead.enrolments) if is_running(lead, slug))
    funnel = next(filter(None, map(wiring.funnels.funnel, running)), None)
    if funnel is None:
        text = "These letters have come to their end, or you stopped them since that mail was sent."
        return message(wiring, 409, "No more letters are to come", text)
    if request.method != "POST":
        values = {"title": funnel.title, "action": "/api/stay", "token": token}
        return page(wiring.funnels.service_page("stay"), values)
    if wiring.ledger.append(lead_id, events.kept_subscribed(magnet, wiring.now())):
        wiring.count("KeptSubscribed")
    text = "The letters go on as before. Every one of them still has a link that ends them."
    return message(wiring, 200, "Thank you. We keep writing.", text)


handler = on_lambda(respond, "ledger", "funnels", "signer")
